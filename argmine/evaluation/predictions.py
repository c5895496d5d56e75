"""Judgements kept in a file, one JSON object a line, and the comparison of two such files."""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from argmine.errors import EvaluationError
from argmine.evaluation.matching import ThreadOutcome
from argmine.evaluation.stances import Judgement


@dataclass(frozen=True)
class McNemar:
    """McNemar's test of two systems on the same items.

    Parameters
    ----------
    only_first, only_second : int
        Items that only the one or only the other got right.
    method : str
        ``"exact"`` (binomial, two-sided; below 25 differing items) or ``"chi-squared"`` (with continuity
        correction).
    p_value : float or None
        ``None`` if there is no item on which they differ.
    """

    only_first: int
    only_second: int
    method: str
    p_value: float | None


@dataclass(frozen=True)
class Comparison:
    """Two systems on the same items.

    Parameters
    ----------
    items : int
        Items that both judged; only these are compared.
    only_in_first, only_in_second : int
        Items that only one of them judged.
    first_accuracy, second_accuracy : float
        Share of right decisions among four stances, over the shared items.
    test : McNemar
        Whether they differ.
    """

    items: int
    only_in_first: int
    only_in_second: int
    first_accuracy: float
    second_accuracy: float
    test: McNemar


def compare(first: Iterable[Judgement], second: Iterable[Judgement]) -> Comparison:
    """Compare two systems by McNemar's test on the items that both judged, joined by corpus and id.

    Raises
    ------
    EvaluationError
        If they share no item, an item occurs twice, or the gold labels differ.
    """
    one, other = _by_name(first), _by_name(second)
    shared = [name for name in one if name in other]
    if not shared:
        raise EvaluationError("The two prediction files share no item", "Compare predictions for the same pairs.")
    for name in shared:
        if one[name].gold != other[name].gold:
            raise EvaluationError(f"Item {name}: gold is {one[name].gold!r} and {other[name].gold!r}")
    right = [(_is_right(one[name]), _is_right(other[name])) for name in shared]
    return Comparison(
        items=len(shared),
        only_in_first=len(one) - len(shared),
        only_in_second=len(other) - len(shared),
        first_accuracy=sum(a for a, _ in right) / len(right),
        second_accuracy=sum(b for _, b in right) / len(right),
        test=mcnemar(right.count((True, False)), right.count((False, True))),
    )


def mcnemar(only_first: int, only_second: int) -> McNemar:
    """Test whether two systems differ, from the items that only one of them got right (McNemar 1947)."""
    n = only_first + only_second
    if n < 25:
        tail = sum(math.comb(n, k) for k in range(min(only_first, only_second) + 1)) / 2**n
        return McNemar(only_first, only_second, "exact", min(1.0, 2 * tail) if n else None)
    # the difference may be 0: the correction must not turn that into evidence
    chi_squared = max(0, abs(only_first - only_second) - 1) ** 2 / n
    return McNemar(only_first, only_second, "chi-squared", math.erfc(math.sqrt(chi_squared / 2)))


def write_predictions(judgements: Iterable[Judgement], path: Path | str) -> None:
    """Write judgements to a file, one JSON object a line; a failure leaves no half file."""
    _write_lines((asdict(judgement) for judgement in judgements), path)


def write_outcomes(outcomes: Iterable[ThreadOutcome], path: Path | str) -> None:
    """Write what was right and wrong in each thread to a file, one JSON object a line; no half file."""
    _write_lines((asdict(outcome) for outcome in outcomes), path)


def read_predictions(path: Path | str) -> list[Judgement]:
    """Read judgements back.

    Raises
    ------
    EvaluationError
        If the file cannot be read, or a line is no judgement.
    """
    path = Path(path)
    names = {field.name for field in fields(Judgement)}
    judgements = []
    number = 0
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):  # noqa: B007 - told in the error
                row = json.loads(line)
                judgements.append(Judgement(**{name: row[name] for name in names}))
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read ({error.strerror})") from error
    except (ValueError, TypeError, KeyError, EvaluationError) as error:
        raise EvaluationError(
            f"{path}, line {number}: no prediction ({error})",
            "Write one with: argmine evaluate pairs --predictions.",
        ) from error
    return judgements


def _write_lines(rows: Iterable[dict[str, Any]], path: Path | str) -> None:
    """Write JSON lines to a temporary file beside the target, then rename it."""
    path = Path(path)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        part.replace(path)
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written ({error.strerror})") from error
    finally:
        part.unlink(missing_ok=True)


def _is_right(judgement: Judgement) -> bool:
    return judgement.stance == judgement.gold


def _by_name(judgements: Iterable[Judgement]) -> dict[tuple[str, str], Judgement]:
    found: dict[tuple[str, str], Judgement] = {}
    for judgement in judgements:
        name = (judgement.corpus, judgement.id)
        if name in found:
            raise EvaluationError(f"Item {name} is predicted twice")
        found[name] = judgement
    return found
