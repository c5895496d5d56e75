"""Fitting the mix of the stance stage: what ``argmine train mix`` runs.

The mix says how much the cues and the reading of a reply count (``Stances.mix``).  It is fitted on replies that were
held out when the network was trained, so that the probabilities of the pipeline are calibrated: every stance on topic
of a corpus counts alike, and a corpus as the root of its size.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from spacy.language import Language

from argmine.doc import STANCES, make_doc, posts, readings
from argmine.errors import EvaluationError
from argmine.evaluation import Pair
from argmine.pipeline.evidence import context_of, title_words
from argmine.pipeline.stances import Stances
from argmine.training.cues import fit_logistic
from argmine.training.examples import OFF_TOPIC, ON_TOPIC, Example, move

Floats = npt.NDArray[np.float64]

_SEED = 1
_OFF_TOPIC_SHARE = 0.03  # of the weight of all replies: real discussions hold few, and in doubt a reply is on topic
_RIDGE = (0.01, 0.01, 0.5, 0.5)  # on the weights of cues and reading, and on what is added for a stance
_STEPS = 60
_NEVER = -1e3
_LATER = ("argmine_roles", "argmine_linker", "argmine_stances")


def fit_mix(nlp: Language, held: Sequence[Example]) -> dict[str, float]:
    """Fit the mix of a pipeline.

    Parameters
    ----------
    nlp : Language
        A pipeline with a reader and with the stages that come with argmine.
    held : sequence of Example
        Replies that its network was not trained on.  Some are put under the post of another thread as well.

    Returns
    -------
    dict of str to float
        As the setting ``mix`` of the stance stage takes it; ``claim_cues``, the share of the cues of single claims,
        as the pipeline has it.

    Raises
    ------
    EvaluationError
        If the pipeline has no reader, or there are too few replies to fit anything.
    """
    names = {nlp.get_pipe_meta(name).factory: name for name in nlp.pipe_names}
    if not {"argmine_reader", "argmine_stances"} <= set(names):
        raise EvaluationError("A mix can be fitted only in a pipeline with argmine_reader and argmine_stances")
    examples = [example for example in [*held, *move(held, seed=_SEED)] if example.label]
    if len({example.label for example in examples}) < len(STANCES):
        raise EvaluationError("To fit a mix, held-out replies of all four labels are needed")
    stage: Stances = nlp.get_pipe(names["argmine_stances"])  # type: ignore[assignment]
    with nlp.select_pipes(disable=[name for factory, name in names.items() if factory in _LATER]):
        examples, rows = _read(nlp, stage, examples)
    cues, reading, off_topic = (np.array([row[place] for row in rows]) for place in range(3))
    labels = [example.label for example in examples]
    on = [place for place, label in enumerate(labels) if label in ON_TOPIC]
    shares = _fit_stances(cues[on], reading[on], [examples[place] for place in on])
    strays = np.array([label == OFF_TOPIC for label in labels], dtype=float)
    weights = np.where(strays == 1, _OFF_TOPIC_SHARE * (1 - strays).sum() / strays.sum(), 1.0)
    off = fit_logistic(off_topic, strays, weights, ridge=0.02)
    fitted = dict(zip(("cues", "reading", "agreement", "rebuttal"), shares.tolist(), strict=True))
    fitted |= {"neutral": 0.0, "claim_cues": stage.mix["claim_cues"]}
    fitted |= dict(zip(("off_topic", "off_topic_cues", "off_topic_reading"), off.tolist(), strict=True))
    return {name: round(value, 2) for name, value in fitted.items()}


def _read(
    nlp: Language, stage: Stances, examples: Sequence[Example]
) -> tuple[list[Example], list[tuple[Floats, Floats, Floats]]]:
    """Return the replies with the log odds of the stances by cues and by the network, and those of off-topic.

    A reply that is nothing but quotations is left out.
    """
    pairs = (
        Pair(id=str(n), corpus=one.corpus, parent=one.answered, reply=one.reply, context=one.title or None)
        for n, one in enumerate(examples)
    )
    kept, rows = [], []
    docs = nlp.pipe((make_doc(nlp, pair.as_thread()) for pair in pairs), batch_size=64)
    for example, doc in zip(examples, docs, strict=True):
        read = readings(doc).posts.get(1)
        if read is None:
            continue
        found, views = stage.evidence(doc), posts(doc)
        answered, part = found.posts
        context = context_of(found, views, views[1], title_words(doc))
        off = stage.off_topic_cues(found.of_off_topic(part, context))
        rows.append(
            (stage.cues(found, part, answered), np.array(read.scores[:3]), np.array([1.0, off, read.scores[3]]))
        )
        kept.append(example)
    return kept, rows


def _fit_stances(cues: Floats, reading: Floats, examples: Sequence[Example]) -> Floats:
    """Fit the weights of cues and reading and what is added for agreement and rebuttal, by Newton's method."""
    count = Counter((example.corpus, example.label) for example in examples)
    size = Counter(example.corpus for example in examples)
    kinds = Counter(corpus for corpus, _ in count)
    gold = np.array([ON_TOPIC.index(example.label) for example in examples])
    weights = np.array([size[one.corpus] ** 0.5 / count[one.corpus, one.label] / kinds[one.corpus] for one in examples])
    weights /= weights.mean()
    never = np.array([[0.0 if (one.corpus, label) in count else _NEVER for label in ON_TOPIC] for one in examples])
    added = np.broadcast_to(np.eye(3)[:2, None, :], (2, *cues.shape))
    evidence = np.stack([cues, reading, *added])  # 4 x replies x stances
    penalty = np.diag(_RIDGE)
    fitted = np.array([0.1, 0.5, 0.0, 0.0])
    for _ in range(_STEPS):
        scores = np.einsum("k,knl->nl", fitted, evidence) + never
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        mean = np.einsum("nl,knl->nk", chances, evidence)
        right = evidence[:, np.arange(len(gold)), gold].T
        slope = ((mean - right) * weights[:, None]).sum(axis=0) + penalty @ fitted
        second = np.einsum("n,nl,knl,jnl->kj", weights, chances, evidence, evidence)
        curve = second - np.einsum("n,nk,nj->kj", weights, mean, mean) + penalty
        fitted = fitted - np.linalg.solve(curve, slope)
    return np.asarray(fitted)
