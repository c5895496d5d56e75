"""Labels that a forum gives by itself: replies that open with their stance, and quotations that show what is answered.

Beside them, the replies of forums that were labelled for argmine are found.  All read whole threads of the Internet
Argument Corpus (one JSON object a line: ``thread``, ``topic``, ``posts`` with ``id``, ``parent``, ``text`` and
``quotes``).  What forums give by themselves are distant labels: right mostly, not always, so they are read once, first.
"""

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import spacy
from spacy.language import Language

from argmine.doc import CLAIMS, make_doc
from argmine.errors import EvaluationError
from argmine.evaluation import read_rows
from argmine.thread import Post, Thread
from argmine.training.examples import Example, Part, with_labels
from argmine.training.labelled import fingerprint, given_roles

_AGREES = re.compile(
    r"(i (completely |totally |fully |absolutely |also |strongly )?(agree|concur)\b|agreed\b|exactly\b|absolutely\b"
    r"|amen\b|(very |excellent |good |great )(point|post|true)\b|well (said|put)\b|true[.,!]|so true|quite right"
    r"|precisely\b|you('re| are) (absolutely |quite |so |completely |exactly )?(right|correct)\b"
    r"|that('s| is) (true|right|correct|exactly)\b|indeed[.,!]|yes[.,!]|yep\b|yup\b|couldn't agree more)",
    re.IGNORECASE,
)
_DISAGREES = re.compile(
    r"(no[.,!]|nope\b|wrong\b|i (strongly |completely |totally |respectfully )?disagree\b|nonsense\b|not true\b"
    r"|false[.,!]|that('s| is) (simply |just |completely )?(not (true|right|correct)|false|wrong|nonsense|absurd"
    r"|ridiculous|incorrect)|you('re| are) (wrong|mistaken|incorrect)\b|incorrect\b|hardly\b"
    r"|not (really|at all|so|exactly)\b|rubbish\b|baloney\b|hogwash\b|on the contrary"
    r"|this is (false|wrong|not true))",
    re.IGNORECASE,
)
_TURNS = re.compile(r"\b(but|however|though|although|except|right|agree)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?]+\s+|\s*\n\s*")
_NEAR = 12  # words behind an opener in which a turn makes it doubtful
_SHORT = 30  # characters from an opener to the end of its sentence, which then goes with it
_SHORTEST, _LONGEST = 5, 390  # words of a text


class _Answer(NamedTuple):
    """A passage of a post behind a quotation, or the whole post if it quotes nothing."""

    thread: str
    title: str
    quoted: str
    source: str
    text: str


def openers(
    paths: Iterable[Path],
    *,
    most: int,
    seed: int,
    leave_out: frozenset[str] = frozenset(),
    topics: frozenset[str] = frozenset(),
) -> list[Example]:
    """Return replies that open by agreeing or disagreeing, half of them without the words that say so.

    Parameters
    ----------
    paths : iterable of path
        Files of threads.
    most : int
        At most this many of either side.
    seed : int
        Of the choice.
    leave_out, topics : frozenset of str
        Ids of threads, and topics, that are not read.

    Returns
    -------
    list of Example
        First those that agree, then those that disagree.

    Raises
    ------
    EvaluationError
        If a file cannot be read, or holds no such threads.
    """
    found: dict[str, list[Example]] = {"agreement": [], "rebuttal": []}
    chance = random.Random(seed)
    for answer in _answers(paths, leave_out, topics):
        answered = answer.quoted or answer.source
        for label, pattern in (("agreement", _AGREES), ("rebuttal", _DISAGREES)):
            opener = pattern.match(answer.text)
            if opener is None or _TURNS.search(" ".join(answer.text[opener.end() :].split()[:_NEAR])):
                continue
            text = _without(opener, answer.text) if chance.random() < 0.5 else answer.text
            if _fits(text) and _fits(answered):
                found[label].append(Example("openers", answer.title, answered, text, label, group=answer.thread))
    for examples in found.values():
        chance.shuffle(examples)
    return [example for examples in found.values() for example in examples[:most]]


def labelled(
    paths: Iterable[Path],
    *,
    most: int,
    seed: int,
    leave_out: frozenset[str] = frozenset(),
    topics: frozenset[str] = frozenset(),
) -> list[Example]:
    """Return replies that were given labels for argmine, with those of their claims.

    The parameters are those of :func:`openers`; ``most`` is that of all.
    """
    replies = (
        Example("forum", answer.title, answer.quoted or answer.source, answer.text, "", group=answer.thread)
        for answer in _answers(paths, leave_out, topics)
    )
    found = list(with_labels(replies))
    random.Random(seed).shuffle(found)
    return found[:most]


