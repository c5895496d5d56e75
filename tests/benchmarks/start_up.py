"""How long one waits before anything happens: import, help, and the first graph of a new process."""

import subprocess
import sys
import time
from collections import Counter
from typing import Any

from benchmarks.measuring import TESTS, Target, spread
from benchmarks.performance_tables import seconds, table

TITLE = "Start-up"
_EXAMPLE = TESTS.parent / "examples" / "threads" / "blog.txt"
_FIRST = "import argmine; argmine.mine(argmine.read_thread({path!r}), argmine.load({name!r}))"
_COMMANDS = {
    "Python alone": ["-c", "pass"],
    "`import argmine`": ["-c", "import argmine"],
    "`argmine --help`": ["-m", "argmine", "--help"],
    "first graph, `en`": ["-c", _FIRST.format(path=str(_EXAMPLE), name="en")],
    "first graph, `en_rules`": ["-c", _FIRST.format(path=str(_EXAMPLE), name="en_rules")],
}
_ASKED = {"`import argmine`": 0.3, "`argmine --help`": 0.5, "first graph, `en`": 3.0}
_MOST = 8  # packages that are named

_ABOUT = """\
Wall time of a whole process, from its start to its end, Python itself included. The files are in the system's cache: a
first run is not counted. The first graph is that of `examples/threads/blog.txt`, read, mined and thrown away."""


def measure(*, quick: bool, others: str) -> dict[str, Any]:
    """Time each command, in turn."""
    times = 2 if quick else 11
    passed: dict[str, list[float]] = {name: [] for name in _COMMANDS}
    for number in range(times + 1):
        for name, command in _COMMANDS.items():
            taken = _wall_time(command)
            if number:
                passed[name].append(taken)
    return {
        "commands": {name: spread(times) for name, times in passed.items()},
        "imports": _imports(_COMMANDS["first graph, `en`"]),
    }


def targets(found: dict[str, Any]) -> list[Target]:
    """Return what was asked of the medians."""
    medians = {name: each["seconds"] for name, each in found["commands"].items()}
    return [
        Target(name, f"< {most} s", f"{medians[name]:.2f} s", medians[name] < most)
        for name, most in _ASKED.items()
        if name in medians
    ]


def section(found: dict[str, Any]) -> list[str]:
    """Return the section as blocks of Markdown."""
    rows = [
        [name, *(seconds(each[which]) for which in ("shortest", "seconds", "longest"))]
        for name, each in found["commands"].items()
    ]
    imports = table(["package", "time of its own"], [[f"`{name}`", seconds(took)] for name, took in found["imports"]])
    return [
        _ABOUT,
        table(["", "best", "median", "worst"], rows),
        "Where the imports of a first graph with `en` spend their time, by `python -X importtime`, which slows them:",
        imports,
    ]


def _wall_time(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _imports(command: list[str]) -> list[tuple[str, float]]:
    """Return the packages whose modules take longest to be imported, with their seconds."""
    said = subprocess.run([sys.executable, "-X", "importtime", *command], check=True, capture_output=True, text=True)
    spent: Counter[str] = Counter()
    for line in said.stderr.splitlines():
        if line.startswith("import time:") and "[us]" not in line:
            own, _, name = line.removeprefix("import time:").split("|")
            spent[name.strip().partition(".")[0]] += int(own)
    return [(name, microseconds / 1e6) for name, microseconds in spent.most_common(_MOST)]
