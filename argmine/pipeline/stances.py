"""The stance stage: what each reply does to the post it answers, and each of its claims to the claim it answers.

A log-linear model weighs the evidence of a reply (cue phrases with their direction, scope and negation, questions,
echoed words and their polarity; see ``evidence.py``).  A claim is judged by its own evidence and, more weakly, by that
of its reply and of the claim that it is a reason for.  Concession and contrast are a rule: behind an agreement, a claim
that opens with "but" rebuts, and what follows it tends to.

Where a reader stands before it, what that says of the reply and of the claim (``doc._.readings``) is weighed together
with the evidence.

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
    Reading,
    Relation,
    Reply,
    passages,
    posts,
    readings,
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
#: Log odds of the cues alone from which one mark of promotion settles that a reply is off topic, whatever was read in
#: it; with several marks, even odds are enough.  "Casino" alone may be what the thread is about.
_SETTLED = 1.5
_CARRIED = 0.25  # share of ``contrast`` that counts for the claims behind it
_REBUTTAL, _OFF_TOPIC = STANCES.index("rebuttal"), STANCES.index("off-topic")
_CUES_ALONE = {
    "cues": 1.0,
    "claim_cues": 1.0,
    "reading": 0.0,
    "agreement": 0.0,
    "rebuttal": 0.0,
    "neutral": 0.0,
    "off_topic_cues": 1.0,
    "off_topic_reading": 0.0,
    "off_topic": 0.0,
}


@Language.factory(
    "argmine_stances",
    default_config={
        "weights": "stance_weights",
        "reply_share": 0.5,
        "premise_share": 0.5,
        "contrast": 1.5,
        "mix": dict(_CUES_ALONE),
        "min_confidence": 0.0,
    },
    requires=["doc.spans", "doc._.relations"],
    assigns=["doc._.relations", "doc._.stances", "doc._.replies", "doc._.min_confidence"],
)
def make_stances(
    nlp: Language,
    name: str,
    weights: str,
    reply_share: float,
    premise_share: float,
    contrast: float,
    mix: dict[str, float],
    min_confidence: float,
) -> "Stances":
    """Make the stance stage; the settings are those of :class:`Stances`."""
    return Stances(
        nlp,
        weights=weights,
        reply_share=reply_share,
        premise_share=premise_share,
        contrast=contrast,
        mix=mix,
        min_confidence=min_confidence,
    )


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
        What a contrast behind an agreement adds to the log odds of a rebuttal; a quarter of it counts for the
        claims behind that one, until one says that it agrees.
    mix : dict of str to float
        How much the log odds of the ``cues`` of a reply, of those of a claim (``claim_cues``) and of the ``reading``
        count, and what is added for ``agreement``,
        ``rebuttal`` and ``neutral``; the same for off-topic (``off_topic_cues``, ``off_topic_reading``,
        ``off_topic``).  Fitted so that the probabilities are calibrated.  Without a reading, the cues count alone.
    min_confidence : float
        Edges of a lower confidence are left out, and a lower stance of a reply or claim is not decided, 0 to 1.
    """

    def __init__(
        self,
        nlp: Language,
        *,
        weights: str,
        reply_share: float,
        premise_share: float,
        contrast: float,
        mix: dict[str, float],
        min_confidence: float,
    ) -> None:
        fitted = json.loads((files("argmine.lexicons") / f"{weights}.json").read_text(encoding="utf-8"))
        self._stance = np.array([fitted["stance"][name] for name in STANCE_NAMES])
        self._off_topic = np.array([fitted["off_topic"][name] for name in OFF_TOPIC_NAMES])
        self.evidence = EvidenceFinder(nlp)
        self.reply_share = reply_share
        self.premise_share = premise_share
        self.contrast = contrast
        self.mix = mix
        self.min_confidence = min_confidence

    def __call__(self, doc: Doc, *, min_confidence: float | None = None) -> Doc:
        """Set the stances of the replies and claims of a Doc and settle its relations.

        ``min_confidence``, where it is given, counts instead of the setting; spaCy passes it on from
        ``nlp(doc, component_cfg={"stances": {"min_confidence": 0.6}})``.
        """
        least = self.min_confidence if min_confidence is None else min_confidence
        judged, stances = self.judge(doc)
        of_claim = {stance.claim: stance for stance in stances}
        settled = [done for relation in relations(doc) if (done := _settled(relation, of_claim)) is not None]
        doc._.replies = [
            tuple(reply if reply.confidence >= least else reply._replace(stance="", basis="", cue=""))
            for reply in judged
        ]
        doc._.stances = [tuple(stance) for stance in stances if stance.confidence >= least]
        doc._.relations = [tuple(relation) for relation in settled if relation.confidence >= least]
        doc._.min_confidence = least
        return doc

    def judge(self, doc: Doc) -> tuple[list[Reply], list[ClaimStance]]:
        """Return the stances of the replies and of their claims; a reply without any text has none."""
        thread = _Thread(doc, self.evidence(doc))
        judged: list[Reply] = []
        stances: list[ClaimStance] = []
        for post in thread.posts:
            if post.parent is None or not post.text.strip():
                continue
            context = context_of(thread.evidence, thread.posts, post, thread.title)
            part, answered = thread.evidence.posts[post.index], thread.evidence.posts[post.parent]
            read = thread.readings.posts.get(post.index)
            scores = self._scores(thread, part, answered, read, cues_share=self.mix["cues"])
            off_topic = self._off_topic_chance(thread, part, context, read)
            chances = _chances(scores, off_topic)
            stance = STANCES[chances.index(max(chances))]
            basis, cue = _grounds(thread.evidence, part, stance, read)
            agreement, rebuttal, neutral, _ = chances
            judged.append(Reply(post.index, stance, agreement, rebuttal, neutral, off_topic, basis, cue))
            stances += self._judge_claims(thread, post, scores, judged[-1], context)
        return judged, stances

    def _scores(
        self,
        thread: "_Thread",
        part: Range,
        answered: Range,
        read: Reading | None,
        *,
        cues_share: float,
        opens: bool = True,
    ) -> Floats:
        """Return the log odds of agreement, rebuttal and neutral."""
        cues = self.cues(thread.evidence, part, answered, opens=opens)
        if read is None:
            return cues
        added = np.array([self.mix["agreement"], self.mix["rebuttal"], self.mix["neutral"]])
        return np.asarray(cues_share * cues + self.mix["reading"] * np.array(read.scores[:3]) + added)

    def _off_topic_chance(self, thread: "_Thread", part: Range, context: frozenset[str], read: Reading | None) -> float:
        found = thread.evidence.of_off_topic(part, context)
        if found["only_thanks"]:
            return _ONLY_THANKS
        score = self.off_topic_cues(found)
        if read is not None:
            mix = self.mix
            mixed = mix["off_topic_cues"] * score + mix["off_topic_reading"] * read.scores[_OFF_TOPIC]
            mixed += mix["off_topic"]
            settled = score > (0 if found["several_marks"] else _SETTLED)
            score = max(score, mixed) if settled else mixed
        return 1 / (1 + exp(-score))

    def cues(self, evidence: DocEvidence, part: Range, answered: Range, *, opens: bool = True) -> Floats:
        """Return the log odds of agreement, rebuttal and neutral by the cues alone."""
        return np.asarray(vector(evidence.of_stance(part, answered, opens=opens), STANCE_NAMES) @ self._stance)

    def off_topic_cues(self, found: dict[str, float]) -> float:
        """Return the log odds of being off-topic by the cues found, alone."""
        return float(vector(found, OFF_TOPIC_NAMES) @ self._off_topic)

    def _judge_claims(
        self, thread: "_Thread", post: PostView, reply_scores: Floats, reply: Reply, context: frozenset[str]
    ) -> list[ClaimStance]:
        found: list[ClaimStance] = []
        read = thread.readings.claims
        scores = {
            place: self._scores(
                thread,
                part,
                thread.answered(place, post),
                read.get(place),
                cues_share=self.mix["claim_cues"],
                opens=place in thread.opening,
            )
            + self.reply_share * reply_scores
            for place, part in thread.claims[post.index]
        }
        conceded = turned = False
        for place, part in thread.claims[post.index]:
            contrast = thread.evidence.opening_contrast(part) if conceded else ""
            if (contrast or turned) and self._agrees(thread, place, part):
                contrast, turned = "", False
            if contrast:
                scores[place][_REBUTTAL] += self.contrast
            elif turned:
                scores[place][_REBUTTAL] += _CARRIED * self.contrast
            if place in thread.supported:
                scores[place] = scores[place] + self.premise_share * scores[thread.supported[place]]
            off_topic = self._claim_off_topic(thread, part, reply, context, read.get(place))
            chances = _chances(scores[place], off_topic)
            best = chances.index(max(chances))
            stance = STANCES[best]
            conceded = stance == "agreement" or (conceded and not contrast)
            turned = stance == "rebuttal" if contrast else turned
            basis, cue = _grounds(thread.evidence, part, stance, read.get(place), opens=place in thread.opening)
            if contrast and basis != "cue":
                basis, cue = "cue", contrast
            found.append(ClaimStance(place, stance, chances[best], basis, cue))
        return found

    def _agrees(self, thread: "_Thread", place: int, part: Range) -> bool:
        """Return whether a claim says that it agrees, and nothing that it does not: "but I enjoyed what you said"."""
        sides = thread.evidence.sides(part, opens=place in thread.opening)
        found = {side for side, cue in sides if cue.group != "contrast"}
        return found == {"agreement"}

    def _claim_off_topic(
        self, thread: "_Thread", part: Range, reply: Reply, context: frozenset[str], read: Reading | None
    ) -> float:
        """Return the chance that a claim is off topic: that of its reply, unless the claim itself has marks of it."""
        if reply.stance == "off-topic":
            return reply.off_topic
        marked = any(cue.group in _OFF_TOPIC_MARKS for cue in thread.evidence.cues(part))
        return self._off_topic_chance(thread, part, context, read) if marked else min(reply.off_topic, _UNMARKED)


