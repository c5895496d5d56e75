"""What a reply shows of its stance, as named numbers: the evidence that the stance stage weighs.

The same evidence is taken of a whole reply against the post it answers and of one claim against the claim it answers.
Every number is bounded, so that no single habit of writing decides.
"""

import re
from collections import Counter
from itertools import repeat
from math import log1p

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

from argmine.doc import POSTS, QUOTES, PostView, thread_facts
from argmine.lexicons import read_lexicon
from argmine.pipeline.cues import NEGATORS, Cue, CueFinder
from argmine.pipeline.lexical import content_stems, similarity, stem, words_of

_STANCES = read_lexicon("stances")
_OFF_TOPIC = read_lexicon("off_topic")
_GROUPS = {name: entry["phrases"] for name, entry in {**_STANCES, **_OFF_TOPIC}.items()}
_OPENERS = frozenset(name for name, entry in _STANCES.items() if entry["at"] == "start")
_SIDE = {name: entry["side"] for name, entry in _STANCES.items()}
_TURNED = frozenset({"agree_statement", "disagree_statement"})  # which a negator turns around
_OPENING = 2  # tokens before an opener that do no harm: "Well, exactly", quotation marks
_LONG = 40  # words
_POSTS_ABOVE = 2
_QUESTION = re.compile(r"!*\?[?!]*")
_TITLE_WORD = re.compile(r"[^\W_]{2,}")

Range = tuple[int, int]
Evidence = dict[str, float]

STANCE_NAMES = (
    "bias",
    *_STANCES,
    *(f"not_{name}" for name in sorted(_TURNED)),
    "disagree_only",
    "agree_only",
    "ends_in_question",
    "questions",
    "only_question",
    "exclamations",
    "words",
    "very_short",
    "long",
    "similarity",
    "shared_words",
    "polarity_differs",
    "quotes",
    "parent_asks",
    "parent_words",
    "parent_negation",
    "parent_you",
)
OFF_TOPIC_NAMES = (
    "bias",
    "marks",
    "several_marks",
    "many_marks",
    "housekeeping",
    "only_thanks",
    "address",
    "tie",
    "tie_share",
    "no_tie",
    "no_tie_long",
    "takes_side",
    "quotes",
    "points_back",
    "words",
)


class EvidenceFinder:
    """Take evidence from Docs.

    Parameters
    ----------
    nlp : Language
        Its tokenizer cuts the cue phrases.
    """

    def __init__(self, nlp: Language) -> None:
        self._find_cues = CueFinder(nlp, _GROUPS)

    def __call__(self, doc: Doc) -> "DocEvidence":
        """Look at a Doc once; ask the result about any part of it."""
        return DocEvidence(doc, self._find_cues)


