"""``mine_batch`` and ``argmine batch``: what is in the tables, what a kill leaves, and what is refused."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import networkx as nx
import pyarrow.parquet as pq
import pytest
from spacy.language import Language
from spacy.tokens import Doc
from typer.testing import CliRunner

import argmine
from argmine import Post, Thread, mine_batch
from argmine.batch.folder import threads_schema
from argmine.batch.inputs import found_inputs
from argmine.cli import app
from argmine.doc import posts
from argmine.errors import ArgmineError, MissingExtraError, PipelineError, ReadError
from argmine.writers.characters import clean, escaped_id

ROOT = Path(__file__).parents[1]
NLP = argmine.load("en_rules")
SMALL: dict[str, Any] = {"nlp": NLP, "n_process": 1, "part_posts": 10}


def thread(number: int, said: str = "I disagree, cocoa is better.") -> Thread:
    opening = Post(id="a", author="Ann", text=f"Tea is better than cocoa in week {number}.")
    return Thread(id=f"t{number}", title="Tea?", posts=(opening, Post(id="b", author="Ben", text=said, reply_to="a")))


def write_lines(path: Path, numbers: range) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{thread(number).model_dump_json()}\n" for number in numbers), encoding="utf-8")
    return path


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder / name).to_pylist()
    return found


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@Language.component("poison_is_fatal")
def poison_is_fatal(doc: Doc) -> Doc:
    if any("poison" in post.text for post in posts(doc)):
        raise ValueError("there is poison in it")
    return doc


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "dump.jsonl", range(23))


def of_place(table: list[dict[str, Any]], place: tuple[str, int]) -> list[dict[str, Any]]:
    """Return what a table says of a thread, without the columns that name it and those that are empty."""
    return [
        {name: value for name, value in row.items() if value is not None and name not in {"input", "number", "thread"}}
        for row in table
        if (row["input"], row["number"]) == place
    ]


# what is in the tables


def test_the_tables_hold_the_graphs_of_mine_all(dump: Path, tmp_path: Path) -> None:
    blog = ROOT / "examples" / "threads" / "blog.txt"
    done = mine_batch([dump, blog], tmp_path / "out", **SMALL)
    found = [*argmine.read_threads(dump), argmine.read_thread(blog)]
    places = [*((str(dump), number) for number in range(1, 24)), (str(blog), 1)]
    threads, nodes, edges = (rows(tmp_path / "out", name) for name in ("threads", "nodes", "edges"))
    assert [(row["input"], row["number"]) for row in threads] == places
    for place, graph, row in zip(places, argmine.mine_all(found, NLP), threads, strict=True):
        assert of_place(nodes, place) == [{"id": escaped_id(node), **clean(data)} for node, data in graph.nodes.items()]
        assert of_place(edges, place) == [
            {"source": escaped_id(source), "target": escaped_id(target), **clean(data)}
            for (source, target), data in graph.edges.items()
        ]
        kinds = [data["kind"] for _, data in graph.nodes(data=True)]
        counted = (graph.graph["thread_id"], kinds.count("post"), kinds.count("claim"), graph.graph["pipeline"], None)
        assert tuple(row[name] for name in ("thread", "n_posts", "n_claims", "pipeline", "error")) == counted
    assert done[:4] == (24, 55, sum(row["kind"] == "claim" for row in nodes), 0)
    for name in ("threads", "nodes", "edges"):
        parts = sorted(path.name for path in (tmp_path / "out" / name).iterdir())
        assert parts == [f"part-{number:05d}.parquet" for number in range(5)]  # ten posts, or the end
    assert pq.read_schema(tmp_path / "out" / "threads" / "part-00000.parquet").equals(threads_schema())
    assert (tmp_path / "out" / "errors.jsonl").read_bytes() == b""


def test_the_same_files_whatever_the_number_of_processes(dump: Path, tmp_path: Path) -> None:
    mine_batch([dump], tmp_path / "one", **SMALL)
    mine_batch([dump], tmp_path / "two", **{**SMALL, "n_process": 2})
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_what_cannot_be_read_or_mined_is_told_and_nothing_else_is_lost(tmp_path: Path) -> None:
    nlp = argmine.load("en_rules")
    nlp.add_pipe("poison_is_fatal", first=True)
    sound, bad, cut = thread(1), thread(2, "This is poison."), thread(3).model_dump_json()[:-9]
    (tmp_path / "a.jsonl").write_text(f"{sound.model_dump_json()}\n{bad.model_dump_json()}\n{cut}\n")
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    write_lines(tmp_path / "c.jsonl", range(2))
    inputs = [tmp_path / name for name in ("a.jsonl", "b.png", "c.jsonl")]
    done = mine_batch(inputs, tmp_path / "out", **{**SMALL, "nlp": nlp})
    told = [json.loads(line) for line in (tmp_path / "out" / "errors.jsonl").read_text().splitlines()]
    assert [(Path(each["input"]).name, each["number"], each["thread"]) for each in told] == [
        ("a.jsonl", 2, "t2"),
        ("a.jsonl", 3, None),
        ("b.png", 1, None),
    ]
    assert told[0]["error"] == "ValueError: there is poison in it"
    assert re.match(r"ReadError: .*a\.jsonl, line 3: the JSON ends too early", told[1]["error"])
    assert "binary data" in told[2]["error"]
    table = [(row["thread"], row["error"] is None, row["n_posts"]) for row in rows(tmp_path / "out", "threads")]
    assert table == [
        ("t1", True, 2),
        ("t2", False, 0),
        (None, False, 0),
        (None, False, 0),
        ("t0", True, 2),
        ("t1", True, 2),
    ]
    assert (done.threads, done.errors) == (3, 3)


def test_pseudonyms_and_min_confidence(dump: Path, tmp_path: Path) -> None:
    mine_batch([dump], tmp_path / "out", **SMALL, pseudonyms="a long secret", min_confidence=1)
    nodes = rows(tmp_path / "out", "nodes")
    assert all(row["author"].startswith("user-") for row in nodes)
    assert {row["kind"] for row in rows(tmp_path / "out", "edges")} <= {"contains", "reply"}
    assert "a long secret" not in (tmp_path / "out" / "run.json").read_text()


def test_graph_files_in_place_of_tables(dump: Path, tmp_path: Path) -> None:
    write_lines(tmp_path / "dump2" / "dump.jsonl", range(2))
    done = mine_batch([dump, tmp_path / "dump2"], tmp_path / "out", **SMALL, graphs="graphml")
    assert done.threads == 25
    names = [row["file"] for row in rows(tmp_path / "out", "threads")]
    assert names[:6] == [f"graphs/part-00000/000{n + 1}-t{n}.graphml" for n in range(5)] + [
        "graphs/part-00001/0001-t5.graphml"
    ]
    assert len(set(names)) == 25
    for name, each in zip(names, argmine.read_threads(dump), strict=False):
        assert nx.utils.graphs_equal(argmine.read_graphml(tmp_path / "out" / name), argmine.mine(each, NLP))
    assert not (tmp_path / "out" / "nodes").exists()


def test_a_graph_that_a_format_cannot_hold_is_an_error_of_its_thread(tmp_path: Path) -> None:
    long = Thread(id="x", posts=(Post(id="a", text=" ".join(f"Tea is better in week {n}." for n in range(400))),))
    (tmp_path / "x.jsonl").write_text(f"{long.model_dump_json()}\n{thread(1).model_dump_json()}\n")
    mine_batch([tmp_path / "x.jsonl"], tmp_path / "out", **SMALL, graphs=".MMD")
    first, second = rows(tmp_path / "out", "threads")
    assert (first["file"], first["error"].partition(":")[0], first["n_posts"]) == (None, "GraphError", 0)
    assert (second["file"], second["error"]) == ("graphs/part-00000/0002-t1.mmd", None)


# inputs


def names(folder: Path, *inputs: Path) -> list[str]:
    found = found_inputs(inputs or [folder], folder.parent / "out", format=None)
    return [each.path.relative_to(folder).as_posix() for each in found]


def test_all_files_below_a_folder_are_read_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for name in ("b.jsonl", "a/z.jsonl", "a/b/c.jsonl", ".hidden", "c/.git/x", "d.jsonl.gz"):
        write_lines(folder / name, range(1))
    (folder / "a" / "again").symlink_to(folder)
    assert names(folder) == ["a/b/c.jsonl", "a/z.jsonl", "b.jsonl", "d.jsonl.gz"]


def test_folders_that_are_read_whole_stay_whole(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "items").mkdir(parents=True)
    (folder / "items" / "1.json").write_text('{"id": 1, "type": "story", "by": "ann", "title": "Tea", "kids": [2]}')
    (folder / "items" / "2.json").write_text('{"id": 2, "type": "comment", "by": "ben", "parent": 1, "text": "No."}')
    for number in (1, 2):
        (folder / "pages").mkdir(exist_ok=True)
        shutil.copy(ROOT / "examples" / "threads" / "reddit.json", folder / "pages" / f"{number}.json")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "utterances.jsonl").write_text(
        '{"id": "u1", "conversation_id": "u1", "reply-to": null, "speaker": "Ann", "text": "Tea is good."}\n'
    )
    (folder / "corpus" / "speakers.json").write_text("{}")
    assert names(folder) == ["corpus/utterances.jsonl", "items", "pages/1.json", "pages/2.json"]
    done = mine_batch([folder], tmp_path / "out", **SMALL)
    assert (done.threads, done.errors) == (4, 0)
    assert rows(tmp_path / "out", "threads")[1]["n_posts"] == 2


def test_what_is_refused_before_anything_is_done(dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    cases: list[tuple[list[Path], dict[str, Any], type[ArgmineError], str]] = [
        ([tmp_path / "none"], {}, ReadError, "no such file"),
        ([tmp_path], {}, ArgmineError, "is in the input"),
        ([dump, dump], {}, ArgmineError, "among the inputs 2 times"),
        ([], {}, ArgmineError, "no files"),
        ([dump], {"format": "none"}, ArgmineError, "no reader named 'none'"),
        ([dump], {"pseudonyms": " "}, ArgmineError, "salt"),
        ([dump], {"graphs": "doc"}, ArgmineError, r"no format has the ending '\.doc'"),
        ([dump], {"min_confidence": 2}, PipelineError, "not between"),
        ([dump], {"part_posts": 0}, ArgmineError, "at least one post"),
    ]
    for inputs, options, error, said in cases:
        with pytest.raises(error, match=said):
            mine_batch(inputs, out, **{**SMALL, **options})
    monkeypatch.setitem(sys.modules, "pyarrow.compute", None)
    with pytest.raises(MissingExtraError, match=r'pip install "argmine\[tables\]"'):
        mine_batch([tmp_path / "none"], out, **SMALL)
    assert not out.exists()


# stopping and going on


class Stopped(Exception):
    pass


def stop_after(threads: int) -> Any:
    def report(progress: Any) -> None:
        if progress.threads >= threads:
            raise Stopped

    return report


@pytest.mark.parametrize("graphs", [None, "json"])
@pytest.mark.parametrize("threads", [0, 1, 12, 23])
def test_a_run_that_was_stopped_goes_on(dump: Path, tmp_path: Path, threads: int, graphs: str | None) -> None:
    inputs, options = [dump, write_lines(tmp_path / "more.jsonl", range(3))], {**SMALL, "graphs": graphs}
    mine_batch(inputs, tmp_path / "whole", **options)
    with pytest.raises(Stopped):
        mine_batch(inputs, tmp_path / "out", **options, report=stop_after(threads))
    done = mine_batch(inputs, tmp_path / "out", **options, resume=True)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")
    assert done.threads == 26
    assert done.resumed == {0: 0, 1: 5, 12: 15, 23: 25}[threads]


def test_nothing_is_mined_twice_and_a_finished_run_is_left_alone(dump: Path, tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        mine_batch([dump], tmp_path / "out", **SMALL, report=stop_after(16))
    seen: list[Any] = []
    mine_batch([dump], tmp_path / "out", **SMALL, resume=True, report=seen.append)
    assert [each.threads for each in seen] == [20, 23, 23]
    before = files_of(tmp_path / "out")
    assert mine_batch([dump], tmp_path / "out", **SMALL, resume=True).resumed == 23
    assert files_of(tmp_path / "out") == before


def test_what_lies_around_of_a_part_that_is_not_done_is_removed(dump: Path, tmp_path: Path) -> None:
    mine_batch([dump], tmp_path / "whole", **SMALL)
    shutil.copytree(tmp_path / "whole", tmp_path / "out")
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    (tmp_path / "out" / "run.json").write_text(json.dumps({**run, "finished": None}))
    for number in (3, 4):  # as if the third part had been mined last
        (tmp_path / "out" / "threads" / f"part-{number:05d}.parquet").unlink()
    (tmp_path / "out" / "nodes" / "part-00004.parquet").write_bytes(b"half")
    (tmp_path / "out" / "edges" / ".0123456789abcdef.part").write_bytes(b"half")
    (tmp_path / "out" / ".0123456789abcdef.part").write_bytes(b"half")
    (tmp_path / "out" / "errors.jsonl").write_bytes(b'{"half')
    mine_batch([dump], tmp_path / "out", **SMALL, resume=True)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")


def test_only_the_same_run_is_gone_on_with(dump: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(Stopped):
        mine_batch([dump], out, **SMALL, pseudonyms="a long secret", report=stop_after(6))
    other = write_lines(tmp_path / "other.jsonl", range(2))
    same = {**SMALL, "pseudonyms": "a long secret", "resume": True}
    cases: list[tuple[list[Path], dict[str, Any], str]] = [
        ([dump], {"resume": False}, "there is a run in it"),
        ([dump], {"pseudonyms": "another secret"}, "with another pseudonyms"),
        ([dump], {"min_confidence": 0.5}, "another min_confidence: None then, 0.5 now"),
        ([dump], {"graphs": "json"}, "another graphs"),
        ([dump], {"nlp": argmine.load()}, "another pipeline: 'en_rules 0.1.0' then"),
        ([other], {}, "with other inputs"),
    ]
    for inputs, options, said in cases:
        with pytest.raises(ArgmineError, match=said):
            mine_batch(inputs, out, **{**same, **options})
    dump.write_text(dump.read_text().replace("week 3", "week 4"))
    with pytest.raises(ArgmineError, match="has changed since"):
        mine_batch([dump], out, **same)


def test_a_folder_of_something_else_is_left_alone(dump: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("Tea")
    for resume in (False, True):
        with pytest.raises(ArgmineError, match="not empty, and holds no run"):
            mine_batch([dump], out, **SMALL, resume=resume)
    (out / "run.json").write_text("[")
    with pytest.raises(ArgmineError, match="not what argmine wrote"):
        mine_batch([dump], out, **SMALL, resume=True)
    (out / "thesis.txt").rename(out / ".0123456789abcdef.part")  # as a kill leaves it before the first file is there
    (out / "run.json").unlink()
    assert mine_batch([dump], out, **SMALL, resume=True).threads == 23


def test_a_missing_part_is_an_error(dump: Path, tmp_path: Path) -> None:
    mine_batch([dump], tmp_path / "out", **SMALL)
    (tmp_path / "out" / "threads" / "part-00001.parquet").unlink()
    with pytest.raises(ArgmineError, match="parts are missing"):
        mine_batch([dump], tmp_path / "out", **SMALL, resume=True)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX")
@pytest.mark.parametrize("options", [["--processes", "2"], ["--processes", "1", "--graphs", "json"]])
def test_killed_at_random_moments(options: list[str]) -> None:
    script = ROOT / "tests" / "benchmarks" / "kill_and_resume.py"
    sizes = ["--threads", "150", "--kills", "5", "--part-posts", "40"]
    command = [sys.executable, str(script), *sizes, *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("files that differ: none\n")


# the command line


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["batch", *map(str, arguments), "--pipeline", "en_rules", "--processes", "1"])


def test_the_command_line_writes_what_the_library_does(dump: Path, tmp_path: Path) -> None:
    mine_batch([dump], tmp_path / "library", nlp=NLP, n_process=1)
    first = run(dump, "-o", tmp_path / "out")
    assert (first.exit_code, first.stdout) == (0, "")
    assert re.fullmatch(rf"{tmp_path}/out: 23 threads, 46 posts, \d+ claims; in \d+\.\d s\n", first.stderr)
    assert files_of(tmp_path / "library") == files_of(tmp_path / "out")
    again = run(dump, "-o", tmp_path / "out", "--resume")
    assert (again.exit_code, again.stderr.splitlines()[0]) == (0, f"{tmp_path}/out: this run was finished already.")
    assert run(dump, "-o", tmp_path / "quiet", "--quiet").stderr == ""


def test_errors_are_one_line(dump: Path, tmp_path: Path) -> None:
    result = run(tmp_path / "none", "-o", tmp_path / "out")
    assert (result.exit_code, result.stderr) == (1, f"Error: {tmp_path}/none: there is no such file or folder.\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    told = run(tmp_path / "in", dump, "-o", tmp_path / "out")
    assert (told.exit_code, f"; 1 errors, in {tmp_path}/out/errors.jsonl; " in told.stderr) == (0, True)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_ctrl_c_says_how_to_go_on(tmp_path: Path) -> None:
    dump = write_lines(tmp_path / "dump.jsonl", range(4000))
    command = [sys.executable, "-m", "argmine", "batch", str(dump), "-o", str(tmp_path / "out")]
    command += ["--pipeline", "en_rules", "--processes", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        while not (tmp_path / "out" / "run.json").exists():
            assert process.poll() is None
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr
        said = process.stderr.read()
    assert (process.returncode, said) == (
        130,
        "Stopped. What was mined is kept: the same command with --resume goes on.\n",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_progress_is_shown_on_a_terminal(dump: Path, tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "argmine", "batch", str(dump), "-o", str(tmp_path / "out")]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "160"}
    with subprocess.Popen([*command, "--pipeline", "en_rules"], stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 4096):
                shown += part
        except OSError:  # how Linux says that the other side is closed
            pass
    os.close(ours)
    assert process.returncode == 0
    assert b"100% read  23 threads  46 posts" in shown


# the reference


def test_every_column_is_described(dump: Path, tmp_path: Path) -> None:
    mine_batch([dump], tmp_path / "out", **SMALL)
    page = (ROOT / "docs" / "reference" / "batch.md").read_text(encoding="utf-8")
    sections = {
        name: re.findall(r"^\| `(\w+)` \| (\w+) \|", text, re.MULTILINE)
        for name, text in re.findall(
            r"^## Columns of (?:`(\w+)`|all tables)\n(.*?)(?=^## )", page, re.MULTILINE | re.DOTALL
        )
    }
    for name in ("threads", "nodes", "edges"):
        schema = pq.read_schema(tmp_path / "out" / name / "part-00000.parquet")
        assert [(field.name, str(field.type)) for field in schema] == [*sections[""], *sections[name]]
