"""The role stage: which claims are positions, which are premises, and what each premise supports.

The role follows from discourse markers (at the opening of a claim and inside it) and from order: the first claim of a
post, or behind a block quotation, is mostly a position.  A premise supports the nearest position before it in its
passage, or else the next one behind it, but nothing on the other side of a "but"; a claim that begins as a conclusion
is what the claim before it supports.
"""

import math
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from argmine.doc import CLAIMS, Reading, Relation, passages, readings, relations
from argmine.lexicons import read_lexicon
from argmine.pipeline.cues import CueFinder, Cues

_GROUPS = {group: entry["phrases"] for group, entry in read_lexicon("roles").items()}

_SHORT = 8  # words
_MOST_CUES = 5  # of a group that count: a claim as long as a book is not surer than sure

#: Of premises in change-my-view threads, the share that supports the nearest position before it (gold roles given).
_NEAREST = 0.75


class _Judged(NamedTuple):
    """A claim with its role, and how it opens: with a reason (``opener``), a conclusion or a contrast."""

    place: int
    span: Span
    premise: bool
    confidence: float
    opener: str
    concludes: bool
    contrasts: bool


@Language.factory(
    "argmine_roles",
    default_config={
        "weights": {
            "bias": 0.5,
            "first": -1.5,
            "short": -0.4,
            "question": 1.0,
            "premise_openers": 1.4,
            "premise_marks": 0.4,
            "conclusion_openers": -0.3,
            "position_marks": -0.9,
            "reading": 0.0,
        }
    },
    requires=["doc.spans"],
    assigns=["doc.spans", "doc._.relations"],
)
def make_roles(nlp: Language, name: str, weights: dict[str, float]) -> "Roles":
    """Make the role stage; the settings are those of :class:`Roles`."""
    return Roles(nlp, weights=weights)


class Roles:
    """Tell positions from premises and attach each premise to what it supports.

    Parameters
    ----------
    nlp : Language
        Its tokenizer cuts the cue phrases.
    weights : dict of str to float
        What speaks for a premise, in log odds: ``bias``; ``first`` claim of its passage; ``short``, under eight words;
        ``question``; for each cue of a group of the lexicon; and for what a reader scores it (``reading``).
    """

    def __init__(self, nlp: Language, *, weights: dict[str, float]) -> None:
        self.weights = weights
        self._find_cues = CueFinder(nlp, _GROUPS)

    def __call__(self, doc: Doc) -> Doc:
        """Set the roles of the claims of a Doc and add its ``supports`` relations."""
        claims = list(doc.spans[CLAIMS]) if CLAIMS in doc.spans else []
        found: list[Relation] = []
        for judged in self.judge(doc):
            for claim in judged:
                claims[claim.place].label_ = "premise" if claim.premise else "claim"
            found += _supports(judged)
        doc.spans[CLAIMS] = claims
        doc._.relations = [tuple(relation) for relation in [*relations(doc, "answers"), *found]]
        return doc

    def judge(self, doc: Doc) -> list[list[_Judged]]:
        """Return the claims of each passage (a post, or what stands between its block quotations) with their roles."""
        cues = self._find_cues(doc)
        read = readings(doc).claims
        return [
            [
                self._judge(place, span, cues, read.get(place), first=number == 0)
                for number, (place, span) in enumerate(claims)
            ]
            for claims in passages(doc)
        ]

    def _judge(self, place: int, span: Span, cues: Cues, read: Reading | None, *, first: bool) -> _Judged:
        inside = cues.within(span.start, span.end)
        opening = [cue for cue in inside if cue.start == span.start]
        counts = Counter(cue.group for cue in inside if cue.group.endswith("_marks"))
        counts.update({cue.group for cue in opening if cue.group.endswith("_openers")})
        weights = self.weights
        score = weights["bias"]
        score += sum(weights.get(group, 0.0) * min(count, _MOST_CUES) for group, count in counts.items())
        score += weights["first"] * first
        score += weights["short"] * (len(span) < _SHORT)
        score += weights["question"] * (span[-1].text == "?")
        score += weights["reading"] * (0.0 if read is None else read.premise)
        chance = 1 / (1 + math.exp(-score))
        opener = next((cue for cue in opening if cue.group == "premise_openers"), None)
        return _Judged(
            place=place,
            span=span,
            premise=chance > 0.5,
            confidence=max(chance, 1 - chance),
            opener=span.doc[opener.start : opener.end].text if opener else "",
            concludes=any(cue.group == "conclusion_openers" for cue in opening),
            contrasts=any(cue.group == "contrast_openers" for cue in opening),
        )


def _supports(passage: list[_Judged]) -> list[Relation]:
    """Attach the premises of a passage, those on each side of a contrast for themselves."""
    sides: list[list[_Judged]] = []
    for claim in passage:
        if claim.contrasts or not sides:
            sides.append([])
        sides[-1].append(claim)
    return [relation for side in sides for relation in _attached(side)]


def _attached(claims: list[_Judged]) -> Iterator[Relation]:
    """Attach each premise: to the conclusion right behind it, the last position before it, or the first one behind."""
    before = next((claim for claim in claims if not claim.premise), None)
    if before is None:
        return
    for claim, following in zip_longest(claims, claims[1:]):
        if not claim.premise:
            before = claim
            continue
        concluded = following is not None and following.concludes and not following.premise
        target = following if concluded else before
        cue = (target.span[0].text if concluded else "") or claim.opener
        confidence = _NEAREST * claim.confidence * target.confidence  # both roles must be right as well
        yield Relation(claim.place, target.place, "supports", "", confidence, "cue" if cue else "model", cue)
