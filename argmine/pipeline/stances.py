"""The stance stage: what each reply does to the post it answers, and each of its claims to the claim it answers.

A log-linear model weighs the evidence of a reply (cue phrases with their direction, scope and negation, questions,
echoed words and their polarity; see ``evidence.py``).  A claim is judged by its own evidence and, more weakly, by that
of its reply and of the claim that it is a reason for.  Concession and contrast are a rule: behind an agreement, a claim
that opens with "but" rebuts.

Off-topic is decided first, from the marks of promotion, praise and housekeeping and the lack of any tie to the thread;
claims of an off-topic reply are off-topic and answer nothing.
"""

import json
from importlib.resources import files
from math import exp

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

from argmine.doc import (
    CLAIMS,
    STANCES,
    ClaimStance,
    PostView,
    Relation,
    Reply,
    passages,
    posts,
    relations,
    spans_by_post,
)
from argmine.pipeline.evidence import (
    OFF_TOPIC_NAMES,
    STANCE_NAMES,
    DocEvidence,
    EvidenceFinder,
    Range,
    context_of,
    title_words,
    vector,
)

Floats = npt.NDArray[np.float64]

_OFF_TOPIC_MARKS = ("praise", "promotion", "notice", "housekeeping", "thanks_only")
#: Thanks alone are off-topic by definition, whatever the fitted weights say; labelled corpora hold few.
_ONLY_THANKS = 0.8
_UNMARKED = 0.25  # at most: the chance that a claim without any mark is off topic in a reply that is not
_REBUTTAL = STANCES.index("rebuttal")


@Language.factory(
    "argmine_stances",
    default_config={"weights": "stance_weights", "reply_share": 0.5, "premise_share": 0.5, "contrast": 1.5},
    requires=["doc.spans", "doc._.relations"],
    assigns=["doc._.relations", "doc._.stances", "doc._.replies"],
)
def make_stances(
    nlp: Language, name: str, weights: str, reply_share: float, premise_share: float, contrast: float
) -> "Stances":
    """Make the stance stage; the settings are those of :class:`Stances`."""
    return Stances(nlp, weights=weights, reply_share=reply_share, premise_share=premise_share, contrast=contrast)


class Stances:
    """Judge replies and their claims.

    Parameters
    ----------
    nlp : Language
        Its tokenizer cuts the cue phrases.
    weights : str
        Name of the fitted weights in ``argmine/lexicons`` (a JSON file made by ``argmine train cues``).
    reply_share : float
        How much the log odds of the whole reply count for each of its claims.
    premise_share : float
        How much the log odds of a claim count for a premise that supports it: a reason takes the side of what it is
        a reason for.
    contrast : float
        What a contrast behind an agreement adds to the log odds of a rebuttal.
    """

    def __init__(
        self, nlp: Language, *, weights: str, reply_share: float, premise_share: float, contrast: float
    ) -> None:
        fitted = json.loads((files("argmine.lexicons") / f"{weights}.json").read_text(encoding="utf-8"))
        self._stance = np.array([fitted["stance"][name] for name in STANCE_NAMES])
        self._off_topic = np.array([fitted["off_topic"][name] for name in OFF_TOPIC_NAMES])
        self._find_evidence = EvidenceFinder(nlp)
        self.reply_share = reply_share
        self.premise_share = premise_share
        self.contrast = contrast

    def __call__(self, doc: Doc) -> Doc:
        """Set the stances of the replies and claims of a Doc and settle its ``answers`` relations."""
        judged, stances = self.judge(doc)
        doc._.replies = [tuple(reply) for reply in judged]
        doc._.stances = [tuple(stance) for stance in stances]
        of_claim = {stance.claim: stance for stance in stances}
        doc._.relations = [
            tuple(done) for relation in relations(doc) if (done := _settled(relation, of_claim)) is not None
        ]
        return doc

    def judge(self, doc: Doc) -> tuple[list[Reply], list[ClaimStance]]:
        """Return the stances of the replies and of their claims; a reply without any text has none."""
        thread = _Thread(doc, self._find_evidence(doc))
        judged: list[Reply] = []
        stances: list[ClaimStance] = []
        for post in thread.posts:
            if post.parent is None or not post.text.strip():
                continue
            context = context_of(thread.evidence, thread.posts, post, thread.title)
            part, answered = thread.evidence.posts[post.index], thread.evidence.posts[post.parent]
            scores = self._scores(thread, part, answered)
            off_topic = self._off_topic_chance(thread, part, context)
            agreement, rebuttal, neutral = ((1 - off_topic) * _softmax(scores)).tolist()
            judged.append(Reply(post.index, agreement, rebuttal, neutral, off_topic))
            stances += self._judge_claims(thread, post, scores, judged[-1], context)
        return judged, stances

    def _scores(self, thread: "_Thread", part: Range, answered: Range, *, opens: bool = True) -> Floats:
        """Return the log odds of agreement, rebuttal and neutral."""
        return np.asarray(vector(thread.evidence.of_stance(part, answered, opens=opens), STANCE_NAMES) @ self._stance)

    def _off_topic_chance(self, thread: "_Thread", part: Range, context: frozenset[str]) -> float:
        found = thread.evidence.of_off_topic(part, context)
        if found["only_thanks"]:
            return _ONLY_THANKS
        return 1 / (1 + exp(-float(vector(found, OFF_TOPIC_NAMES) @ self._off_topic)))

    def _judge_claims(
        self, thread: "_Thread", post: PostView, reply_scores: Floats, reply: Reply, context: frozenset[str]
    ) -> list[ClaimStance]:
        found: list[ClaimStance] = []
        scores = {
            place: self._scores(thread, part, thread.answered(place, post), opens=place in thread.opening)
            + self.reply_share * reply_scores
            for place, part in thread.claims[post.index]
        }
        conceded = False
        for place, part in thread.claims[post.index]:
            contrast = thread.evidence.opening_contrast(part) if conceded else ""
            if contrast:
                scores[place][_REBUTTAL] += self.contrast
            if place in thread.supported:
                scores[place] = scores[place] + self.premise_share * scores[thread.supported[place]]
            off_topic = self._claim_off_topic(thread, part, reply, context)
            chances = np.append((1 - off_topic) * _softmax(scores[place]), off_topic)
            best = int(np.argmax(chances))
            stance = STANCES[best]
            conceded = stance == "agreement" or (conceded and not contrast)
            cue = _cue(thread.evidence, part, stance, opens=place in thread.opening) or contrast
            found.append(ClaimStance(place, stance, float(chances[best]), cue))
        return found

    def _claim_off_topic(self, thread: "_Thread", part: Range, reply: Reply, context: frozenset[str]) -> float:
        """Return the chance that a claim is off topic: that of its reply, unless the claim itself has marks of it."""
        if reply.stance == "off-topic":
            return reply.off_topic
        marked = any(cue.group in _OFF_TOPIC_MARKS for cue in thread.evidence.cues(part))
        return self._off_topic_chance(thread, part, context) if marked else min(reply.off_topic, _UNMARKED)