class _Thread:
    """What the stage knows of a Doc."""

    def __init__(self, doc: Doc, evidence: DocEvidence) -> None:
        self.evidence = evidence
        self.readings = readings(doc)
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


def _chances(scores: Floats, off_topic: float) -> list[float]:
    """Return the probabilities of the four stances from the log odds of the three that are on topic."""
    odds: list[float] = scores.tolist()
    raised = [exp(score - max(odds)) for score in odds]
    return [*((1 - off_topic) * one / sum(raised) for one in raised), off_topic]


def _grounds(
    evidence: DocEvidence, part: Range, stance: str, read: Reading | None, *, opens: bool = True
) -> tuple[str, str]:
    """Return the basis and the words that show a stance best: the longest cue of its side, or else what was read."""
    if stance == "off-topic":
        cues = [cue for cue in evidence.cues(part) if cue.group in _OFF_TOPIC_MARKS]
    else:
        cues = [cue for side, cue in evidence.sides(part, opens=opens) if side == stance]
    longest = max(cues, key=lambda cue: (cue.end - cue.start, -cue.start), default=None)
    if longest is not None:
        return "cue", evidence.text((longest.start, longest.end))
    return "model", "" if read is None else read.words[STANCES.index(stance)]


def _settled(relation: Relation, of_claim: dict[int, ClaimStance]) -> Relation | None:
    """Give an ``answers`` relation the stance of its claim; an off-topic claim answers nothing."""
    stance = of_claim.get(relation.source)
    if relation.kind != "answers" or stance is None:
        return relation
    if stance.stance == "off-topic":
        return None
    confidence = relation.confidence * stance.confidence
    if relation.basis == "quote" or not (stance.basis == "cue" or relation.cue == ""):
        return relation._replace(stance=stance.stance, confidence=confidence)
    return relation._replace(stance=stance.stance, confidence=confidence, basis=stance.basis, cue=stance.cue)
