"""Training the reply reader: what ``argmine train replies`` runs.

Everything that chance decides (order, dropout, dropped titles) is drawn from the seed and the number of the step, so
a run that was interrupted and resumed gives the same weights as one that was not.  On the CPU, with the same number of
threads, two runs give the same bytes.
"""

import hashlib
import json
import os
import pickle
import random
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor

from argmine.errors import EvaluationError
from argmine.training.augment import misspell
from argmine.training.batches import Item, collate, encode, plan_batches
from argmine.training.examples import Example
from argmine.training.objective import log_priors, loss_of
from argmine.training.reader import ReplyReader, pool
from argmine.training.settings import Settings
from argmine.writers.atomic import whole_file

_SMOOTHED = 50  # steps whose mean loss is reported
_AT_ONCE = 32  # inputs of a batch that is only judged

Report = Callable[[int, int, float], None]


def choose_device() -> torch.device:
    """Return the first CUDA device if there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def train(
    examples: Sequence[Example],
    tokenizer: Tokenizer,
    settings: Settings,
    *,
    start: Mapping[str, Tensor] | None = None,
    checkpoint: Path | None = None,
    every: int = 200,
    stop_after: int | None = None,
    report: Report = lambda step, steps, loss: None,
    device: torch.device | None = None,
) -> ReplyReader:
    """Train the reply reader.

    Parameters
    ----------
    examples : sequence of Example
        What to train on.
    tokenizer : Tokenizer
        Of the encoder.
    settings : Settings
        How.
    start : mapping, optional
        Weights to start from, by name; by default those of the pretrained encoder.
    checkpoint : path, optional
        A file to continue from, if it is there, and to write to.
    every : int
        Steps between two writings of it.
    stop_after : int, optional
        Stop before this step, having written the checkpoint.
    report : callable
        Told, after each step, its number, the number of steps and the mean loss of the last 50.
    device : torch.device, optional
        By default that of :func:`choose_device`.

    Returns
    -------
    ReplyReader
        With the averaged weights, ready to use.

    Raises
    ------
    EvaluationError
        If the checkpoint is of another run, or the weights to start from are of another network.
    """
    device = device or choose_device()
    with repeatable(device):
        torch.manual_seed(settings.seed)
        model = ReplyReader().train()
        if start is not None:
            load_weights(model, start)
        items = encode(tokenizer, examples, settings)
        errors = random.Random(f"{settings.seed} errors")
        misspelt = encode(tokenizer, [_with_errors(example, errors) for example in examples], settings)
        plan = [batch for epoch in range(settings.epochs) for batch in plan_batches(items, settings, epoch)]
        run = _Run(model.to(device), settings, steps=len(plan), name=_fingerprint(items, settings, start))
        if checkpoint is not None and checkpoint.exists():
            run.load(checkpoint)
        priors, special = log_priors(examples), _special(tokenizer)
        losses: deque[float] = deque(maxlen=_SMOOTHED)
        last = len(plan) if stop_after is None else min(stop_after, len(plan))
        for step in range(run.step, last):
            torch.manual_seed(settings.seed * 1_000_003 + step)
            chance = random.Random(f"{settings.seed} step {step}")
            errors = random.Random(f"{settings.seed} errors {step}")
            chosen = [(misspelt if errors.random() < settings.misspelt else items)[place] for place in plan[step]]
            batch = collate(chosen, [chance.random() >= settings.title_dropout for _ in chosen], special)
            loss = loss_of(model, batch.to(device), priors, settings)
            run.follow(loss)
            losses.append(loss.item())
            report(run.step, len(plan), sum(losses) / len(losses))
            if checkpoint is not None and (run.step % every == 0 or run.step == last):
                run.save(checkpoint)
    model.load_state_dict(run.average)
    return model.eval()


class _Run:
    """A run of the training, as far as a checkpoint holds it.

    Parameters
    ----------
    model : ReplyReader
        At its start.
    settings : Settings
        How it is trained.
    steps : int
        Of the whole run.
    name : str
        Tells runs apart.
    """

    def __init__(self, model: ReplyReader, settings: Settings, *, steps: int, name: str) -> None:
        self.model, self.name, self.step, self.decay = model, name, 0, settings.average
        self.average = {key: value.detach().clone() for key, value in model.state_dict().items()}
        self.trained = [value for value in model.parameters() if value.requires_grad]
        self.optimizer = torch.optim.AdamW(self.trained, lr=settings.learning_rate, weight_decay=0.01)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda step: _rate(step, steps, settings.warm_up)
        )

    def follow(self, loss: Tensor) -> None:
        """Take one step down the slope of a loss, and the average of the weights with it."""
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimizer.step()
        self.schedule.step()
        decay = min(self.decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for key, value in self.model.state_dict().items():
                if value.is_floating_point():
                    self.average[key].lerp_(value, 1 - decay)
        self.step += 1

    def save(self, path: Path) -> None:
        """Write the checkpoint; its bytes do not depend on its name, nor on whether the run was resumed."""
        saved = {
            "run": self.name,
            "step": self.step,
            "model": self.model.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
        }
        with whole_file(path) as file:
            torch.save(_plain(saved), file)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint."""
        try:
            saved = torch.load(path, weights_only=True, map_location=next(self.model.parameters()).device)
            name = saved["run"]
        except (OSError, RuntimeError, EOFError, KeyError, TypeError, pickle.UnpicklingError) as error:
            raise EvaluationError(f"{path} cannot be read as a checkpoint", "Delete it, or name another.") from error
        if name != self.name:
            raise EvaluationError(
                f"{path} is the checkpoint of another run (other data, settings or start)",
                "Delete it, or name another.",
            )
        self.model.load_state_dict(saved["model"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.schedule.load_state_dict(saved["schedule"])
        self.average, self.step = saved["average"], saved["step"]


def _plain(value: Any) -> Any:
    """Return a value of which equal strings are one object: pickle writes what is one only once."""
    if isinstance(value, str):
        return sys.intern(value)
    if isinstance(value, dict):
        return {_plain(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def load_weights(model: ReplyReader, weights: Mapping[str, Tensor]) -> None:
    """Give a network weights that were trained before.

    Raises
    ------
    EvaluationError
        If they are of another network.
    """
    try:
        model.load_state_dict(dict(weights))
    except RuntimeError as error:
        raise EvaluationError("The weights to start from are of another network than this argmine trains") from error


def predict(model: ReplyReader, tokenizer: Tokenizer, examples: Sequence[Example], settings: Settings) -> Tensor:
    """Return the scores (n, 4) of examples, in their order, on the CPU."""
    items = encode(tokenizer, examples, settings)
    device = next(model.parameters()).device
    order = sorted(range(len(items)), key=lambda place: items[place].width)
    scores = torch.zeros(len(items), 4)
    with torch.no_grad():
        for start in range(0, len(order), _AT_ONCE):
            chosen = order[start : start + _AT_ONCE]
            batch = collate([items[place] for place in chosen], [True] * len(chosen), _special(tokenizer)).to(device)
            reading = model(batch.ids, batch.types, batch.mask)
            scores[chosen] = (reading.first + pool(reading.words, batch.reply)).cpu()
    return scores


@contextmanager
def repeatable(device: torch.device) -> Iterator[None]:
    """Let torch compute the same every time, and leave its random numbers and settings as they were."""
    before = torch.are_deterministic_algorithms_enabled()
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # what cuBLAS needs for it
    torch.use_deterministic_algorithms(True)
    try:
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            yield
    finally:
        torch.use_deterministic_algorithms(before)


def _with_errors(example: Example, chance: random.Random) -> Example:
    answered, reply = misspell(example.answered, chance), misspell(example.reply, chance)
    return replace(example, answered=answered, reply=reply)


def _special(tokenizer: Tokenizer) -> tuple[int, int]:
    first, between = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    assert first is not None
    assert between is not None
    return first, between


def _rate(step: int, steps: int, warm_up: float) -> float:
    rising = max(1, int(steps * warm_up))
    return (step + 1) / rising if step < rising else max(0.0, (steps - step) / max(1, steps - rising))


def _fingerprint(items: Sequence[Item], settings: Settings, start: Mapping[str, Tensor] | None) -> str:
    known = hashlib.sha256(json.dumps(asdict(settings), sort_keys=True).encode())
    for item in items:
        known.update(repr((*item[:5], item.example.label, item.example.weight, item.example.passes)).encode())
    for name, value in sorted((start or {}).items()):
        known.update(name.encode() + value.cpu().numpy().tobytes())
    return known.hexdigest()