class DocEvidence:
    """The evidence of one Doc; block quotations are not counted as the words of the post they stand in."""

    def __init__(self, doc: Doc, find_cues: CueFinder) -> None:
        self._doc = doc
        self.posts: list[Range] = [(span.start, span.end) for span in doc.spans[POSTS]]
        self._cues = find_cues(doc)
        self._stems = content_stems(doc)
        self._content: dict[Range, frozenset[str]] = {}
        self._answered: dict[Range, Evidence] = {}
        own = np.ones(len(doc) + 1, dtype=bool)
        self._quote_starts = np.zeros(len(doc) + 1, dtype=np.int64)
        for span in doc.spans.get(QUOTES, ()):
            if span.label_ in ("block", "attribution"):
                own[span.start : span.end] = False
            if span.label_ in ("block", "inline"):
                self._quote_starts[span.start] = 1
        self._own = own
        norms = doc.to_array(["NORM"])
        punctuation, space, url, email = doc.to_array(["IS_PUNCT", "IS_SPACE", "LIKE_URL", "LIKE_EMAIL"]).T.astype(bool)
        own = own[:-1]
        kinds = {int(norm): doc.vocab.strings[norm] for norm in np.unique(norms)}
        negators = own & np.isin(norms, [norm for norm, word in kinds.items() if word in NEGATORS])
        questions = own & np.isin(norms, [norm for norm, word in kinds.items() if _QUESTION.fullmatch(word)])
        exclamations = own & np.isin(norms, [norm for norm, word in kinds.items() if set(word) == {"!"}])
        is_word = own & ~punctuation & ~space
        self._negators, self._questions = _Marks(negators), _Marks(questions)
        self._exclamations, self._addresses = _Marks(exclamations), _Marks(own & (url | email))
        self._words, self._quotes = _Marks(is_word), _Marks(self._quote_starts[:-1] > 0)
        self._cues_in: dict[Range, list[Cue]] = {}

    def words(self, part: Range) -> int:
        """Return the number of words in a part of the Doc."""
        return self._words.count(part)

    def content(self, part: Range) -> frozenset[str]:
        """Return the content words of a part of the Doc."""
        if part not in self._content:
            self._content[part] = words_of(self._stems, *part)
        return self._content[part]

    def cues(self, part: Range) -> list[Cue]:
        """Return the cues in a part of the Doc that its author wrote."""
        if part not in self._cues_in:
            self._cues_in[part] = [cue for cue in self._cues.within(*part) if self._own[cue.start]]
        return self._cues_in[part]

    def text(self, part: Range) -> str:
        """Return the text of a part of the Doc."""
        return str(self._doc[part[0] : part[1]].text)

    def opening_contrast(self, part: Range) -> str:
        """Return the contrast that opens a part of the Doc ("but", "however"), or ``""``."""
        first = self._first_word(part)
        opening = (cue for cue in self.cues(part) if cue.group == "contrast" and cue.start == first)
        return next((self.text((cue.start, cue.end)) for cue in opening), "")

    def sides(self, part: Range, *, opens: bool = True) -> list[tuple[str, Cue]]:
        """Return the cues that show agreement or rebuttal where they stand, each with the side it speaks for."""
        first = self._first_word(part)
        found = []
        for cue in self.cues(part):
            if cue.group not in (
                "agree_opener",
                "agree_statement",
                "disagree_opener",
                "disagree_statement",
                "contrast",
            ):
                continue
            if cue.group in _OPENERS and not (opens and cue.start <= first + _OPENING):
                continue
            side = _SIDE[cue.group]
            if cue.group in _TURNED and cue.negated:
                side = "rebuttal" if side == "agreement" else "agreement"
            found.append((side, cue))
        return found

    def of_stance(self, part: Range, answered: Range, *, opens: bool = True) -> Evidence:
        """Return what a part of the Doc shows of its stance towards another part.

        Parameters
        ----------
        part, answered : (int, int)
            Token ranges of the answer and of what it answers.
        opens : bool
            Whether the answer begins here, so that its first words may be an opener ("Exactly", "No").
        """
        counts: Counter[str] = Counter()
        first = self._first_word(part)
        for cue in self.cues(part):
            group = cue.group
            if group not in _STANCES or (group in _OPENERS and not (opens and cue.start <= first + _OPENING)):
                continue
            if group in _TURNED and cue.negated:
                group = f"not_{group}"
            counts[group] += 1
        found: Evidence = {group: log1p(min(count, 7)) for group, count in counts.items()}
        agrees = counts["agree_opener"] + counts["agree_statement"] + counts["not_disagree_statement"] > 0
        disagrees = counts["disagree_opener"] + counts["disagree_statement"] + counts["not_agree_statement"] > 0
        words = self.words(part)
        questions = self._questions.count(part)
        asks = self._ends_in_question(part)
        one, other = self.content(part), self.content(answered)
        negated = self._negators.count(part) > 0
        found |= self._of_answered(answered)
        found |= {
            "bias": 1.0,
            "agree_only": float(agrees and not disagrees),
            "disagree_only": float(disagrees and not agrees),
            "ends_in_question": float(asks),
            "questions": log1p(questions),
            "only_question": float(questions > 0 and words < 15 and asks),
            "exclamations": log1p(self._exclamations.count(part)),
            "words": log1p(words) / 4,
            "very_short": float(words <= 4),
            "long": float(words > _LONG),
            "similarity": similarity(one, other),
            "shared_words": log1p(len(one & other)),
            "polarity_differs": float(bool(one & other) and negated != bool(found["parent_negation"])),
            "quotes": log1p(self._quotes.count(part)),
        }
        return found

    def _of_answered(self, answered: Range) -> Evidence:
        """Return what the answered part adds to the evidence: once for all the replies to it."""
        if answered not in self._answered:
            self._answered[answered] = {
                "parent_asks": float(self._ends_in_question(answered)),
                "parent_words": log1p(self.words(answered)) / 4,
                "parent_negation": float(self._negators.count(answered) > 0),
                "parent_you": float(any(cue.group == "you" for cue in self.cues(answered))),
            }
        return self._answered[answered]

    def of_off_topic(self, part: Range, context: frozenset[str]) -> Evidence:
        """Return what speaks for and against a part of the Doc being off topic.

        Parameters
        ----------
        part : (int, int)
            Token range of the reply or claim.
        context : frozenset of str
            Content words of the title and of the posts above.
        """
        counts = Counter(cue.group for cue in self.cues(part))
        content = self.content(part)
        words = self.words(part)
        shared = len(content & context)
        share = shared / len(content) if content else 0.0
        marks = counts["praise"] + counts["promotion"] + 2 * counts["notice"]
        takes_side = any(cue.group.endswith("statement") for _, cue in self.sides(part))
        return {
            "bias": 1.0,
            "marks": log1p(min(marks, 7)),
            "several_marks": float(marks >= 2),
            "many_marks": float(marks >= 3),
            "housekeeping": log1p(min(counts["housekeeping"], 7)),
            "only_thanks": float(counts["thanks_only"] > 0 and words <= 5),
            "address": float(self._addresses.count(part) > 0),
            "tie": log1p(shared),
            "tie_share": share,
            "no_tie": float(shared == 0 and len(content) >= 2),
            "no_tie_long": float(share < 0.1 and len(content) >= 8),
            "takes_side": float(takes_side),
            "quotes": float(self._quotes.count(part) > 0),
            "points_back": float(bool(counts["you"] or counts["disagree_opener"] or counts["they"])),
            "words": log1p(words) / 4,
        }

    def _first_word(self, part: Range) -> int:
        return self._words.first(part, part[0])

    def _ends_in_question(self, part: Range) -> bool:
        last = self._questions.last(part)
        return last is not None and self.words((last, part[1])) == 0


