"""Folders of JSON files, read as one file with a line for each of them."""

import codecs
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from argmine.errors import ReadError

#: Line ends in JSON stand between its parts, never inside a text.
_NO_LINES = bytes.maketrans(b"\r\n", b"  ")


def json_files(folder: Path) -> list[Path]:
    """Return the files of a folder, sorted by name; none if it is no folder, or holds anything but ``.json`` files."""
    found = sorted(folder.iterdir(), key=lambda path: path.name) if folder.is_dir() else []
    return found if all(path.suffix == ".json" and path.is_file() for path in found) else []


def joined_files(files: Sequence[Path], *, limit: int) -> BinaryIO:
    """Return a file that reads each of some JSON files as one line.

    Parameters
    ----------
    files : sequence of Path
        Opened one by one, as they are asked for.
    limit : int
        The most bytes that one of them may have.

    Returns
    -------
    binary file
        Raises ``ReadError`` where one of them is larger.
    """
    return io.BufferedReader(_Joined(files, limit))


class _Joined(io.RawIOBase):
    def __init__(self, files: Sequence[Path], limit: int) -> None:
        self._files, self._limit = iter(files), limit
        self._line = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._line and (file := next(self._files, None)) is not None:
            self._line = memoryview(self._line_of(file))
        part = self._line[: len(buffer)]
        self._line = self._line[len(part) :]
        buffer[: len(part)] = part
        return len(part)

    def _line_of(self, file: Path) -> bytes:
        with file.open("rb") as stream:
            data = stream.read(self._limit + 1)
        if len(data) > self._limit:
            raise ReadError(str(file), f"it is larger than {self._limit >> 20} MiB", hint="Split it.")
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            data = data.decode("utf-16", "replace").encode("utf-8", "replace")
        return data.removeprefix(codecs.BOM_UTF8).translate(_NO_LINES) + b"\n"
