"""Running the reply reader: one reading of (title, answered post; reply), on the CPU, without torch.

Texts longer than a window are read window by window.  Each input is read alone: the scale of eight-bit activations is
taken over what is read together, so in a batch the reading of one reply would depend on the others.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from argmine.errors import PipelineError

Floats = npt.NDArray[np.float32]

TITLE_TOKENS = 24  # tokens of a title that are read
WINDOW = 200  # tokens of the answered post, and of the reply, that are read at once
_MOST_WINDOWS = 4  # of a post; what lies behind is not read
_WIDTH = 384  # of a state


class Input(NamedTuple):
    """A reply with what it answers; ``answered`` is empty for an opening post."""

    title: str
    answered: str
    reply: str


class Tokens(NamedTuple):
    """The tokens of a text that were read: where each begins and ends in the text, and its state (n, 384)."""

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    states: Floats

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Return the first token between two characters, and the one behind the last."""
        return int(self.ends.searchsorted(start, side="right")), int(self.starts.searchsorted(end, side="left"))

    def mean(self, start: int, end: int) -> Floats | None:
        """Return the mean state of the tokens between two characters, or ``None`` if none was read there."""
        first, last = self.between(start, end)
        return self.states[first:last].mean(axis=0) if first < last else None


class Reading(NamedTuple):
    """What was read of one input.

    ``first`` (384,) is the state of the first token, which stands for the whole input; ``reply`` are the tokens of
    the reply, read with the first window of the answered post, and ``roles`` (n, 384) the states of these tokens in the
    branch that roles are read from, 0 if the network has none.  ``pair`` are those of the reply and of
    the answered post as they are compared with each other, read with all its windows; ``None`` unless it was asked for.
    """

    first: Floats
    reply: Tokens
    roles: Floats
    pair: tuple[Tokens, Tokens] | None


class Heads(NamedTuple):
    """The linear layers on the states, each a matrix (inputs x outputs) and a bias.

    ``first`` and ``words`` give the scores of the four stances, which are added up, ``premise`` how much of a premise
    a claim is; the product of ``answering`` and ``answered`` (64) tells whether a claim answers another.
    """

    first: tuple[Floats, Floats]
    words: tuple[Floats, Floats]
    premise: tuple[Floats, Floats]
    answering: tuple[Floats, Floats]
    answered: tuple[Floats, Floats]


class ReplyModel:
    """A reply reader: an encoder and the linear layers on the states of its tokens.

    Parameters
    ----------
    name : str
        Of a folder in ``argmine/models``, or else the path of one that ``argmine train replies`` wrote.
    threads : int
        Inputs that are read at the same time; 0 for as many as the process has cores.

    Raises
    ------
    PipelineError
        If the weights are missing or damaged.
    """

    def __init__(self, name: str, *, threads: int = 0) -> None:
        import onnxruntime  # noqa: PLC0415 - 0.2 s, which the rules need not pay
        from tokenizers import Tokenizer  # noqa: PLC0415

        shipped = files("argmine.models") / name
        own = Path(name).name == name and (shipped.is_dir() or not Path(name).is_dir())
        folder = shipped if own else Path(name)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # several inputs at once are faster than several threads on one
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            with as_file(folder / "model.onnx") as path:
                self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
            with (folder / "heads.npz").open("rb") as file:
                layers = dict(np.load(file))
            self.heads = Heads(*((layers[f"{name}.weight"].T, layers[f"{name}.bias"]) for name in Heads._fields))
        except Exception as error:  # onnxruntime and tokenizers raise classes of their own, and bare Exception
            raise PipelineError(
                f"The weights of {name!r} are missing or damaged ({type(error).__name__})",
                "Install argmine again: pip install --force-reinstall argmine; "
                'or use the pipeline without weights: argmine.load("en_rules").'
                if own
                else "Name a folder that 'argmine train replies' has written.",
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._opening, self._between = self._tokenizer.encode("").ids
        self._threads = threads or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else [0, 1])

    def read(self, inputs: Sequence[Input], *, pairs: bool = False) -> Iterator[Reading]:
        """Read inputs and yield what was read of each, in their order; ``pairs`` asks for what is compared as well."""
        texts = {text: None for one in inputs for text in one}
        encoded = dict(zip(texts, self._tokenizer.encode_batch(list(texts), add_special_tokens=False), strict=True))
        if self._threads == 1 or len(inputs) == 1:
            yield from (self._read(one, encoded, pairs) for one in inputs)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            yield from pool.map(lambda one: self._read(one, encoded, pairs), inputs)

    def _read(self, one: Input, encoded: dict[str, Any], pairs: bool) -> Reading:
        title, answered, reply = (encoded[text] for text in one)
        head = [self._opening, *title.ids[:TITLE_TOKENS], self._between] if title.ids else [self._opening]
        replies = windows(len(reply.ids))
        n_reply, n_answered = replies[-1][1], min(len(answered.ids), _MOST_WINDOWS * WINDOW)
        posts = [(start, min(start + WINDOW, n_answered)) for start in range(0, max(1, n_answered), WINDOW)]
        posts = posts[: None if pairs else 1]
        first = np.zeros(_WIDTH, dtype=np.float32)
        read, roles = (np.zeros((n_reply, _WIDTH), dtype=np.float32) for _ in range(2))
        answering = np.zeros((n_reply, _WIDTH), dtype=np.float32)
        offered = np.zeros((n_answered, _WIDTH), dtype=np.float32)
        for reply_start, reply_end in replies:
            for start, end in posts:
                states, *others = self._run(head, answered.ids[start:end], reply.ids[reply_start:reply_end])
                at = len(head) + end - start + 1
                mine = states[at : at + reply_end - reply_start]
                if start == 0:
                    read[reply_start:reply_end] = mine
                    if others:
                        roles[reply_start:reply_end] = others[0][at : at + len(mine)]
                    first += states[0] * np.float32(1 / len(replies))
                answering[reply_start:reply_end] += mine / np.float32(len(posts))
                offered[start:end] += states[len(head) : len(head) + end - start] / np.float32(len(replies))
        pair = (_tokens(reply, answering), _tokens(answered, offered)) if pairs else None
        return Reading(first, _tokens(reply, read), roles, pair)

    def _run(self, head: list[int], answered: list[int], reply: list[int]) -> list[Floats]:
        """Return the states of an input, and those of its branch for roles if the network has one."""
        ids = [*head, *answered, self._between, *reply, self._between]
        types = [0] * (len(head) + len(answered) + 1) + [1] * (len(reply) + 1)
        found: list[Floats] = self._session.run(None, {"ids": np.array([ids]), "types": np.array([types])})
        return found


def windows(length: int) -> list[tuple[int, int]]:
    """Part the tokens of a text, as far as it is read, into windows of nearly the same number; an empty one has one."""
    length = min(length, _MOST_WINDOWS * WINDOW)
    number = max(1, -(-length // WINDOW))
    bounds = [length * place // number for place in range(number + 1)]
    return list(pairwise(bounds))


def _tokens(encoding: Any, states: Floats) -> Tokens:
    offsets = np.array(encoding.offsets[: len(states)], dtype=np.int64).reshape(-1, 2)
    return Tokens(offsets[:, 0], offsets[:, 1], states)


@cache
def _open(name: str, threads: int, process: int) -> ReplyModel:
    return ReplyModel(name, threads=threads)


def open_model(name: str, *, threads: int = 0) -> ReplyModel:
    """Return a model, opened once per process: what a session has opened does not survive a fork."""
    return _open(name, threads, os.getpid())
