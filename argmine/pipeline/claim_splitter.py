"""The claim splitter: which stretches of a post assert something that a reader could agree with or dispute.

Sentences are found by rules made for web text (missing capitals and stops, lists, ellipses, hard-wrapped lines), and
split further where a clause asserts something of its own.  Greetings, thanks, bare links, plain questions, block
quotations and a heading that repeats the title are no claims.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice

from spacy.language import Language
from spacy.tokens import Doc

from argmine.doc import CLAIMS, QUOTES, PostView, make_spans, posts, spans_by_post, thread_facts
from argmine.lexicons import compile_phrases, phrase_pattern, read_lexicon

_LEXICON = read_lexicon("segmentation")

_Stretch = tuple[int, int]


def _opening(key: str) -> re.Pattern[str]:
    """Compile a list of phrases into a pattern for the beginning of a text."""
    phrases = sorted((phrase_pattern(phrase) for phrase in _LEXICON[key]), key=len, reverse=True)
    return re.compile(rf"\W*+(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE)


_CONTRAST = frozenset(_LEXICON["contrast"])
_ABBREVIATIONS = frozenset(_LEXICON["abbreviations"])
_VERBS = frozenset(form for verb in _LEXICON["verbs"] for form in (verb.lower(), verb.lower().replace("'", "")))
_SUBJECT = _opening("subjects")
#: A subordinate clause that nothing has closed yet: its main clause is still to come.
_OPEN_SUBORDINATE = re.compile(
    r"(?:\A\W*(?:(?:so|and|but|well|also|then|yes|no|now)\b,?\s+)?|\bthat\s+)"
    rf"(?:{'|'.join(map(phrase_pattern, _LEXICON['subordinators']))})\b[^,]*\Z",
    re.IGNORECASE,
)
_PRONOUN = _opening("pronouns")
_NO_CONTRAST = compile_phrases(_LEXICON["no_contrast"])
_COURTESY = _opening("courtesy")
_THANKS_CLAUSE = re.compile(_opening("thanks").pattern + r"[^,.!?;:\n]{0,60}[,;:!–—-]\s*", re.IGNORECASE)
_OWN_ANSWER = re.compile(_opening("own_answers").pattern + r"\W*\Z", re.IGNORECASE)
_RHETORICAL = _opening("rhetorical")
_ONE_WORD_CLAIM = re.compile(_opening("one_word_claims").pattern + r"\W*\Z", re.IGNORECASE)

_URL = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w.+-]{1,64}@[\w-]{1,64}\.\w+|\b[\w-]{1,64}\.(?:com|org|net|edu|gov|co\.uk|io)\b\S*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_BULLET = re.compile(r"[ \t]*(?:[-*•·‣–—+]|\(?\d{1,2}[.)]|\(?[a-z]\))[ \t]+")
_STOP = re.compile(
    r"(?P<mark>\.{2,}|…|[.!?]+|;)(?P<close>[\"'”’»)\]*_]*)(?=(?P<next>\s*)(?P<ahead>\S?))"
    r"|(?P<line>(?<![ \t])[ \t]*+\n\s*+)"
)
_CONNECTIVES = sorted(map(phrase_pattern, _LEXICON["contrast"] + _LEXICON["reason"]), key=len, reverse=True)
#: Where a clause may begin: behind a comma or dash, or at a connective.
_CONNECTIVE = re.compile(
    rf"(?<!\s)(?:[,;:]|\s[–—-]+|—)?\s++(?=(?P<connective>{'|'.join(_CONNECTIVES)})\b)"
    rf"|(?P<dash>(?<!\s)\s++[–—-]{{1,2}}\s++|(?<=\w)—(?=\w))"
    rf"|(?P<comma>,\s++)(?=(?P<and>and\s+)?(?:{'|'.join(_LEXICON['pronouns'])})\b)",
    re.IGNORECASE,
)
#: Says nothing by itself: "You see, …", "I think – …".
_FRAME = re.compile(
    r"\W*(?:(?:and|but|so|well|yes|no|now|as)\W+)?(?:I|you|we|they|he|she|it|people|some)\s+(?:\w+\s+)?"
    r"(?:see|mean|means|know|think|guess|believe|suppose|feel|say|says|said|seems|hope|bet)(?:\s+that)?\W*\Z",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;:.!?]\s|\s[–—-]")
_NEEDS_COMMA = frozenset(_LEXICON["needs_comma"])
_WRAPPED = 55  # characters: a line at least this long was probably cut by its page, not by its author
_ECHO = 0.8  # share of a stretch that, when quoted, makes it a quotation
_REACH = 300  # characters on each side of a connective that are looked at: text need not have any full stop
_IDIOM = 20  # characters behind a connective that may belong to an idiom
_SIDE = 3  # words that a clause has at least


@Language.factory(
    "argmine_claim_splitter",
    default_config={"min_words": 3},
    requires=["doc.spans"],
    assigns=["doc.spans"],
)
def make_claim_splitter(nlp: Language, name: str, min_words: int) -> "ClaimSplitter":
    """Make the claim splitter; the settings are those of :class:`ClaimSplitter`."""
    return ClaimSplitter(min_words=min_words)


class ClaimSplitter:
    """Split posts into claims.

    Parameters
    ----------
    min_words : int
        A stretch of fewer words is no claim, unless it takes a side ("Exactly.", "Nonsense!") or a pronoun and a verb
        make it a sentence ("It works.").
    """

    def __init__(self, *, min_words: int) -> None:
        self.min_words = min_words

    def __call__(self, doc: Doc) -> Doc:
        """Set the claims of a Doc."""
        doc.spans[CLAIMS] = [span for span in make_spans(doc, self.find(doc)) if span is not None]
        return doc

    def find(self, doc: Doc) -> Iterator[tuple[int, int, str]]:
        """Yield start and end in ``doc.text`` of every claim, and the role ``"claim"``, in order."""
        title = _folded(thread_facts(doc)["title"] or "")
        for post, quotes in zip(posts(doc), spans_by_post(doc, QUOTES), strict=True):
            blocked: list[_Stretch] = []
            echoed: list[_Stretch] = []
            for _, span in quotes:
                if span.label_ != "address":
                    kind = echoed if span.label_ == "inline" else blocked
                    kind.append((span.start_char - post.offset, span.end_char - post.offset))
            for start, end in self._claims(post, blocked, title):
                echoes = _overlapping(echoed, start, end)
                if any(min(end, high) - max(start, low) > _ECHO * (end - start) for low, high in echoes):
                    continue  # the words of another, no claim of this author
                yield post.offset + start, post.offset + end, "claim"

    def _claims(self, post: PostView, blocked: list[_Stretch], title: str) -> Iterator[_Stretch]:
        pieces: list[_Stretch] = []
        for start, end in _open_stretches(len(post.text), blocked):
            pieces += _with_own_answers(post.text, list(_sentences(post.text, start, end)))
        only = len(pieces) == 1
        for start, end in pieces:
            if not only and post.parent is None and _folded(post.text[start:end]) == title:
                continue
            begin = start
            thanks = _THANKS_CLAUSE.match(post.text, start, end)
            if thanks and len(_WORD.findall(post.text, thanks.end(), end)) >= _SIDE:
                begin = thanks.end()
            for clause_start, clause_end in _clauses(post.text, begin, end):
                trimmed = _trim(post.text, clause_start, clause_end)
                if self._is_claim(post.text[trimmed[0] : trimmed[1]], reply=post.parent is not None):
                    yield trimmed

    def _is_claim(self, text: str, *, reply: bool) -> bool:
        if reply and _ONE_WORD_CLAIM.match(text):
            return True
        plain = _URL.sub(" ", text)
        words = len(_WORD.findall(plain))
        if words < self.min_words and not (words > 1 and _PRONOUN.match(plain) and _has_verb(plain, 0, len(plain))):
            return False  # "It works" is a claim, "Nice work" is none
        courtesy = _COURTESY.match(plain)
        if courtesy and (words <= 4 or not _has_verb(plain, courtesy.end(), len(plain))):
            return False
        if text.rstrip("\"'”’») ").endswith("?"):
            return _RHETORICAL.match(plain) is not None
        return words > 4 or _has_verb(plain, 0, len(plain))


def _overlapping(stretches: list[_Stretch], start: int, end: int) -> list[_Stretch]:
    """Return those of some stretches, in order and apart from each other, that share a character with another."""
    first = bisect_right(stretches, start, key=lambda stretch: stretch[1])
    return stretches[first : bisect_left(stretches, end, key=lambda stretch: stretch[0])]


def _open_stretches(length: int, blocked: list[_Stretch]) -> Iterator[_Stretch]:
    """Yield what is left of a text between the blocked stretches."""
    here = 0
    for start, end in [*blocked, (length, length)]:
        if here < start:
            yield here, start
        here = max(here, end)


def _sentences(text: str, start: int, end: int) -> Iterator[_Stretch]:
    urls = [match.span() for match in _URL.finditer(text, start, end)]
    here = start
    for match in _STOP.finditer(text, start, end):
        place = match.start()
        if place < here or any(low < place < high - 1 for low, high in _overlapping(urls, place, place + 1)):
            continue
        if match["line"] is not None:
            if not _breaks_line(text, here, match, end):
                continue
        elif not _ends_sentence(text, here, match, end):
            continue
        yield from _trimmed_bullet(text, here, match.end())
        here = match.end()
    yield from _trimmed_bullet(text, here, end)


def _trimmed_bullet(text: str, start: int, end: int) -> Iterator[_Stretch]:
    start, end = _trim(text, start, end)
    bullet = _BULLET.match(text, start, end)
    if bullet:
        start = bullet.end()
    if start < end and _WORD.search(text, start, end):
        yield start, end


def _trim(text: str, start: int, end: int) -> _Stretch:
    while start < end and (text[start].isspace() or text[start] in ",;:>"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",;:–—-"):
        end -= 1
    return start, end


def _breaks_line(text: str, here: int, match: re.Match[str], end: int) -> bool:
    """Whether a line break ends a sentence: not where the page, rather than the author, broke the line."""
    if match.group().count("\n") > 1 or match.end() >= end:
        return True
    if _BULLET.match(text, match.end(), end):
        return True
    line_start = max(here, text.rfind("\n", 0, match.start()) + 1)
    if text[match.end()].islower():
        return False
    return match.start() - line_start < _WRAPPED


def _ends_sentence(text: str, here: int, match: re.Match[str], end: int) -> bool:
    mark, ahead, spaced = match["mark"], match["ahead"], bool(match["next"]) or bool(match["close"])
    if match.end() >= end or not ahead:
        return True
    if mark == ";":
        near, far = max(here, match.start() - _REACH), min(end, match.end() + _REACH)
        return spaced and _has_clause(text, near, match.start()) and _has_clause(text, match.end(), far)
    if mark[0] in "!?" or "?" in mark:
        return not (ahead.islower() and match["close"]) and (spaced or ahead.isupper())
    if len(mark) > 1 or mark == "…":  # an ellipsis parts sentences if there is one on each side
        return ahead.isupper() or (_long(text, here, match.start()) and _long(text, match.end(), end))
    before = re.search(r"[^\s(\[]+\Z", text[max(here, match.start() - 20) : match.start()])
    word = before.group().lower() if before else ""
    if not spaced:
        return (
            ahead.isupper() and len(word) > 1 and word.isalpha() and text[match.end() + 1 : match.end() + 2].islower()
        )
    if word in ("no", "nos"):
        return not ahead.isdigit()  # "No. 5", but "Really? No. It …"
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i"):
        return word == "etc" and ahead.isupper()
    numbered = word.isdigit() and text[here : match.start()].strip() == word
    return not numbered


def _has_clause(text: str, start: int, end: int, words: int = _SIDE) -> bool:
    if not _long(text, start, end, words):
        return False
    return _has_verb(text, start, end) or _PRONOUN.match(text, start, end) is not None


def _has_verb(text: str, start: int, end: int) -> bool:
    words = (match.group().lower().replace("’", "'") for match in _WORD.finditer(text, start, end))
    return any(word in _VERBS for word in words)


def _long(text: str, start: int, end: int, words: int = _SIDE) -> bool:
    return sum(1 for _ in islice(_WORD.finditer(text, start, end), words)) == words


def _clauses(text: str, start: int, end: int) -> Iterator[_Stretch]:
    """Split a sentence where a clause asserts something of its own."""
    here = start
    for match in _CONNECTIVE.finditer(text, start, end):
        if match.start() <= here:
            continue
        near = max(here, match.start() - _REACH)
        if not _stands_alone(text, near, match) or not _starts_clause(text, match, min(end, match.end() + _REACH)):
            continue
        if any(found.end() > match.end() for found in _NO_CONTRAST.finditer(text, near, match.end() + _IDIOM)):
            continue  # "no choice but to …"
        if match["connective"] is None and _OPEN_SUBORDINATE.search(text[near : match.start()]):
            continue  # "If …, it …": the main clause comes now
        yield here, match.start()
        here = match.end()
    yield here, end


def _stands_alone(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether what stands before a connective is a clause, or takes a side in a word ("Sure, but …")."""
    if _has_clause(text, start, match.start(), words=2):
        return _FRAME.match(text[start : match.start()]) is None
    contrast = match["connective"] is not None and match["connective"].lower() in _CONTRAST
    return contrast and _ONE_WORD_CLAIM.match(text[start : match.start()]) is not None


def _starts_clause(text: str, match: re.Match[str], end: int) -> bool:
    """Whether a clause with a subject and a verb of its own begins at a connective, dash or comma."""
    begin = match.end()
    if match["connective"]:
        connective = match["connective"].lower()
        if connective in _NEEDS_COMMA and not match.group().strip():
            return False
        begin += len(match["connective"])
    elif match["and"]:
        begin += len(match["and"])
    stop = _CLAUSE_END.search(text, begin + 1, end)
    clause_end = end if stop is None or match["connective"] else stop.start()
    if not _has_clause(text, begin, clause_end):
        return False
    return match["dash"] is None or _SUBJECT.match(text, begin, end) is not None


def _with_own_answers(text: str, sentences: list[_Stretch]) -> list[_Stretch]:
    """Join a question and the short answer that its author gives at once: together they assert."""
    joined: list[_Stretch] = []
    for start, end in sentences:
        if joined and text[joined[-1][1] - 1] == "?" and _OWN_ANSWER.match(text, start, end):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
