"""Training the branch of the reply reader that roles are read from: what ``argmine train roles`` runs.

The branch is one layer on states of the reader that are left as they are, so it is trained in minutes, nothing changes
in what the reader says of stances, and cross-validation costs little.  Few threads have annotated roles; so it first
learns from forum posts whose claims were labelled for argmine (:func:`argmine.training.labelled.given_roles`).
"""

import copy
import hashlib
import random
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

import argmine
from argmine.doc import make_doc
from argmine.errors import EvaluationError
from argmine.evaluation import GoldThread
from argmine.models.reading import TITLE_TOKENS, WINDOW, windows
from argmine.pipeline.reader import ReadThread
from argmine.training.examples import Example
from argmine.training.reader import ReplyReader, RoleBranch
from argmine.training.replies import Report, repeatable

DEPTH = 1  # layers; with two, roles come out the same (docs/explanation/experiments.md)
_WARM_UP = 0.1
_AT_ONCE = 8  # windows of a step


class Schedule(NamedTuple):
    """How a branch is trained: ``epochs``; ``rate`` of learning; decay of the running ``average`` of the weights."""

    epochs: int
    rate: float
    average: float


ANNOTATED = Schedule(5, 1e-4, 0.98)  # for the annotated threads
LABELLED = Schedule(3, 2e-4, 0.995)  # for the labelled posts of forums, which are many more


class Window(NamedTuple):
    """A post, or a window of a long one, as the branch gets it.

    ``below`` (L, 384) are the states below the branch; ``claims`` have the first token and the one behind the last,
    and whether it is a premise; ``group`` is the submission.
    """

    below: Tensor
    claims: list[tuple[int, int, bool]]
    group: str


def read_windows(reader: ReplyReader, tokenizer: Tokenizer, gold: Sequence[GoldThread]) -> list[Window]:
    """Read the posts of annotated threads, each once, as the pipeline stage ``argmine_reader`` reads them.

    Parameters
    ----------
    reader : ReplyReader
        On the CPU.
    tokenizer : Tokenizer
        Of its encoder.
    gold : sequence of GoldThread
        Some may be branches of one submission, and share posts.

    Returns
    -------
    list of Window
        Those in which claims are annotated.
    """
    nlp = argmine.load("en_rules")
    found: list[Window] = []
    seen = set()
    with nlp.select_pipes(enable=["quotes", "claim_splitter"]):
        docs = nlp.pipe(make_doc(nlp, one.thread) for one in gold)
        for one, doc in zip(gold, docs, strict=True):
            thread = ReadThread(doc)
            for post in thread.posts:
                shown = thread.input(post)
                if shown.reply and shown not in seen:
                    seen.add(shown)
                    claims = [(c.start, c.end, c.role == "premise") for c in one.claims if c.post == post.id]
                    found += _read(reader, tokenizer, shown, claims, one.group)
    return found


def read_examples(reader: ReplyReader, tokenizer: Tokenizer, examples: Iterable[Example]) -> list[Window]:
    """Read replies with roles of claims; the parameters are those of :func:`read_windows`, examples for threads."""
    found: list[Window] = []
    for example in examples:
        claims = [(part.start, part.end, part.role == "premise") for part in example.parts]
        shown = (example.title, example.answered, example.reply)
        found += _read(reader, tokenizer, shown, claims, example.group)
    return found


