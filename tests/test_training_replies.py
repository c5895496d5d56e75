"""The training of the reply reader: batches, loss, repeatable and resumable runs."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch")

import torch
from replies_corpus import write_corpora
from transformers import BertConfig, BertModel

from argmine.errors import EvaluationError
from argmine.training.batches import Item, collate, encode, plan_batches
from argmine.training.examples import ON_TOPIC, Example, Part
from argmine.training.objective import log_priors, loss_of
from argmine.training.reader import ReplyReader, link_scores, pool, pretrained_tokenizer
from argmine.training.recipe import read_training_set
from argmine.training.replies import predict, train
from argmine.training.settings import Settings

SETTINGS = Settings(epochs=2, batch_tokens=120, learning_rate=1e-2)
TOKENIZER = pretrained_tokenizer()
SPECIAL = (101, 102)  # [CLS] and [SEP]
CPU = torch.device("cpu")


@pytest.fixture(scope="module", autouse=True)
def small_encoder() -> Iterator[None]:
    """Put a small encoder with weights of chance in the place of MiniLM."""
    config = BertConfig(hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("argmine.training.reader.pretrained_encoder", lambda: BertModel(config, add_pooling_layer=False))
        yield


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    """Return one example of each corpus and label, and two with links."""
    folder = tmp_path_factory.mktemp("corpora")
    found, _ = read_training_set(write_corpora(folder), folder)
    kinds = {(example.corpus, example.label): example for example in found if example.passes > 1}
    return [
        *kinds.values(),
        *[example for example in found if example.corpus == "quotations"][:2],
        *[example for example in found if example.parts][:3],
    ]


@pytest.fixture(scope="module")
def trained(examples: list[Example], tmp_path_factory: pytest.TempPathFactory) -> tuple[ReplyReader, bytes]:
    """Return the network after an uninterrupted run, and its last checkpoint."""
    checkpoint = tmp_path_factory.mktemp("whole") / "run.checkpoint"
    model = train(examples, TOKENIZER, SETTINGS, checkpoint=checkpoint, device=CPU)
    return model, checkpoint.read_bytes()


def weights(model: ReplyReader) -> dict[str, bytes]:
    return {name: value.numpy().tobytes() for name, value in model.state_dict().items()}


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# batches


def item(length: int, passes: int = 9) -> Item:
    example = Example("own", "", "", "", "neutral", passes=passes)
    return Item([], [5] * length, [6] * length, [], [], example)


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(1, 3)), max_size=60),
    st.integers(20, 400),
    st.integers(1, 5),
)
def test_each_example_is_read_as_often_as_it_says(kinds: list[tuple[int, int]], tokens: int, epochs: int) -> None:
    items = [item(length, passes) for length, passes in kinds]
    settings = Settings(batch_tokens=tokens)
    batches = [batch for epoch in range(epochs) for batch in plan_batches(items, settings, epoch)]
    read = Counter(place for batch in batches for place in batch)
    assert read == Counter({place: min(passes, epochs) for place, (_, passes) in enumerate(kinds)})
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(items[place].width for place in batch) <= tokens


def test_the_order_of_the_batches_follows_from_the_seed() -> None:
    items = [item(length) for length in range(1, 60)]
    plan = plan_batches(items, SETTINGS, 0)
    assert plan == plan_batches(items, SETTINGS, 0)
    assert plan != plan_batches(items, SETTINGS, 1)
    assert plan != plan_batches(items, replace(SETTINGS, seed=2), 0)


def test_an_input_is_title_answered_reply() -> None:
    example = Example(
        "own",
        "the ferry",
        "tickets are dear",
        "diesel is dear",
        "neutral",
        claims=((12, 16),),
        parts=(Part(0, 6), Part(10, 14)),
    )
    items = encode(TOKENIZER, [example, example], SETTINGS)
    batch = collate(items, [True, False], SPECIAL)
    with_title = [TOKENIZER.id_to_token(number) for number in batch.ids[0].tolist()]
    words = ["[CLS]", "the", "ferry", "[SEP]", "tickets", "are", "dear", "[SEP]", "diesel", "is", "dear", "[SEP]"]
    assert with_title == words
    assert [TOKENIZER.id_to_token(number) for number in batch.ids[1].tolist()] == ["[CLS]", *words[4:], *["[PAD]"] * 3]
    assert batch.mask[1].tolist() == [1] * 9 + [0] * 3
    for row, text in ((0, with_title), (1, ["[CLS]", *words[4:]])):
        marked = [word for word, mark in zip(text, batch.reply[row], strict=False) if mark]
        assert marked == ["diesel", "is", "dear"]
        [claim] = batch.claims[row]
        assert [word for word, mark in zip(text, claim, strict=False) if mark] == ["dear"]
        parts = [[word for word, mark in zip(text, part, strict=False) if mark] for part in batch.parts[row]]
        assert parts == [["diesel"], ["dear"]]
        assert [word for word, mark in zip(text, batch.types[row], strict=False) if mark] == [*marked, "[SEP]"]


def test_a_long_post_is_read_where_it_was_quoted() -> None:
    text = "The ferry is late. " * 100 + "The ticket is dear. " + "The pier is wet. " * 100
    at = text.index("The ticket")
    example = Example(
        "own", "", text, "Diesel.", "", claims=((0, 18), (at, at + 19)), parts=(Part(0, 7, targets=(1,)),)
    )
    [found] = encode(TOKENIZER, [example], SETTINGS)
    assert len(found.answered) == 2 * SETTINGS.answered_tokens
    assert found.parts == [Part(0, 2, targets=(0,))]  # the first claim is out of sight
    [(start, end)] = found.claims
    assert TOKENIZER.decode(found.answered[start:end]) == "the ticket is dear."


# the loss


def test_priors_are_the_shares_of_the_labels_in_each_corpus() -> None:
    labels = ["agreement", "rebuttal", "rebuttal", "rebuttal", "off-topic", ""]
    priors = log_priors(
        [Example("one", "", "", "", label) for label in labels] + [Example("two", "", "", "", "neutral")]
    )
    assert set(priors) == {"one", "two"}
    assert priors["one"][:2].tolist() == pytest.approx([math.log(0.25), math.log(0.75)])
    assert priors["one"][2] < -1000
    assert priors["two"][2] == 0


def test_each_part_of_a_reply_is_learned_by_itself() -> None:
    """One part agrees and is a claim, the other rebuts and is a premise; the whole has no label."""
    parts = (Part(0, 15, "agreement", "claim", (0,)), Part(16, 45, "rebuttal", "premise", (1,)))
    example = Example(
        "own", "", "Apples are dear. Pears rot.", "Apples are red. Nobody sees pears in winter.", "",
        claims=((0, 16), (17, 27)), parts=parts,
    )  # fmt: skip
    settings = Settings(epochs=60, batch_tokens=500, learning_rate=5e-3, average=0.5, title_dropout=0.0)
    model = train([example], TOKENIZER, settings, device=CPU)
    batch = collate(encode(TOKENIZER, [example], settings), [True], SPECIAL)
    with torch.no_grad():
        reading = model(batch.ids, batch.types, batch.mask)
    for place, marks in enumerate(batch.parts[0]):
        scores = (reading.first + pool(reading.words, marks[None]))[0, :3]
        assert ON_TOPIC[int(scores.argmax())] == parts[place].stance
        assert (pool(reading.premise, marks[None]).item() > 0) == (parts[place].role == "premise")
        assert int(link_scores(reading, 0, marks, batch.claims[0]).argmax()) == place


@pytest.mark.parametrize("label", ["agreement", "rebuttal", "neutral", "off-topic", ""])
def test_the_loss_is_low_where_the_network_is_right(label: str) -> None:
    """The last layers are set so that they say one thing of every reply, and the loss is asked what it thinks of it."""
    model = ReplyReader().eval()
    example = Example(
        "own",
        "",
        "One. Two.",
        "A reply.",
        label,
        claims=((0, 4), (5, 9)),
        parts=() if label else (Part(0, 8, targets=(1,)),),
    )
    others = [Example("own", "", "One.", "Two.", other) for other in ("agreement", "rebuttal", "neutral")]
    priors = log_priors(others)
    batch = collate(encode(TOKENIZER, [example], SETTINGS), [True], SPECIAL)
    losses = {}
    for said in ("agreement", "rebuttal", "neutral", "off-topic"):
        with torch.no_grad():
            for layer in (model.first, model.words):
                layer.weight.zero_()
                layer.bias.zero_()
            model.first.bias[3] = 8.0 if said == "off-topic" else -8.0
            if said != "off-topic":
                model.first.bias[("agreement", "rebuttal", "neutral").index(said)] = 8.0
            losses[said] = loss_of(model, batch, priors, SETTINGS).item()
    if label:
        assert min(losses, key=losses.__getitem__) == label
        assert losses[label] < 1
    else:
        assert len(set(losses.values())) == 1  # whose stance is not known
        assert losses["neutral"] > 0


# runs


def test_two_runs_give_the_same_bytes(
    examples: list[Example], trained: tuple[ReplyReader, bytes], tmp_path: Path
) -> None:
    checkpoint = tmp_path / "another name"
    again = train(examples, TOKENIZER, SETTINGS, checkpoint=checkpoint, device=CPU)
    assert weights(again) == weights(trained[0])
    assert checksum(checkpoint.read_bytes()) == checksum(trained[1])


def test_a_resumed_run_equals_an_uninterrupted_one(
    examples: list[Example], trained: tuple[ReplyReader, bytes], tmp_path: Path
) -> None:
    checkpoint = tmp_path / "run.checkpoint"
    steps: list[tuple[int, int]] = []
    for stop in (1, 3, None):
        torch.manual_seed(99)  # what the caller does with chance is of no account
        again = train(
            examples,
            TOKENIZER,
            SETTINGS,
            checkpoint=checkpoint,
            stop_after=stop,
            report=lambda step, all_of_them, loss: steps.append((step, all_of_them)),
            device=CPU,
        )
    assert steps == [(step, len(steps)) for step in range(1, len(steps) + 1)]
    assert len(steps) > 4
    assert weights(again) == weights(trained[0])
    assert checksum(checkpoint.read_bytes()) == checksum(trained[1])


def test_training_leaves_the_chance_of_its_caller_alone(examples: list[Example]) -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    train(examples, TOKENIZER, SETTINGS, stop_after=1, device=CPU)
    assert torch.equal(torch.rand(3), expected)
    assert not torch.are_deterministic_algorithms_enabled()


def test_training_teaches(examples: list[Example]) -> None:
    """What was read often enough is known, of whatever kind it is."""
    known = [example for example in examples if example.corpus in {"replies", "quotations"}]
    settings = Settings(epochs=40, batch_tokens=2000, learning_rate=5e-3, average=0.9)
    model = train(known, TOKENIZER, settings, device=CPU)
    scores = predict(model, TOKENIZER, known, settings)[:, :3]
    said = [ON_TOPIC[place] for place in scores.argmax(dim=1).tolist()]
    assert [stance for stance, example in zip(said, known, strict=True) if example.label] == [
        example.label for example in known if example.label
    ]
    for item in encode(TOKENIZER, [example for example in known if example.parts], settings):
        batch = collate([item], [True], SPECIAL)
        with torch.no_grad():
            reading = model(batch.ids, batch.types, batch.mask)
        links = link_scores(reading, 0, batch.parts[0][0], batch.claims[0])
        assert links.argmax() in item.parts[0].targets


def test_a_run_may_start_from_other_weights(examples: list[Example], trained: tuple[ReplyReader, bytes]) -> None:
    start = trained[0].state_dict()
    at_start = train(examples, TOKENIZER, SETTINGS, start=start, stop_after=0, device=CPU)
    assert weights(at_start) == weights(trained[0])
    with pytest.raises(EvaluationError, match="of another network"):
        train(examples, TOKENIZER, SETTINGS, start={"first.bias": start["first.bias"]}, device=CPU)


def test_the_checkpoint_of_another_run_is_refused(
    examples: list[Example], trained: tuple[ReplyReader, bytes], tmp_path: Path
) -> None:
    checkpoint = tmp_path / "run.checkpoint"
    checkpoint.write_bytes(trained[1])
    others = [
        {"examples": examples[1:], "settings": SETTINGS},
        {"examples": examples, "settings": replace(SETTINGS, seed=2)},
        {"examples": examples, "settings": SETTINGS, "start": trained[0].state_dict()},
    ]
    for other in others:
        with pytest.raises(EvaluationError, match="checkpoint of another run"):
            train(tokenizer=TOKENIZER, checkpoint=checkpoint, stop_after=0, device=CPU, **other)


@pytest.mark.parametrize("content", [b"", b"no checkpoint", None])
def test_what_is_no_checkpoint_is_refused(
    examples: list[Example], trained: tuple[ReplyReader, bytes], tmp_path: Path, content: bytes | None
) -> None:
    checkpoint = tmp_path / "run.checkpoint"
    checkpoint.write_bytes(trained[1][: len(trained[1]) // 2] if content is None else content)
    with pytest.raises(EvaluationError, match="cannot be read as a checkpoint"):
        train(examples, TOKENIZER, SETTINGS, checkpoint=checkpoint, stop_after=0, device=CPU)


def test_predictions_are_in_the_order_of_the_examples(
    examples: list[Example], trained: tuple[ReplyReader, bytes]
) -> None:
    scores = predict(trained[0], TOKENIZER, examples, SETTINGS)
    assert scores.shape == (len(examples), 4)
    for place in (0, len(examples) - 1):
        alone = predict(trained[0], TOKENIZER, [examples[place]], SETTINGS)
        assert torch.allclose(alone[0], scores[place], atol=1e-4)
