"""What is held out of training, and the check that nothing of the evaluation is trained on."""

import hashlib
from collections.abc import Iterable, Sequence

from argmine.errors import EvaluationError
from argmine.evaluation import Pair
from argmine.training.examples import Example
from argmine.training.labelled import normal

_TRIVIAL = 4  # words: "I agree." may stand in both without telling anything


def hold_out(examples: Sequence[Example], share: float) -> tuple[list[Example], list[Example]]:
    """Part examples into those to train on and those held out, never parting a thread or a shared text.

    Parameters
    ----------
    examples : sequence of Example
        All of them.
    share : float
        About how many are held out, 0 to 1; which ones is decided by a hash of their connected texts and threads.

    Returns
    -------
    train, held : list of Example
    """
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    names = [_connecting(example) for example in examples]
    for first, *others in names:
        joined = find(first)
        for other in others:
            root[find(other)] = joined
    train: list[Example] = []
    held: list[Example] = []
    for example, (first, *_) in zip(examples, names, strict=True):
        digest = hashlib.sha256(find(first).encode()).digest()
        (held if digest[0] / 256 < share else train).append(example)
    return train, held


def check_leaks(examples: Iterable[Example], dev: Iterable[Pair]) -> None:
    """Fail if a text that is trained on, the answered one or the reply, occurs in the pairs to evaluate on.

    Texts of up to four words are let pass: they stand in every forum.

    Raises
    ------
    EvaluationError
        With the first text that does.
    """
    kept = {normal(text): pair for pair in dev for text in (pair.parent, pair.reply)}
    for example in examples:
        for text in (example.answered, example.reply):
            pair = kept.get(normal(text))
            if pair is not None and len(text.split()) > _TRIVIAL:
                raise EvaluationError(
                    f"A text of {example.corpus} that is trained on is also in {pair.corpus} (pair {pair.id!r}), "
                    f"which is for evaluation: {text[:60]!r}",
                    "Leave it out of the recipe, or split by thread.",
                )


def _connecting(example: Example) -> list[str]:
    """Return what an example may have in common with others that must be on the same side."""
    texts = [normal(text) for text in (example.answered, example.reply) if text]
    return [f"{example.corpus}\0{example.group}", *texts] if example.group else texts
