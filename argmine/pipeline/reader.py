"""The reader: what a small neural network says of each post, in one reading of it with the post that it answers.

It decides nothing: its scores lie on the Doc (``doc._.readings``) beside the quotations and cues, and the stages that
follow weigh them all.  What is said of a claim is the mean of what is said of its tokens.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.language import Language
from spacy.tokens import Doc, Span

from argmine.doc import CLAIMS, QUOTES, PostView, posts, spans_by_post, thread_facts
from argmine.models.reading import Heads, Input, Reading, Tokens, open_model
from argmine.pipeline.cues import NEGATORS

Floats = npt.NDArray[np.float32]

_READ_TOGETHER = 64  # posts whose readings are in memory at once, for each batch of Docs
_LONGEST = 8_000  # characters of a post that are read at most, not counting blanks and quotations
_WORD = re.compile(r"\w[\w'’-]*")
_SIGN_OFF = 5  # words at most
_CLOSING = re.compile(
    r"\W*(?:cheers|(?:(?:kind|best|warm|many) )?(?:regards|wishes|thanks)|best|all the best|thank you|thx|sincerely"
    r"|yours|respectfully|greetings|take care|love|peace|ciao)\b",
    re.IGNORECASE,
)
_NAME = r"[A-Z](?:[\w'’-]*[a-z])?\.?"
_NAMES = re.compile(rf"\W*{_NAME}(?:[ \t]+{_NAME})*[ \t]*\Z")
_MOST_WORDS = 3  # that explain a score
_SILENT = frozenset(STOP_WORDS) - NEGATORS  # words that explain nothing to a person, whatever they add


@Language.factory(
    "argmine_reader",
    default_config={"model": "reply_reader", "threads": 0, "explain": True, "links": False, "max_candidates": 100},
    requires=["doc.spans"],
    assigns=["doc._.readings"],
)
def make_reader(
    nlp: Language, name: str, model: str, threads: int, explain: bool, links: bool, max_candidates: int
) -> "Reader":
    """Make the reader; the settings are those of :class:`Reader`."""
    return Reader(model=model, threads=threads, explain=explain, links=links, max_candidates=max_candidates)


class Reader:
    """Read each post together with the one that it answers.

    Parameters
    ----------
    model : str
        Name of the weights in ``argmine/models``, or the path of a folder that ``argmine train replies`` wrote; opened
        when the first post is read.
    threads : int
        Posts that are read at the same time; 0 for as many as there are cores.  The readings do not depend on it.
    explain : bool
        Keep the words that each score goes by.
    links : bool
        Score which claims answer which.  The linker gives these scores no weight unless it is told to.
    max_candidates : int
        Claims of the answered post that may be answered: its first ones.
    """

    def __init__(self, *, model: str, threads: int, explain: bool, links: bool, max_candidates: int) -> None:
        self.model = model
        self.threads = threads
        self.explain = explain
        self.links = links
        self.max_candidates = max_candidates

    def __call__(self, doc: Doc) -> Doc:
        """Set the readings of a Doc."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """Set the readings of Docs, reading the posts of a batch of them together."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            for doc, found in zip(batch, self.read(batch), strict=True):
                doc._.readings = found
            yield from batch

    def read(self, docs: Sequence[Doc]) -> list[dict[str, list[Any]]]:
        """Return, for each Doc, the readings of its posts and claims, and the scores of its links, as plain tuples."""
        threads = [ReadThread(doc) for doc in docs]
        found: list[dict[str, list[Any]]] = [{"posts": [], "claims": [], "links": []} for _ in docs]
        wanted: dict[Input, list[tuple[int, PostView]]] = {}  # what is repeated is read once
        for number, thread in enumerate(threads):
            for post in thread.posts:
                if thread.own(post):
                    wanted.setdefault(thread.input(post), []).append((number, post))
        model = open_model(self.model, threads=self.threads) if wanted else None
        inputs = list(wanted)
        for start in range(0, len(inputs), _READ_TOGETHER):
            assert model is not None  # as something is wanted
            some = inputs[start : start + _READ_TOGETHER]
            for one, reading in zip(some, model.read(some, pairs=self.links), strict=True):
                for number, post in wanted[one]:
                    self._keep(found[number], threads[number], post, reading, model.heads)
        return [{name: sorted(rows) for name, rows in of_doc.items()} for of_doc in found]

    def _keep(
        self, found: dict[str, list[Any]], thread: "ReadThread", post: PostView, reading: Reading, heads: Heads
    ) -> None:
        claims, said = thread.ranges(post), _Said(reading, heads, thread.own(post), explain=self.explain)
        found["claims"] += said.scored(claims)
        if post.parent is None:
            return
        found["posts"] += said.scored([(post.index, 0, len(post.text))])
        if reading.pair is not None:
            others = thread.ranges(thread.posts[post.parent])[: self.max_candidates]
            found["links"] += _links(reading.pair, heads, claims, others)


