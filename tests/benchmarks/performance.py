"""How fast argmine is, and what it needs: ``python tests/benchmarks/performance.py [PART …]``.

Measures the parts, keeps the numbers as JSON beside the page, one file for each part, and makes the page and its plots
from all that are kept.  So a part can be measured again alone.  On an idle machine all of it takes about 20 minutes.
Nothing is downloaded; a rival whose packages are not installed is left out, and the page says so.
"""

import argparse
import json
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[0] = str(TESTS)

from benchmarks.measuring import keep_to_two_cores, machine  # noqa: E402 - found by the line above
from benchmarks.performance_page import FOLDER, PARTS, write_page  # noqa: E402

_DOCS = TESTS.parent / "docs" / "reference"
_TRIED = TESTS.parent / "build"


def main() -> None:
    """Measure, keep and write."""
    given = _arguments()
    if find_spec("matplotlib") is None:
        raise SystemExit("The plots need matplotlib: pip install matplotlib")
    folder = given.out or (_TRIED if given.quick else _DOCS)
    kept = folder / FOLDER
    kept.mkdir(parents=True, exist_ok=True)
    keep_to_two_cores()
    if not given.render:
        for name in given.parts or PARTS:
            start = time.perf_counter()
            print(f"{name} …", flush=True)
            _keep(kept / f"{name}.json", PARTS[name].measure(quick=given.quick, others=given.others), quick=given.quick)
            print(f"{name}: {time.perf_counter() - start:.0f} s", flush=True)
    write_page(read(kept), folder)
    print(f"Written: {folder / 'performance.md'}")


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what is kept of each part."""
    files = {name: folder / f"{name}.json" for name in PARTS}
    return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in files.items() if path.exists()}


def _keep(path: Path, found: dict[str, Any], *, quick: bool) -> None:
    data = {"machine": machine(), "quick": quick, "found": found}
    path.write_text(json.dumps(_rounded(data), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _rounded(data: Any) -> Any:
    """Return plain data with five digits of each number that count: more are noise."""
    if isinstance(data, dict):
        return {key: _rounded(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_rounded(value) for value in data]
    return float(f"{data:.5g}") if isinstance(data, float) else data


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all of them if none is named")
    parser.add_argument("--quick", action="store_true", help="try it out with a few posts; written to build/")
    parser.add_argument("--render", action="store_true", help="measure nothing, make the page from what is kept")
    parser.add_argument("--out", type=Path, help="folder of the page instead of docs/reference")
    parser.add_argument(
        "--others",
        default=sys.executable,
        metavar="PYTHON",
        help="the Python that has torch, transformers and scikit-learn, if it is not this one",
    )
    given = parser.parse_args()
    unknown = [name for name in given.parts if name not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]!r}; the parts are: {', '.join(PARTS)}")
    return given


if __name__ == "__main__":
    main()
