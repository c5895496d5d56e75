"""Measuring: each thing in a process of its own, so that its peak memory is its own, and the machine it was done on."""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

#: Everything is measured on so many processor cores, where the system lets us choose.
CORES = 2
TESTS = Path(__file__).resolve().parents[1]
_PACKAGES = ("argmine", "spacy", "numpy", "onnxruntime", "tokenizers", "networkx")


class Absent(Exception):
    """Something cannot be measured here; the text says why."""


class Target(NamedTuple):
    """What is asked of a number, what it is, and whether it is as asked."""

    what: str
    asked: str
    reached: str
    met: bool


def keep_to_two_cores() -> None:
    """Keep this process, and those that it starts, to two cores, on Linux."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])


def apart(module: str, function: str, *, python: str = sys.executable, **settings: Any) -> dict[str, Any]:
    """Call a function of a module of ``tests/benchmarks`` in a process of its own.

    Parameters
    ----------
    module, function : str
        Their names.
    python : str
        The Python that runs it.
    **settings
        Plain data, given to the function.

    Returns
    -------
    dict
        What the function returned, with ``peak_mib``, the most memory that the process, or the largest of those that
        it started, has held; or ``absent``, the reason why it cannot be measured here.
    """
    command = [python, str(Path(__file__).resolve()), module, function]
    done = subprocess.run(command, input=json.dumps(settings), stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{module}.{function} failed (exit code {done.returncode}); what it said stands above")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def rounds(work: Callable[[], object], amount: float, *, times: int = 3, warm: bool = True) -> dict[str, Any]:
    """Time some work again and again.

    Returns
    -------
    dict
        ``seconds``, the median, ``shortest``, ``longest``, and ``rate``, ``amount`` over the median.
    """
    if warm:
        work()
    passed = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        passed.append(time.perf_counter() - start)
    return spread(passed) | {"rate": amount / statistics.median(passed)}


def spread(seconds: list[float]) -> dict[str, Any]:
    """Return the median, the shortest and the longest of some times, and how many there are."""
    return {
        "seconds": statistics.median(seconds),
        "shortest": min(seconds),
        "longest": max(seconds),
        "times": len(seconds),
    }


def machine() -> dict[str, Any]:
    """Return what a number depends on beside the code."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "cores used": usable,
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "versions": versions(*_PACKAGES),
    }


def versions(*packages: str) -> dict[str, str]:
    """Return the versions of those packages that are installed."""
    found = {}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or "unknown"


def _peak_mib() -> float:
    """Return the most memory that this process, or the largest that it started and waited for, has held, in MiB."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / unit


def answer(module: str, function: str) -> None:
    """Do, in the other process, what :func:`apart` asks for."""
    try:
        found: dict[str, Any] = getattr(import_module(f"benchmarks.{module}"), function)(**json.load(sys.stdin))
        found |= {"peak_mib": _peak_mib()}
    except ModuleNotFoundError as error:
        found = {"absent": f"{error.name} is not installed"}
    except Absent as error:
        found = {"absent": str(error)}
    sys.stdout.write(f"\n{json.dumps(found)}\n")


if __name__ == "__main__":
    sys.path[0] = str(TESTS)  # not this folder: no module in it should hide a package
    import_module("benchmarks.measuring").answer(*sys.argv[1:])
