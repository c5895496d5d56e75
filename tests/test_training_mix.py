"""The mix of cues and network: its fit, and what it needs."""

import numpy as np
import pytest
import spacy
from replies_corpus import MATTERS, SAYINGS

import argmine
from argmine.errors import EvaluationError
from argmine.training.examples import ON_TOPIC, Example
from argmine.training.mix import _fit_stances, fit_mix

LABELS = (*ON_TOPIC, "off-topic")


def held() -> list[Example]:
    """Return replies of two corpora; those of the second are off-topic too."""
    found = []
    for corpus in ("one", "two"):
        for number, matter in enumerate(MATTERS):
            post = f"The {matter} must stay, said the meeting of {corpus} this spring."
            for label, saying in SAYINGS.items():
                reply = saying.format(matter=matter, number=f"{number} {corpus}")
                found.append(Example(corpus, f"The {matter}", post, reply, label, group=matter))
            found.append(Example(corpus, f"The {matter}", post, "Cheap watches at watches.example!", "off-topic"))
    return found


def test_the_fit_finds_what_made_the_labels() -> None:
    chance = np.random.default_rng(1)
    cues, reading = chance.normal(size=(2, 4000, 3))
    scores = 0.3 * cues + 0.9 * reading + np.array([0.4, -0.2, 0.0])
    gold = (scores + chance.gumbel(size=scores.shape)).argmax(axis=1)
    examples = [Example("own", "", "", "", ON_TOPIC[place]) for place in gold]
    found = _fit_stances(cues, reading, examples)
    assert found[:2] == pytest.approx([0.3, 0.9], abs=0.1)
    # every label counts alike, so what is added for one does not follow from how common it is
    assert abs(found[2:]).max() < 0.2


def test_a_mix_is_what_the_stance_stage_takes() -> None:
    nlp = argmine.load()
    mix = fit_mix(nlp, held())
    assert set(mix) == set(nlp.get_pipe("stances").mix)
    assert mix["neutral"] == 0
    assert mix["reading"] > 0
    assert mix["off_topic_reading"] > 0
    assert nlp.pipe_names == argmine.load().pipe_names  # all stages work again
    assert fit_mix(nlp, held()) == mix


def test_what_a_mix_needs() -> None:
    with pytest.raises(EvaluationError, match="argmine_reader"):
        fit_mix(argmine.load("en_rules"), held())
    with pytest.raises(EvaluationError, match="argmine_reader"):
        fit_mix(spacy.blank("en"), held())
    with pytest.raises(EvaluationError, match="all four labels"):
        fit_mix(argmine.load(), [example for example in held() if example.label != "neutral"])
