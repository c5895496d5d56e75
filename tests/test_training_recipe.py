"""Recipes of the reply reader: what is read, moved, held out, and kept apart from the evaluation."""

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from replies_corpus import pairs, write_corpora, write_lines

from argmine.errors import EvaluationError
from argmine.evaluation import Pair
from argmine.training.examples import Example, move, read_examples
from argmine.training.recipe import read_plan, read_training_set
from argmine.training.settings import Settings
from argmine.training.splits import check_leaks, hold_out, normal


def change(recipe: Path, old: str, new: str) -> Path:
    text = recipe.read_text(encoding="utf-8")
    assert old in text
    recipe.write_text(text.replace(old, new), encoding="utf-8")
    return recipe


def test_reading_needs_no_torch() -> None:
    code = "import sys; sys.modules['torch'] = None; import argmine.training.recipe"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_recipe_gives_everything_it_names_in_order(tmp_path: Path) -> None:
    train, held = read_training_set(write_corpora(tmp_path), tmp_path)
    corpora = list(dict.fromkeys(example.corpus for example in train))
    assert corpora == ["replies", "sides", "moved", "spam", "openers", "quotations"]
    labelled = [example for example in train if example.corpus in ("replies", "sides")]
    assert len(labelled) + len(held) == 12 * 3 + 6 * 2
    found = Counter(example.corpus for example in train)
    assert found["moved"] == found["replies"] // 2
    assert found["spam"] == 3
    assert {example.weight for example in train if example.corpus == "replies"} == {2.0}
    assert {example.passes for example in train if example.corpus == "sides"} == {1}
    assert {(example.weight, example.passes) for example in train if example.corpus == "openers"} == {(0.5, 1)}
    assert {example.passes for example in train if example.corpus == "quotations"} == {1}


def test_forum_threads_of_the_evaluation_and_left_out_topics_are_not_read(tmp_path: Path) -> None:
    train, _ = read_training_set(write_corpora(tmp_path), tmp_path)
    groups = {example.group for example in train if example.corpus in ("openers", "quotations")}
    assert groups == {f"Norwick {number}" for number in range(4)}


def test_the_same_recipe_gives_the_same_examples(tmp_path: Path) -> None:
    recipe = write_corpora(tmp_path)
    assert read_training_set(recipe, tmp_path) == read_training_set(recipe, tmp_path)


def test_a_limit_cuts_each_table(tmp_path: Path) -> None:
    train, held = read_training_set(write_corpora(tmp_path), tmp_path, limit=2)
    found = Counter(example.corpus for example in [*train, *held] if example.corpus != "moved")
    assert found == {"replies": 2, "sides": 2, "spam": 2, "openers": 4, "quotations": 2}


def test_a_limit_takes_from_the_whole_file(tmp_path: Path) -> None:
    rows = sorted(pairs("own", 4), key=lambda row: row["label"])
    write_lines(tmp_path / "own.jsonl", rows)
    plan = {"replies": [{"file": "own.jsonl"}]}
    labels = [example.label for example in read_examples(plan, tmp_path, limit=3)]
    assert labels == ["agreement", "neutral", "rebuttal"]
    assert read_examples(plan, tmp_path, limit=99) == read_examples(plan, tmp_path)


def test_pairs_that_say_they_are_off_topic_are_kept_and_those_without_a_label_are_not(tmp_path: Path) -> None:
    rows = pairs("own", 1)
    rows[0]["label"], rows[1]["label"] = "off-topic", None
    write_lines(tmp_path / "own.jsonl", rows)
    examples = read_examples({"replies": [{"file": "own.jsonl"}]}, tmp_path)
    assert [example.label for example in examples] == ["off-topic", "neutral"]


def test_agreement_of_annotators_weighs(tmp_path: Path) -> None:
    rows = [{**row, "weight": share} for row, share in zip(pairs("own", 1), (1.0, 0.5, None), strict=True)]
    write_lines(tmp_path / "own.jsonl", rows)
    examples = read_examples({"replies": [{"file": "own.jsonl", "weight": 2.0}]}, tmp_path)
    assert [example.weight for example in examples] == [2.0, 1.5, 2.0]


# leaks


