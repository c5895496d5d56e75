"""Labels given for argmine to replies of corpora, which are not part of it."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import pytest
from replies_corpus import forum_thread, pairs, write_lines

from argmine.doc import STANCES
from argmine.errors import EvaluationError
from argmine.training import examples, forum
from argmine.training.examples import Part, read_examples
from argmine.training.labelled import Labels, fingerprint, given_labels, given_roles
from argmine.training.recipe import read_training_set

ROWS = (files("argmine.training") / "labelled.jsonl").read_text(encoding="utf-8").splitlines()
PARTS = (Part(0, 9, "rebuttal"), Part(10, 20, "agreement"))


def test_every_label_is_sound() -> None:
    assert len(given_labels()) == len(ROWS) > 5000
    for labels in given_labels().values():
        assert labels.label in STANCES
        assert labels.claims
        assert {stance for *_, stance in labels.claims} <= set(STANCES)
        bounds = [bound for start, end, _ in labels.claims for bound in (start, end)]
        assert bounds == sorted(bounds)
        assert all(start < end for start, end, _ in labels.claims)


def test_they_hold_none_of_the_texts() -> None:
    for line in ROWS:
        row = json.loads(line)
        assert set(row) == {"texts", "label", "claims"}
        assert int(row["texts"], 16) >= 0


def test_a_fingerprint_is_that_of_both_texts_but_for_case_and_spaces() -> None:
    name = fingerprint("The weir needs repair.", "Not this year.")
    assert name == fingerprint("the weir  needs repair.", "Not this\nyear. ")
    assert name != fingerprint("Not this year.", "The weir needs repair.")


@pytest.fixture
def labelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """Write six pairs, the first of which has labels, and return it."""
    rows = pairs("own", 2)
    write_lines(tmp_path / "own.jsonl", rows)
    labels = Labels("off-topic", tuple(part[:3] for part in PARTS))
    given = {fingerprint(rows[0]["parent"], rows[0]["reply"]): labels}
    monkeypatch.setattr(examples, "given_labels", lambda: dict(given))
    return rows[0]


def test_claims_are_labelled_and_replies_keep_their_label(tmp_path: Path, labelled: Mapping[str, str]) -> None:
    found = read_examples({"replies": [{"file": "own.jsonl", "labelled": "claims"}]}, tmp_path)
    assert len(found) == 6
    assert (found[0].reply, found[0].label, found[0].parts) == (labelled["reply"], labelled["label"], PARTS)
    assert all(example.parts == () for example in found[1:])


def test_replies_take_the_label_given_to_them(tmp_path: Path, labelled: Mapping[str, str]) -> None:
    (found,) = read_examples({"replies": [{"file": "own.jsonl", "labelled": "replies"}]}, tmp_path)
    assert (found.reply, found.label, found.parts) == (labelled["reply"], "off-topic", PARTS)


def test_without_a_word_in_the_recipe_they_are_not_read(tmp_path: Path, labelled: Mapping[str, str]) -> None:
    found = read_examples({"replies": [{"file": "own.jsonl"}]}, tmp_path)
    assert (found[0].reply, found[0].parts) == (labelled["reply"], ())


def test_replies_of_forum_threads_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_lines(tmp_path / "forum.jsonl", [forum_thread("Norwick"), forum_thread("Senby", topic="weather")])
    posts = forum_thread("Norwick")["posts"]
    labels = Labels("agreement", ((0, 8, "agreement"),))
    given = {fingerprint(posts[0]["text"], posts[1]["text"]): labels}
    monkeypatch.setattr(examples, "given_labels", lambda: dict(given))
    paths = [tmp_path / "forum.jsonl"]
    (found,) = forum.labelled(paths, most=9, seed=1)
    assert (found.answered, found.reply) == (posts[0]["text"], posts[1]["text"])
    assert (found.corpus, found.label, found.group) == ("forum", "agreement", "Norwick")
    assert found.parts == (Part(0, 8, "agreement"),)
    assert forum.labelled(paths, most=9, seed=1, topics=frozenset({"traffic"})) == []


def test_what_may_be_labelled_is_said(tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('[[replies]]\nfile = "own.jsonl"\nlabelled = "posts"\n', encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"labelled is 'posts'. It may be claims or replies"):
        read_training_set(recipe, tmp_path)


def test_every_role_is_sound_and_holds_no_text() -> None:
    rows = (files("argmine.training") / "roles.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(given_roles()) == len(rows) > 1500
    for line in rows:
        row = json.loads(line)
        assert set(row) == {"texts", "claims"}
        assert int(row["texts"], 16) >= 0
    for claims in given_roles().values():
        assert {role for *_, role in claims} <= {"claim", "premise"}
        bounds = [bound for start, end, _ in claims for bound in (start, end)]
        assert bounds == sorted(bounds)
        assert all(start < end for start, end, _ in claims)


def test_posts_of_forum_threads_whose_roles_are_known_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lines(tmp_path / "forum.jsonl", [forum_thread("Norwick"), forum_thread("Senby")])
    paths = [tmp_path / "forum.jsonl", tmp_path / "there is none.jsonl"]  # behind the last one nothing is read
    posts = forum_thread("Senby")["posts"]
    given = {fingerprint(posts[0]["text"], posts[1]["text"]): ((0, 8, "claim"), (9, 30, "premise"))}
    monkeypatch.setattr(forum, "given_roles", lambda: dict(given))
    (found,) = forum.with_roles(paths)
    assert (found.answered, found.reply, found.title) == (posts[0]["text"], posts[1]["text"], "The ferry of Senby")
    assert found.parts == (Part(0, 8, role="claim"), Part(9, 30, role="premise"))
    with pytest.raises(EvaluationError, match="None of these forum threads holds a post"):
        forum.with_roles([])
