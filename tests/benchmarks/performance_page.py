"""The page of performance: what was measured, as Markdown with tables and plots."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks import dumps, encoder, growth, performance_plots, side_by_side, start_up, updating
from benchmarks.performance_tables import table

#: The parts by the names of their files, in the order of the page.
PARTS: dict[str, ModuleType] = {
    "side_by_side": side_by_side,
    "growth": growth,
    "dumps": dumps,
    "encoder": encoder,
    "start_up": start_up,
    "updating": updating,
}
#: The page with the calculation for very many posts, whose table is made here as well.
SCALE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "scale.md"
_PLAN = re.compile(r"<!-- plan -->.*<!-- /plan -->", re.DOTALL)
#: Of the folder beside the page, which has what was measured.
FOLDER = "performance"

_ABOUT = """\
Made by `python tests/benchmarks/performance.py` from the numbers in `docs/reference/performance/`. Do not edit: run it
again, all of it or one part (`python tests/benchmarks/performance.py growth`), on a machine that does nothing else.

All threads are made by rule from a seed (`tests/benchmarks/synthetic.py`), the same for everyone. Times are wall time
on two processor cores. Where something is timed more than once, the median counts. Compare the ratios with those of
another machine, not the seconds."""
_QUICK = "**A try-out with a few posts (`--quick`): these numbers mean nothing.**"


def write_page(found: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """Write ``performance.md`` into a folder, and its plots into a folder beside it.

    Parameters
    ----------
    found : mapping
        For each of :data:`PARTS` that was measured: ``machine``, ``quick`` and ``found``.
    folder : path
        Of the page.
    """
    plots = folder / FOLDER
    plots.mkdir(parents=True, exist_ok=True)
    drawn = {
        name: performance_plots.PLOTS[name](found[name]["found"], plots)
        for name in performance_plots.PLOTS
        if _is_measured(found, name)
    }
    (folder / "performance.md").write_text(page(found, drawn), encoding="utf-8")
    if _is_measured(found, "dumps") and folder.resolve() == SCALE.parents[1] / "reference":
        SCALE.write_text(with_plan(SCALE.read_text(encoding="utf-8"), found["dumps"]["found"]), encoding="utf-8")


def with_plan(text: str, found: Mapping[str, Any]) -> str:
    """Return the page on very many posts with the table that follows from what was measured."""
    return _PLAN.sub(f"<!-- plan -->\n{dumps.plan(dict(found))}\n<!-- /plan -->", text)


def page(found: Mapping[str, Mapping[str, Any]], plots: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """Return the page; ``plots`` has, for each part, the names of its plots with what they show."""
    blocks = ["# Performance", _ABOUT]
    if any(each["quick"] for each in found.values()):
        blocks.append(_QUICK)
    blocks += ["## What is asked, and what is reached", _asked(found), "## The machine", _machines(found)]
    for name, part in PARTS.items():
        blocks.append(f"## {part.TITLE}")
        if name not in found:
            blocks.append("Not measured yet.")
        elif not _is_measured(found, name):
            blocks.append(f"Not measured: {found[name]['found']['absent']}.")
        else:
            blocks += [f"![{alt}]({FOLDER}/{file})" for file, alt in plots.get(name, ())]
            blocks += part.section(found[name]["found"])
    return "\n\n".join(blocks) + "\n"


def _is_measured(found: Mapping[str, Mapping[str, Any]], name: str) -> bool:
    return name in found and "absent" not in found[name]["found"]


def _asked(found: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        [target.what, target.asked, target.reached, "met" if target.met else "**missed**"]
        for name, part in PARTS.items()
        if _is_measured(found, name)
        for target in part.targets(found[name]["found"])
    ]
    return table(["", "asked", "reached", ""], rows) if rows else "Not measured yet."


def _machines(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the facts of the machine; of each of them, where parts were measured on several."""
    described: dict[str, list[str]] = {}
    for name, each in found.items():
        facts = dict(each["machine"])
        versions = ", ".join(f"{package} {text}" for package, text in facts.pop("versions").items())
        line = ", ".join(f"{key} {value}" for key, value in facts.items())
        described.setdefault(f"{line}; {versions}.", []).append(PARTS[name].TITLE)
    if len(described) <= 1:
        return "".join(described) or "Not measured yet."
    return "\n".join(f"- {', '.join(titles)}: {line}" for line, titles in described.items())