@pytest.mark.parametrize("field", ["answered", "reply"])
def test_a_text_of_the_evaluation_that_is_trained_on_is_found(field: str) -> None:
    dev = Pair("7", "dev", "The mill should be a museum.", "It would cost us the whole budget.")
    example = Example("own", "", "The weir needs repair this year.", "Last year would have been better.", "neutral")
    check_leaks([example], [dev])
    for text in (dev.parent, dev.reply):
        leaking = replace(example, **{field: text.upper().replace(" ", "  ")})
        with pytest.raises(EvaluationError, match=r"A text of own that is trained on is also in dev \(pair '7'\)"):
            check_leaks([example, leaking], [dev])


def test_a_parent_shared_with_the_evaluation_fails_the_run(tmp_path: Path) -> None:
    recipe = write_corpora(tmp_path)
    train, _ = read_training_set(recipe, tmp_path)
    shared = {**pairs("dev", 1)[0], "parent": train[0].answered}
    write_lines(tmp_path / "dev.jsonl", [*pairs("dev", 3), {**shared, "id": "shared"}])
    with pytest.raises(EvaluationError, match="'shared'"):
        read_training_set(recipe, tmp_path)


def test_the_forum_and_the_spam_are_checked_for_leaks_as_well(tmp_path: Path) -> None:
    recipe = write_corpora(tmp_path)
    train, _ = read_training_set(recipe, tmp_path)
    for corpus in ("spam", "openers", "quotations"):
        leak = next(example.reply for example in train if example.corpus == corpus)
        write_lines(tmp_path / "dev.jsonl", [{**pairs("dev", 1)[0], "reply": leak}])
        with pytest.raises(EvaluationError, match="is trained on is also in dev"):
            read_training_set(recipe, tmp_path)


def test_a_text_of_few_words_is_no_leak() -> None:
    example = Example("own", "", "Me too!", "So it is, all of it.", "agreement")
    check_leaks([example], [Pair("1", "dev", "me  too!", "Is it so?")])


# what is held out

_word = st.sampled_from("abcdefgh")
_example = st.builds(
    Example,
    corpus=st.sampled_from(["one", "two"]),
    title=st.just(""),
    answered=_word,
    reply=st.sampled_from("ABcdijkl"),
    label=st.just("agreement"),
    group=st.sampled_from(["", "t1", "t2", "t3"]),
)


@given(st.lists(_example, max_size=12), st.sampled_from([0.1, 0.5, 0.9]))
def test_no_thread_and_no_text_is_on_both_sides(examples: list[Example], share: float) -> None:
    train, held = hold_out(examples, share)
    assert Counter([*train, *held]) == Counter(examples)
    texts = [{normal(text) for example in side for text in (example.answered, example.reply)} for side in (train, held)]
    threads = [{(example.corpus, example.group) for example in side if example.group} for side in (train, held)]
    assert not texts[0] & texts[1]
    assert not threads[0] & threads[1]


