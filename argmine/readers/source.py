"""What a reader reads from: the bytes of a file, its beginning, its lines or its text."""

import codecs
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, BinaryIO

from argmine.errors import NoThreadError, ReadError
from argmine.readers.compression import compression_of, decompressed
from argmine.readers.folder import joined_files, json_files
from argmine.thread import Repair

#: A path, or an open binary or text file.
Readable = str | os.PathLike[str] | IO[bytes] | IO[str]

HEAD_BYTES = 64 * 1024
#: A thread is read into memory whole, so its size is bounded; files of many threads are read line by line.
MAX_BYTES = 64 * 1024 * 1024
#: Pages and texts take far longer to understand than JSON, and are never so large.
MAX_PAGE_BYTES = 16 * 1024 * 1024

_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_FOLDER = "Name the files in it; a folder of .json files alone is read whole."
_COMPRESSED = re.compile(r"\.(?:gz|bz2|xz|zst)\Z", re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


@dataclass(frozen=True)
class Source:
    """A file opened for reading.

    Parameters
    ----------
    name : str
        Path, or what stands for it in messages.
    head : bytes
        The first 64 KiB.
    rest : binary file
        The same file, positioned behind ``head``.
    files : tuple of str
        For a folder the names of its files, of which each is a line.
    """

    name: str
    head: bytes
    rest: BinaryIO
    files: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The file's name without folder and endings; empty for what has no name."""
        return "" if self.name.startswith("<") else Path(_COMPRESSED.sub("", self.name)).stem

    def read_bytes(self, *, limit: int = MAX_BYTES) -> bytes:
        """Return the whole content; ``ReadError`` if it has more bytes than the limit."""
        data = self.head + _read(self.rest, limit + 1 - len(self.head))
        if len(data) > limit:
            raise self.error(
                f"it is larger than {limit >> 20} MiB, the most that is read as one thread of this format",
                hint="Split it, or write its threads one per line and read it as jsonl.",
            )
        return data

    def read_text(self, *, limit: int = MAX_BYTES) -> tuple[str, list[Repair]]:
        """Return the whole content decoded, with a note where the encoding had to be guessed."""
        return decode(self.read_bytes(limit=limit))

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield each line with its number, counted from 1, without reading the file whole."""
        head = BytesIO(self.head)
        number = 0
        while line := head.readline() or self.rest.readline(MAX_BYTES + 1):
            number += 1
            if not line.endswith(b"\n"):  # cut by the end of the head, or by the limit
                line += self.rest.readline(MAX_BYTES + 1)
            if len(line) > MAX_BYTES:
                raise self.error(f"the line is longer than {MAX_BYTES >> 20} MiB", line=number)
            yield number, line

    def parse_json(self, text: str, *, line: int | None = None) -> Any:
        """Return the value of a JSON text; ``ReadError`` names the line if it is damaged."""
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            where = error.lineno if line is None else line
            what = "the JSON ends too early" if error.pos >= len(text.rstrip()) else "the JSON is damaged"
            if error.msg.startswith("Unterminated string"):
                what = "the JSON ends too early"
            raise self.error(f"{what} ({error.msg[0].lower()}{error.msg[1:]})", line=where) from None
        except RecursionError:
            raise self.error("the JSON is nested too deeply", line=line) from None
        except ValueError as error:  # numbers of thousands of digits
            raise self.error(f"the JSON is damaged ({error})", line=line) from None

    def error(self, problem: str, *, line: int | None = None, hint: str = "") -> ReadError:
        """Return an error that names this file, and the line or the file of a folder."""
        name, line = self._place(line)
        return ReadError(name, problem, line=line, hint=hint)

    def no_thread(self, problem: str, *, line: int | None = None) -> NoThreadError:
        """Return an error that names this file and says that there is no discussion in it."""
        name, line = self._place(line)
        return NoThreadError(name, problem, line=line)

    def _place(self, line: int | None) -> tuple[str, int | None]:
        if line is None or line > len(self.files):
            return self.name, line
        return str(Path(self.name) / self.files[line - 1]), None


@contextmanager
def opened(source: Readable) -> Iterator[Source]:
    """Open a path, or look at an open file, as a :class:`Source`; an open file is not closed.

    A folder that holds nothing but ``.json`` files is read as one file with a line for each of them, sorted by name.

    Raises
    ------
    ReadError
        If it cannot be opened or read.
    NoThreadError
        If it is empty.
    """
    name = source_name(source)
    try:
        if isinstance(source, str | os.PathLike):
            path = Path(source)
            files = json_files(path)
            with joined_files(files, limit=MAX_BYTES) if files else _open(path, name) as stream:
                yield _looked_at(name, stream, files=tuple(file.name for file in files))
        else:
            yield _looked_at(name, source)
    except FileNotFoundError:
        hint = "Check the path; in Python, a text that is no file is read through io.StringIO."
        raise ReadError(name, "there is no such file", hint=hint) from None
    except IsADirectoryError:
        raise ReadError(name, "this is a folder, not a file", hint=_FOLDER) from None
    except UnicodeDecodeError as error:  # from a file opened as text
        raise ReadError(name, f"it could not be decoded ({error})", hint="Open it in binary mode.") from None
    except OSError as error:
        raise ReadError(name, f"it could not be read ({error.strerror or error})") from None


def _open(path: Path, name: str) -> BinaryIO:
    try:
        return path.open("rb")
    except ValueError:  # a NUL, or what the file system cannot encode
        raise ReadError(name, "this cannot be the name of a file") from None


def source_name(source: Readable) -> str:
    """Return the path of a file, or what stands for it in messages."""
    if isinstance(source, str | os.PathLike):
        name = os.fspath(source)
    else:
        given = getattr(source, "name", None)
        name = given if isinstance(given, str) else f"<{type(source).__name__}>"
    short = name if len(name) <= 200 else f"{name[:200]}…"
    return short.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def decode(data: bytes, *, declared: str | None = None) -> tuple[str, list[Repair]]:
    """Decode bytes: by byte order mark, declared encoding, UTF-8, or else Windows-1252.

    Parameters
    ----------
    data : bytes
        The bytes.
    declared : str, optional
        Encoding that the document says it has; ignored if unknown or wrong.

    Returns
    -------
    text : str
        The text; bytes that mean nothing in its encoding are U+FFFD.
    notes : list of Repair
        One note if the encoding was guessed or bytes were replaced.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decode_as(data, encoding)
    for encoding in filter(None, [declared, "utf-8"]):
        try:
            return data.decode(encoding), []
        except (UnicodeError, LookupError):
            continue
    text = data.decode("utf-8", "replace")
    replaced = text.count("\N{REPLACEMENT CHARACTER}")
    # a few bad bytes among many good sequences are damage; otherwise the file is in an old 8-bit encoding
    if len(data) - len(text) > replaced:
        return _decode_as(data, "utf-8")
    text, notes = _decode_as(data, "cp1252")
    return text, [Repair(kind="reader_note", detail="not UTF-8: read as Windows-1252"), *notes]


def _decode_as(data: bytes, encoding: str) -> tuple[str, list[Repair]]:
    text = data.decode(encoding, "replace")
    try:
        data.decode(encoding)
    except UnicodeError:
        note = f"bytes that are no {encoding.removesuffix('-sig').upper()} were replaced by U+FFFD"
        return text, [Repair(kind="reader_note", detail=note)]
    return text, []


def slug(text: str) -> str:
    """Return a short id made of the words of a text: lower case, words joined by hyphens, at most 60 characters."""
    words = re.findall(r"[^\W_]+", text.lower())
    joined = "-".join(words)
    return joined if len(joined) <= 60 else joined[:61].rpartition("-")[0] or joined[:60]


def clean_id(name: str) -> str:
    """Return a post id that cannot be taken for the id of a claim, which ends in ``#`` and a number."""
    return re.sub(r"#(?=\d+\Z)", "-", name.strip())


def clean_url(address: str) -> str:
    """Return an address without white space around it and without lone surrogates, which no file can hold."""
    return address.strip().encode("utf-8", "replace").decode()


def _looked_at(name: str, stream: Any, *, files: tuple[str, ...] = ()) -> Source:
    if not hasattr(stream, "read"):
        raise TypeError(f"expected a path or an open file, got {type(stream).__name__}")
    beginning = stream.read(HEAD_BYTES)
    if isinstance(beginning, str):
        # characters are given, not bytes: the mark overrules whatever encoding the document declares
        text = beginning + stream.read(MAX_BYTES + 1 - len(beginning))
        stream = BytesIO(codecs.BOM_UTF8 + text.removeprefix("\ufeff").encode("utf-8", "replace"))
        beginning = b""
    head = beginning + _read(stream, HEAD_BYTES - len(beginning))
    if compression_of(head):
        stream = decompressed(name, head, stream)
        head = _read(stream, HEAD_BYTES)
    if not head.strip(codecs.BOM_UTF8 + b" \t\r\n"):
        raise NoThreadError(name, "it is empty")
    return Source(name=name, head=head, rest=stream, files=files)


def _read(stream: Any, size: int) -> bytes:
    """Read until there are so many bytes, or no more: one call may give less from a pipe."""
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def is_binary(head: bytes) -> bool:
    """Return whether the beginning of a file is no text in any encoding known here."""
    if any(head.startswith(bom) for bom, _ in _BOMS[1:]):
        return False
    controls = len(_CONTROLS.findall(head))
    return head.startswith(b"%PDF-") or b"\0" in head or controls * 100 > len(head)