class _Said:
    """What a reading says of a post and of any part of it: the mean of what it says of the tokens there."""

    def __init__(self, reading: Reading, heads: Heads, text: str, *, explain: bool) -> None:
        self._read, self._text, self._explain = reading.reply, text, explain
        self._whole = reading.first @ heads.first[0] + heads.first[1] + heads.words[1]
        self._words = reading.reply.states @ heads.words[0]
        self._premise = reading.roles @ heads.premise[0] + heads.premise[1]
        if explain:
            self._gains = np.concatenate([np.zeros((1, 4), dtype=np.float32), np.cumsum(_margins(self._words), axis=0)])

    def scored(self, parts: list[tuple[int, int, int]]) -> list[tuple[int, tuple[float, ...], tuple[str, ...], float]]:
        """Score parts of the post: places with their first and last characters.  What was not read is left out."""
        found = []
        for place, start, end in parts:
            first, last = self._read.between(start, end)
            if first < last:
                scores = (self._whole + self._words[first:last].mean(axis=0)).tolist()
                words = self._telling_words((start, end)) if self._explain else ("",) * 4
                found.append((place, tuple(scores), words, float(self._premise[first:last].mean())))
        return found

    def _telling_words(self, part: tuple[int, int]) -> tuple[str, ...]:
        """Return, for each stance, the words without which its score would fall most, in their order in the text.

        The score is a mean over tokens, so what each adds to it is known without another reading.
        """
        text = self._text
        found = [match.span() for match in _WORD.finditer(text, *part) if match.group().lower() not in _SILENT]
        if not found:
            return ("",) * 4
        bounds = self._read.starts.searchsorted(np.array(found), side="left")
        gains = self._gains[bounds[:, 1]] - self._gains[bounds[:, 0]]
        best = np.argsort(-gains, axis=0, kind="stable")[:_MOST_WORDS].T.tolist()
        telling = []
        for stance, places in enumerate(best):
            kept = sorted(place for place in places if gains[place, stance] > 0)
            telling.append(", ".join(dict.fromkeys(text[found[place][0] : found[place][1]] for place in kept)))
        return tuple(telling)


def _links(
    pair: tuple[Tokens, Tokens],
    heads: Heads,
    claims: list[tuple[int, int, int]],
    others: list[tuple[int, int, int]],
) -> list[tuple[int, int, float]]:
    """Score each claim with each claim of the answered post, against the mean over that post."""
    answering, answered = pair
    known = [(place, mean) for place, a, b in others if (mean := answered.mean(a, b)) is not None]
    if not known:
        return []
    offered = np.stack([mean for _, mean in known]) @ heads.answered[0] + heads.answered[1]
    links = []
    for place, start, end in claims:
        mean = answering.mean(start, end)
        if mean is not None:
            asked = mean @ heads.answering[0] + heads.answering[1]
            scores = offered @ asked / np.float32(np.sqrt(asked.size))
            links += [
                (place, target, float(score)) for (target, _), score in zip(known, scores - scores.mean(), strict=True)
            ]
    return links


class ReadThread:
    """What the reader reads of a Doc."""

    def __init__(self, doc: Doc) -> None:
        self.posts = posts(doc)
        self._title = thread_facts(doc)["title"] or ""
        self._claims: list[list[tuple[int, Span]]] = spans_by_post(doc, CLAIMS)
        quotes = spans_by_post(doc, QUOTES) if QUOTES in doc.spans else [[] for _ in self.posts]
        self._own = [
            _blanked(post, found, claims) for post, found, claims in zip(self.posts, quotes, self._claims, strict=True)
        ]

    def own(self, post: PostView) -> str:
        """Return the text of a post with blanks for quotations and sign-off; empty if nothing else is there."""
        return self._own[post.index]

    def input(self, post: PostView) -> Input:
        """Return what is read of a post: the title, the text of what it answers and its own, all without quotations."""
        answered = "" if post.parent is None else self._own[post.parent]
        return Input(self._title, answered, self._own[post.index])

    def ranges(self, post: PostView) -> list[tuple[int, int, int]]:
        """Return the places of the claims of a post, with their first and last characters in its text."""
        return [(p, span.start_char - post.offset, span.end_char - post.offset) for p, span in self._claims[post.index]]


def _blanked(post: PostView, quotes: list[tuple[int, Span]], claims: list[tuple[int, Span]]) -> str:
    """Return the text of a post without its block quotations and the sign-off ("Cheers, Tom") below its last claim."""
    parts, here = [], 0
    for _, span in quotes:
        if span.label_ in ("block", "attribution"):
            start, end = span.start_char - post.offset, span.end_char - post.offset
            parts += [post.text[here:start], " " * (end - start)]
            here = end
    text = "".join([*parts, post.text[here:]])
    end = claims[-1][1].end_char - post.offset if claims else len(text)
    if _is_sign_off(text[end:]):
        text = text[:end]
    return _shortened(text) if text.strip() else ""


def _shortened(text: str) -> str:
    """Return the beginning of a text that is read."""
    if len(text) <= _LONGEST:
        return text
    left = _LONGEST
    for match in re.finditer(r"\S+", text):
        left -= len(match.group())
        if left < 0:
            return text[: match.end() + left]
    return text


def _is_sign_off(text: str) -> bool:
    """Whether what stands behind the last claim of a post is, on lines of its own, a closing, a name or both."""
    line, _, below = text.partition("\n")
    lines = [line for line in below.splitlines() if line.strip()]
    if _WORD.search(line) or not 0 < len(below.split()) <= _SIGN_OFF:
        return False
    return all(_CLOSING.match(line) or (_NAMES.match(line) and not line.rstrip().endswith("!")) for line in lines)


def _margins(values: Floats) -> Floats:
    """Return what each token says for each stance against the mean of the three on topic; for off-topic as it is."""
    sides = values[:, :3] - values[:, :3].mean(axis=1, keepdims=True)
    return np.concatenate([sides, values[:, 3:4]], axis=1)