def _read(
    reader: ReplyReader, tokenizer: Tokenizer, shown: Sequence[str], claims: list[tuple[int, int, bool]], group: str
) -> list[Window]:
    title, answered, reply = (tokenizer.encode(text, add_special_tokens=False) for text in shown)
    first, between = tokenizer.encode("").ids
    head = [first, *title.ids[:TITLE_TOKENS], between] if title.ids else [first]
    head += [*answered.ids[:WINDOW], between]
    found = []
    for start, end in windows(len(reply.ids)):
        in_sight = []
        for begins, ends, premise in claims:
            inside = [place for place in range(start, end) if _overlap(reply.offsets[place], (begins, ends))]
            if inside:
                shift = len(head) - start
                in_sight.append((inside[0] + shift, inside[-1] + 1 + shift, premise))
        if in_sight:
            ids = torch.tensor([[*head, *reply.ids[start:end], between]])
            types = (torch.arange(ids.shape[1]) >= len(head)).long()[None]
            with torch.no_grad():
                read = reader.encoder(input_ids=ids, token_type_ids=types, output_hidden_states=True)
            found.append(Window(read.hidden_states[-1 - DEPTH][0], in_sight, group))
    return found


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def train_branch(
    reader: ReplyReader,
    windows: Sequence[Window],
    *,
    start: RoleBranch | None = None,
    schedule: Schedule = ANNOTATED,
    seed: int = 1,
    report: Report = lambda step, steps, loss: None,
) -> RoleBranch:
    """Train a branch to tell premises from claims.

    Parameters
    ----------
    reader : ReplyReader
        Which it is a branch of.
    windows : sequence of Window
        Made by :func:`read_windows` or :func:`read_examples` with the same reader.
    start : RoleBranch, optional
        A branch trained before, which is left as it is; without one, the layers of the reader itself.
    schedule : Schedule
        How long and how fast.
    seed : int
        Of everything that chance decides: order and dropout.
    report : callable
        Told, after each step, its number, the number of steps and the loss.

    Returns
    -------
    RoleBranch
        With the averaged weights, ready to use.

    Raises
    ------
    EvaluationError
        If there is no window.
    """
    if not windows:
        raise EvaluationError("There is no annotated claim to train the roles on")
    with repeatable(torch.device("cpu")):
        torch.manual_seed(seed)
        branch = copy.deepcopy(start) if start is not None else RoleBranch(reader, DEPTH)
        branch.train()
        chance = random.Random(seed)
        orders = [chance.sample(range(len(windows)), len(windows)) for _ in range(schedule.epochs)]
        plan = [order[place : place + _AT_ONCE] for order in orders for place in range(0, len(order), _AT_ONCE)]
        optimizer = torch.optim.AdamW(branch.parameters(), lr=schedule.rate, weight_decay=0.01)
        average = {name: value.clone() for name, value in branch.state_dict().items()}
        for step, chosen in enumerate(plan):
            share = min((step + 1) / (_WARM_UP * len(plan)), (len(plan) - step) / ((1 - _WARM_UP) * len(plan)))
            for group in optimizer.param_groups:
                group["lr"] = schedule.rate * share
            loss = _loss(branch, [windows[place] for place in chosen])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(branch.parameters(), 1.0)
            optimizer.step()
            with torch.no_grad():
                for name, value in branch.state_dict().items():
                    average[name].lerp_(value, 1 - min(schedule.average, (2 + step) / (11 + step)))
            report(step + 1, len(plan), loss.item())
    branch.load_state_dict(average)
    branch.eval()
    return branch


def _loss(branch: RoleBranch, windows: Sequence[Window]) -> Tensor:
    scores, labels = [], []
    for window in windows:
        said = branch.premise(functional.dropout(branch(window.below[None])[0], 0.1, branch.training))[:, 0]
        scores += [said[first:last].mean() for first, last, _ in window.claims]
        labels += [float(premise) for *_, premise in window.claims]
    return functional.binary_cross_entropy_with_logits(torch.stack(scores), torch.tensor(labels))


def parts_of(groups: Sequence[str], number: int) -> list[list[str]]:
    """Part submissions for cross-validation, by a hash of their ids.

    Raises
    ------
    EvaluationError
        If there are fewer submissions than parts.
    """
    order = sorted(set(groups), key=lambda group: hashlib.sha256(group.encode()).hexdigest())
    if len(order) < number:
        raise EvaluationError(f"{len(order)} submissions cannot be parted into {number}")
    return [order[part::number] for part in range(number)]
