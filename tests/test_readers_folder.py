"""Folders of JSON files, and files that hold JSON as one value or one per line."""

import json
from io import BytesIO
from pathlib import Path

import pytest

from argmine.errors import NoThreadError, ReadError
from argmine.readers import folder, read_threads
from argmine.readers.json_values import json_values
from argmine.readers.source import opened
from argmine.thread import Post, Thread

THREADS = [Thread(id=name, posts=(Post(id="a", text=f"Tea,\nor {name}? ☕"),)) for name in ("cocoa", "milk", "water")]


def fill(path: Path) -> Path:
    for number, thread in enumerate(THREADS):
        (path / f"{number}.json").write_text(thread.model_dump_json(indent=2), encoding="utf-8")
    return path


def test_a_folder_of_json_files_is_a_file_of_lines(tmp_path: Path) -> None:
    assert list(read_threads(fill(tmp_path))) == THREADS
    assert list(read_threads(str(tmp_path), format="jsonl")) == THREADS
    with opened(tmp_path) as source:
        assert source.files == ("0.json", "1.json", "2.json")
        lines = [json.loads(line) for _, line in source.lines()]
    assert [line["id"] for line in lines] == ["cocoa", "milk", "water"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_byte_order_are_taken_off(tmp_path: Path, encoding: str) -> None:
    fill(tmp_path)
    (tmp_path / "1.json").write_text(THREADS[1].model_dump_json(indent=2), encoding=encoding)
    assert list(read_threads(tmp_path)) == THREADS


def test_errors_name_the_file(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "1.json").write_text('{"posts": [\n{"id": "a"},\n')
    with pytest.raises(ReadError, match=r"1\.json: the JSON ends too early") as caught:
        list(read_threads(tmp_path))
    assert caught.value.line is None


def test_a_file_too_large_is_an_error(tmp_path: Path) -> None:
    files = folder.json_files(fill(tmp_path))
    with folder.joined_files(files, limit=20) as stream, pytest.raises(ReadError, match=r"0\.json: it is larger"):
        stream.read()


@pytest.mark.parametrize("other", ["notes.txt", "page.JSON.gz", "below/4.json", ".hidden"])
def test_any_other_folder_is_an_error(tmp_path: Path, other: str) -> None:
    fill(tmp_path)
    path = tmp_path / other
    path.parent.mkdir(exist_ok=True)
    path.write_text("Tea")
    with pytest.raises(ReadError, match="a folder, not a file"):
        list(read_threads(tmp_path))


def test_empty_folders_and_files(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="a folder, not a file"):
        list(read_threads(tmp_path))
    (tmp_path / "0.json").write_text("\n")
    with pytest.raises(NoThreadError, match="it is empty"):
        list(read_threads(tmp_path))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"a": 1}', [(1, {"a": 1})]),
        (b'{"a":\n 1}', [(None, {"a": 1})]),
        (b"[1,\n2]\n", [(None, [1, 2])]),
        (b"\n1\n\n2\n", [(2, 1), (4, 2)]),
        (b"\xef\xbb\xbf1\n2", [(1, 1), (2, 2)]),
        ('[1,\n "☕"]'.encode("utf-16"), [(None, [1, "☕"])]),
        (b'"' + b"x" * 70_000 + b'"\n2', [(1, "x" * 70_000), (2, 2)]),
    ],
)
def test_one_value_or_one_per_line(data: bytes, expected: list[tuple[int | None, object]]) -> None:
    with opened(BytesIO(data)) as source:
        assert [(entry.line, entry.value) for entry in json_values(source)] == expected