def with_roles(paths: Iterable[Path]) -> list[Example]:
    """Return replies of whose claims the roles were labelled for argmine; what stands behind the last one is not read.

    Parameters
    ----------
    paths : iterable of path
        Files of threads.

    Returns
    -------
    list of Example
        In their order; the roles are those of their parts.

    Raises
    ------
    EvaluationError
        If a file cannot be read or holds no such threads, or none of all has such a reply.
    """
    given = given_roles()
    found: list[Example] = []
    for answer in _answers(paths, frozenset(), frozenset()):
        answered = answer.quoted or answer.source
        claims = given.pop(fingerprint(answered, answer.text), None)
        if claims is not None:
            parts = tuple(Part(start, end, role=role) for start, end, role in claims)
            found.append(Example("forum", answer.title, answered, answer.text, "", group=answer.thread, parts=parts))
        if not given:
            break
    if not found:
        raise EvaluationError(
            "None of these forum threads holds a post whose roles were labelled",
            "The labels are of posts of the Internet Argument Corpus; leave the folder out to do without.",
        )
    return found


def _without(opener: re.Match[str], text: str) -> str:
    """Return a text without its opener, and without the rest of that sentence if it is short."""
    sentence = _SENTENCE.search(text, opener.end())
    short = sentence is not None and sentence.start() - opener.end() < _SHORT
    return text[sentence.end() if sentence is not None and short else opener.end() :].lstrip(" ,.!;:-")


def quotations(
    paths: Iterable[Path],
    *,
    most: int,
    seed: int,
    leave_out: frozenset[str] = frozenset(),
    topics: frozenset[str] = frozenset(),
) -> list[Example]:
    """Return passages behind a quotation, with the claims of the quoted post and which of them were quoted.

    The parameters are those of :func:`openers`; ``most`` is that of all.
    """
    answers = [answer for answer in _answers(paths, leave_out, topics) if answer.quoted and _fits(answer.text)]
    random.Random(seed).shuffle(answers)
    nlp = spacy.blank("en")
    for stage in ("quotes", "claim_splitter"):
        nlp.add_pipe(f"argmine_{stage}", name=stage)
    found = (example for answer in answers if (example := _quotation(answer, nlp)) is not None)
    return list(islice(found, most))


def _quotation(answer: _Answer, nlp: Language) -> Example | None:
    """Return an answer with its targets, if the quotation covers some claims of its post and at most half of them."""
    start = answer.source.find(answer.quoted)
    if start < 0:
        return None
    end = start + len(answer.quoted)
    doc = nlp(make_doc(nlp, Thread(posts=(Post(id="source", text=answer.source),))))
    claims = tuple((span.start_char, span.end_char) for span in doc.spans[CLAIMS])
    targets = tuple(
        place for place, (first, last) in enumerate(claims) if 2 * (min(last, end) - max(first, start)) > last - first
    )
    if not targets or 2 * len(targets) > len(claims):
        return None
    return Example(
        "quotations",
        answer.title,
        answer.source,
        answer.text,
        label="",
        group=answer.thread,
        claims=claims,
        parts=(Part(0, len(answer.text), targets=targets),),
    )


def _answers(paths: Iterable[Path], leave_out: frozenset[str], topics: frozenset[str]) -> Iterator[_Answer]:
    for path in paths:
        for thread in read_rows(path):
            try:
                if str(thread["thread"]) not in leave_out and thread.get("topic") not in topics:
                    yield from _answers_in(thread)
            except (KeyError, TypeError) as error:
                raise EvaluationError(
                    f"{path} does not hold forum threads ({error!r})",
                    "Each needs 'thread' and 'posts' with 'id', 'parent', 'text' and 'quotes'.",
                ) from error


def _answers_in(thread: Mapping[str, Any]) -> Iterator[_Answer]:
    posts = {post["id"]: post for post in thread["posts"]}
    name, title = str(thread["thread"]), thread.get("title") or ""
    for post in thread["posts"]:
        quotes = sorted(post["quotes"], key=lambda quote: quote["start"])
        if not quotes:
            parent = posts.get(post["parent"])
            if parent is not None:
                yield _Answer(name, title, "", _own_words(parent), _plain(post["text"]))
            continue
        ends = [quote["start"] for quote in quotes[1:]] + [len(post["text"])]
        for quote, end in zip(quotes, ends, strict=True):
            source = posts.get(quote.get("source_post"))
            if source is not None and quote["end"] < end:
                quoted = _plain(post["text"][quote["start"] : quote["end"]])
                yield _Answer(name, title, quoted, _own_words(source), _plain(post["text"][quote["end"] : end]))


def _own_words(post: Mapping[str, Any]) -> str:
    """Return the text of a post without its quotations."""
    parts, here = [], 0
    for quote in sorted(post["quotes"], key=lambda quote: quote["start"]):
        parts.append(post["text"][here : quote["start"]])
        here = max(here, quote["end"])
    return _plain(" ".join([*parts, post["text"][here:]]))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _fits(text: str) -> bool:
    return _SHORTEST <= len(text.split()) <= _LONGEST