class _Thread:
    """What the stage knows of a Doc."""

    def __init__(self, doc: Doc, evidence: DocEvidence) -> None:
        self.evidence = evidence
        self.posts = posts(doc)
        self.title = title_words(doc)
        self.claims: list[list[tuple[int, Range]]] = [
            [(place, (span.start, span.end)) for place, span in claims] for claims in spans_by_post(doc, CLAIMS)
        ]
        #: Claims that begin an answer: the first of a reply, or behind a block quotation.
        self.opening = {passage[0][0] for passage in passages(doc)}
        self._part_of = {place: part for claims in self.claims for place, part in claims}
        self._answered = {found.source: found.target for found in relations(doc, "answers")}
        self.supported = {found.source: found.target for found in relations(doc, "supports")}

    def answered(self, claim: int, post: PostView) -> Range:
        """Return the claim that a claim answers, or else the post that its post answers."""
        if claim in self._answered:
            return self._part_of[self._answered[claim]]
        return self.evidence.posts[post.parent or 0]


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def _cue(evidence: DocEvidence, part: Range, stance: str, *, opens: bool) -> str:
    """Return the words that show a stance best, or ``""``: the longest cue of its side."""
    if stance == "off-topic":
        cues = [cue for cue in evidence.cues(part) if cue.group in _OFF_TOPIC_MARKS]
    else:
        cues = [cue for side, cue in evidence.sides(part, opens=opens) if side == stance]
    longest = max(cues, key=lambda cue: (cue.end - cue.start, -cue.start), default=None)
    return "" if longest is None else evidence.text((longest.start, longest.end))


def _settled(relation: Relation, of_claim: dict[int, ClaimStance]) -> Relation | None:
    """Give an ``answers`` relation the stance of its claim; an off-topic claim answers nothing."""
    stance = of_claim.get(relation.source)
    if relation.kind != "answers" or stance is None:
        return relation
    if stance.stance == "off-topic":
        return None
    confidence = relation.confidence * stance.confidence
    if relation.basis == "quote" or not stance.cue:
        return relation._replace(stance=stance.stance, confidence=confidence)
    return relation._replace(stance=stance.stance, confidence=confidence, basis="cue", cue=stance.cue)