class _Marks:
    """Marked tokens, counted in any part of the Doc in next to no time."""

    def __init__(self, marked: npt.NDArray[np.bool_]) -> None:
        self._places: list[int] = np.flatnonzero(marked).tolist()
        self._so_far: list[int] = [0, *np.cumsum(marked).tolist()]

    def count(self, part: Range) -> int:
        """Return how many there are in a part."""
        return self._so_far[part[1]] - self._so_far[part[0]]

    def first(self, part: Range, default: int) -> int:
        """Return the first one in a part."""
        return self._places[self._so_far[part[0]]] if self.count(part) else default

    def last(self, part: Range) -> int | None:
        """Return the last one in a part."""
        return self._places[self._so_far[part[1]] - 1] if self.count(part) else None


def title_words(doc: Doc) -> frozenset[str]:
    """Return the content words of the title of the thread, cut at white space and punctuation."""
    title = (thread_facts(doc)["title"] or "").casefold()
    return frozenset(stem(word) for word in _TITLE_WORD.findall(title) if not doc.vocab[word].is_stop)


def context_of(evidence: DocEvidence, views: list[PostView], post: PostView, title: frozenset[str]) -> frozenset[str]:
    """Return the content words that tie a reply to its thread: of the title, the opening post and the posts above.

    Only the two nearest posts above are looked at beside the opening post, so that a deep thread costs no more.
    """
    spans = evidence.posts
    context = title | evidence.content(spans[0])
    above = post.parent
    for _ in range(_POSTS_ABOVE):
        if not above:  # none, or the opening post
            break
        context |= evidence.content(spans[above])
        above = views[above].parent
    return context


def vector(found: Evidence, names: tuple[str, ...]) -> npt.NDArray[np.float64]:
    """Return the evidence in the order of ``names``, 0 where there is none."""
    return np.array(list(map(found.get, names, repeat(0.0))))