def test_about_the_share_is_held_out() -> None:
    examples = [Example("own", "", f"post {n}", f"reply {n}", "neutral", group=str(n // 2)) for n in range(2000)]
    assert 60 < len(hold_out(examples, 0.05)[1]) < 140


# moved replies


def corpus_of(topics: int, threads: int) -> list[Example]:
    return [
        Example(
            "own",
            f"title {thread}",
            f"post {thread}",
            f"a reply of six words {thread} {number}",
            "agreement",
            group=f"t{thread}",
            topic=f"topic {thread % topics}",
            moved=0.5,
        )
        for thread in range(threads)
        for number in range(3)
    ]


@pytest.mark.parametrize("topics", [1, 3])
def test_moved_replies_come_from_other_threads(topics: int) -> None:
    examples = corpus_of(topics, 30)
    home = {example.reply: example for example in examples}
    moved = move(examples, seed=1)
    assert len(moved) == 45
    for example in moved:
        assert (example.corpus, example.label) == ("moved", "off-topic")
        assert home[example.reply].group != example.group
        assert home[example.reply].answered != example.answered
        assert example.title == f"title {example.group[1:]}"
        assert example.weight < 1


def test_moved_replies_go_to_far_and_near_topics_in_turn() -> None:
    examples = corpus_of(3, 30)
    topic = {example.reply: example.topic for example in examples}
    near = [topic[example.reply] == example.topic for example in move(examples, seed=1)]
    assert near == [place % 2 == 1 for place in range(len(near))]


def test_replies_without_a_place_to_go_and_short_ones_stay() -> None:
    examples = corpus_of(1, 30)
    assert move(examples[:3], seed=1) == []  # of one thread
    assert move([replace(example, reply="too short") for example in examples], seed=1) == []
    assert move([replace(example, moved=0.0) for example in examples], seed=1) == []


# wrong recipes


@pytest.mark.parametrize(
    ("name", "also"), [("replies", {"openers", "quotations"}), ("finish", {"written", "spliced", "plain"})]
)
def test_the_recipes_that_ship_can_be_read(name: str, also: set[str]) -> None:
    plan = read_plan(Path(str(files("argmine.training") / f"{name}.toml")))
    assert {"settings", "replies", "spam", "dev", *also} == set(plan)


def test_written_exchanges_are_read_beside_the_corpora(tmp_path: Path) -> None:
    recipe = write_corpora(tmp_path)
    train, held = read_training_set(recipe, tmp_path)
    recipe.write_text(recipe.read_text(encoding="utf-8") + "[[written]]\nweight = 0.5\n", encoding="utf-8")
    more, more_held = read_training_set(recipe, tmp_path)
    written = [example for example in more if example.corpus == "written"]
    assert written
    assert {example.weight for example in written} == {0.5}
    assert held == [example for example in more_held if example.corpus != "written"]
    assert all(example.label for example in more_held)  # posts by themselves cannot be judged
    replies = [example for example in train if example.corpus == "replies"]
    assert [example for example in more if example.corpus == "replies"] == replies
    assert not [example for example in more if example.label == "off-topic" and not example.answered]


def test_what_is_made_of_the_replies_is_named_too(tmp_path: Path) -> None:
    recipe = write_corpora(tmp_path)
    train, held = read_training_set(recipe, tmp_path)
    more = "[[spliced]]\nweight = 0.5\n[[plain]]\nmost = 8\nweight = 0.25\n"
    recipe.write_text(recipe.read_text(encoding="utf-8") + more, encoding="utf-8")
    with_more, same = read_training_set(recipe, tmp_path)
    assert same == held
    assert with_more[: len(train)] == train
    *joined, _, _, _, _, _, _, _, _ = added = with_more[len(train) :]
    assert {example.label for example in joined} == {""}
    assert {example.weight for example in joined} == {0.5}
    assert {(example.corpus, example.weight) for example in added[len(joined) :]} == {("plain", 0.25)}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[[spam]]", "[[spams]]", "unknown spams. It needs .*replies"),
        ("[[replies]]", "[[dev]]", "no recipe for the reply reader"),
        ("moved = 0.5", "move = 0.5", r"\[\[replies\]\] number 1: unknown key 'move'. The keys are: file, where"),
        ("most = 10\nleave", "leave", r"\[\[openers\]\] number 1: 'most' is missing"),
        ("weight = 2", 'weight = "2"', "weight is '2', and must be of type float"),
        ("[[dev]]\nfile", "[dev]\nfile", r"dev is no list of tables. Write \[\[dev\]\]"),
        ("epochs = 2", "epoch = 2", "Unknown settings: epoch. There are: answered_tokens"),
        ("epochs = 2", "epochs = 2.5", "epochs is 2.5, and must be of type int"),
        ("epochs = 2", "epochs = ", "cannot be read as a recipe"),
    ],
)
def test_a_wrong_recipe_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    recipe = change(write_corpora(tmp_path), old, new)
    with pytest.raises(EvaluationError, match=message):
        read_plan(recipe)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    recipe = write_corpora(tmp_path)
    (tmp_path / "spam.jsonl").unlink()
    with pytest.raises(EvaluationError, match=r"spam\.jsonl cannot be read"):
        read_training_set(recipe, tmp_path)
    write_corpora(tmp_path)
    for path in tmp_path.glob("forum-*"):
        path.unlink()
    with pytest.raises(EvaluationError, match=r"no file forum-\*\.jsonl\.xz, which \[\[openers\]\] names"):
        read_training_set(recipe, tmp_path)


def test_files_of_another_kind(tmp_path: Path) -> None:
    recipe = write_corpora(tmp_path)
    write_lines(tmp_path / "forum-0.jsonl.xz", pairs("replies", 1))
    with pytest.raises(EvaluationError, match="does not hold forum threads"):
        read_training_set(recipe, tmp_path)
    change(recipe, 'file = "spam.jsonl"\nwhere = { label = "spam" }', 'file = "sides.jsonl"')
    with pytest.raises(EvaluationError, match="a comment without 'text'"):
        read_training_set(recipe, tmp_path)


def test_numbers_may_be_written_whole() -> None:
    assert Settings.of({"learning_rate": 1}) == Settings(learning_rate=1.0)
    assert isinstance(Settings.of({"learning_rate": 1}).learning_rate, float)
