"""The folder that a run writes, which a kill at any moment leaves so that the run can go on.

.. code-block:: text

    run.json                     what the run was begun with, and its totals when it is finished
    nodes/part-00000.parquet     posts and claims
    edges/part-00000.parquet     replies and relations
    threads/part-00000.parquet   a row for each thread; where it is, the part is done
    graphs/part-00000/           in place of nodes and edges: a graph file for each thread
    errors.jsonl                 what could not be read or mined, from the tables of threads

Files appear whole, by renaming, and that of the threads last, so what else lies around of its part is of no part.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from argmine.arrow import edges_of, mined_schema, nodes_of
from argmine.batch.facts import check_same
from argmine.batch.inputs import Entry, Place
from argmine.errors import ArgmineError
from argmine.writers.atomic import whole_file

_KEYS = ("input", "number", "thread")
_UNFINISHED = re.compile(r"\.[0-9a-f]+\.part")  # as whole_file calls what it writes
_PART = re.compile(r"part-(\d{5,})(?:\.parquet)?")


class Tally(NamedTuple):
    """Threads, posts and claims that were mined, and rows that say why something was not."""

    threads: int = 0
    posts: int = 0
    claims: int = 0
    errors: int = 0

    def plus(self, rows: Any) -> "Tally":
        """Return the tally with the rows of a table of threads added."""
        compute = import_module("pyarrow.compute")
        errors = len(rows) - rows.column("error").null_count
        posts, claims = (compute.sum(rows.column(name)).as_py() or 0 for name in ("n_posts", "n_claims"))
        added = (len(rows) - errors, posts, claims, errors)
        return Tally(*(before + more for before, more in zip(self, added, strict=True)))


def threads_schema() -> Any:
    """Return the schema of the table of threads, as a ``pyarrow.Schema``."""
    arrow = import_module("pyarrow")
    mined = [field for field in mined_schema() if field.name not in {"nodes", "edges"}]
    return arrow.schema(
        [("input", arrow.string()), ("number", arrow.int64()), *mined[:-1], ("file", arrow.string()), mined[-1]]
    )


def with_places(mined: Any, entries: Sequence[Entry], files: Sequence[str | None]) -> Any:
    """Return what was mined with three columns more: the input, the number in it, and the graph file."""
    arrow = import_module("pyarrow")
    columns = {
        "input": arrow.array([entry.input for entry in entries], arrow.string()),
        "number": arrow.array([entry.number for entry in entries], arrow.int64()),
        "file": arrow.array(files, arrow.string()),
        **{name: mined.column(name) for name in mined.schema.names},
    }
    return arrow.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


class RunFolder:
    """The folder of a run, begun anew or gone on with.

    Parameters
    ----------
    path : Path
        The folder.
    facts : dict
        What the run is begun with.
    resume : bool
        Whether to go on with a run that is there.

    Attributes
    ----------
    graphs : Path
        Where graph files go, in a folder for each part.
    next_part : int
        Number of the part that is to be written.
    last_place : Place or None
        Of the last row that is written.
    tally : Tally
        Of all rows that are written.
    is_finished : bool
        Whether nothing is left to do.

    Raises
    ------
    ArgmineError
        If the folder is not empty, holds no run, or one that was begun with something else.
    """

    def __init__(self, path: Path, facts: dict[str, Any], *, resume: bool) -> None:
        self._path, self._facts = path, facts
        self.graphs = path / "graphs"
        self.next_part = 0
        self.last_place: Place | None = None
        self.tally = Tally()
        self.is_finished = False
        self._begin(resume)

    def _begin(self, resume: bool) -> None:
        before = _run_facts(self._path)
        if before is None and any(not _UNFINISHED.fullmatch(each.name) for each in _inside(self._path)):
            raise ArgmineError(f"{self._path}: the folder is not empty, and holds no run", "Name a new folder.")
        if before is not None and not resume:
            raise ArgmineError(f"{self._path}: there is a run in it", "Go on with it (--resume), or name a new folder.")
        if before is None:
            self._path.mkdir(parents=True, exist_ok=True)
            self._write_facts(None)
            return
        finished = before.pop("finished", None)
        check_same(before, self._facts, str(self._path))
        self._take_stock()
        self.is_finished = finished is not None

    def _take_stock(self) -> None:
        """Find out what is done, and remove what lies around of anything else."""
        parts = sorted(_parts(self._path / "threads"))
        if [number for number, _ in parts] != list(range(len(parts))):
            raise ArgmineError(f"{self._path}: parts are missing in its folder threads", "Mine it afresh.")
        self.next_part = len(parts)
        for name in ("nodes", "edges", "graphs"):
            for number, path in _parts(self._path / name):
                if number >= self.next_part:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
        for folder in (".", "threads", "nodes", "edges"):
            for path in _inside(self._path / folder):
                if _UNFINISHED.fullmatch(path.name):
                    path.unlink()
        with whole_file(self._path / "errors.jsonl") as stream:
            for _, path in parts:
                rows = import_module("pyarrow.parquet").read_table(
                    path, columns=[*_KEYS, "n_posts", "n_claims", "error"]
                )
                self._count(rows)
                stream.write(_error_lines(rows))

    def _count(self, rows: Any) -> None:
        self.tally = self.tally.plus(rows)
        last = rows.slice(len(rows) - 1).to_pylist()[0]
        self.last_place = Place(last["input"], last["number"], is_last=last["thread"] is None)

    def commit(self, rows: Sequence[Any]) -> None:
        """Write the next part: from when its file of threads is there, it is done.

        Parameters
        ----------
        rows : sequence of pyarrow.RecordBatch
            Made by :func:`with_places`.
        """
        arrow = import_module("pyarrow")
        threads = arrow.Table.from_batches([each.select(threads_schema().names) for each in rows])
        if not self._facts["graphs"]:
            self._write("nodes", arrow.Table.from_batches([nodes_of(each, keys=_KEYS) for each in rows]))
            self._write("edges", arrow.Table.from_batches([edges_of(each, keys=_KEYS) for each in rows]))
        self._write("threads", threads)
        with (self._path / "errors.jsonl").open("ab") as stream:
            stream.write(_error_lines(threads))
        self._count(threads)
        self.next_part += 1

    def _write(self, name: str, table: Any) -> None:
        folder = self._path / name
        folder.mkdir(exist_ok=True)
        with whole_file(folder / f"part-{self.next_part:05d}.parquet") as stream:
            whole = table.combine_chunks()  # the same bytes, however the work was divided
            import_module("pyarrow.parquet").write_table(whole, stream, compression="zstd")
            stream.flush()
            os.fsync(stream.fileno())  # so that the order of writing holds even where the power fails

    def finish(self) -> None:
        """Say in the folder that all is done, and how much it was."""
        self._write_facts(self.tally._asdict())

    def _write_facts(self, finished: dict[str, int] | None) -> None:
        text = json.dumps({**self._facts, "finished": finished}, indent=2, ensure_ascii=False)
        with whole_file(self._path / "run.json") as stream:
            stream.write(f"{text}\n".encode())


def _run_facts(folder: Path) -> dict[str, Any] | None:
    path = folder / "run.json"
    if not path.is_file():
        return None
    try:
        facts: dict[str, Any] = json.loads(path.read_bytes())
    except ValueError:
        raise ArgmineError(f"{path}: this is not what argmine wrote", "Name a new folder.") from None
    return facts


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


def _parts(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in _inside(folder):
        if match := _PART.fullmatch(path.name):
            yield int(match[1]), path


def _error_lines(rows: Any) -> bytes:
    wrong = rows.filter(import_module("pyarrow.compute").is_valid(rows.column("error"))).select([*_KEYS, "error"])
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in wrong.to_pylist()).encode()
