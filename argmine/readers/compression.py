"""Compressed files, read as what they hold; the beginning says how they are compressed."""

import bz2
import gzip
import io
import lzma
import sys
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO

from argmine.errors import ReadError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: Dumps of Reddit are packed with the largest window there is, 2 to the power of this.
_WINDOW = {int(zstd.DecompressionParameter.window_log_max): 31}

_KINDS: dict[bytes, tuple[str, Callable[[Any], Any]]] = {
    b"\x1f\x8b": ("gzip", lambda stream: gzip.GzipFile(fileobj=stream)),
    b"BZh": ("bzip2", bz2.BZ2File),
    b"\xfd7zXZ\x00": ("xz", lzma.LZMAFile),
    b"\x28\xb5\x2f\xfd": ("zstandard", lambda stream: zstd.ZstdFile(stream, options=_WINDOW)),
}

#: What holds several files is not read, but named; text documents of offices are zip archives, too.
_ARCHIVES = {b"PK\x03\x04": "zip", b"PK\x05\x06": "zip", b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "rar"}


def archive_of(head: bytes) -> str | None:
    """Return what kind of archive of files a file that begins so is, or ``None``."""
    if head[257:262] == b"ustar":
        return "tar"
    return next((kind for mark, kind in _ARCHIVES.items() if head.startswith(mark)), None)


def compression_of(head: bytes) -> str | None:
    """Return the name of what a file that begins so is compressed with, or ``None``."""
    return next((kind for mark, (kind, _) in _KINDS.items() if head.startswith(mark)), None)


def decompressed(name: str, head: bytes, rest: Any) -> BinaryIO:
    """Return a file that reads what a compressed one holds, as it is asked for and no faster.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    head : bytes
        What was read of it already, with which :func:`compression_of` has found a kind.
    rest : binary file
        Positioned behind it.

    Returns
    -------
    binary file
        Raises ``ReadError`` where the compressed data are damaged or cut off.
    """
    kind, opener = next(found for mark, found in _KINDS.items() if head.startswith(mark))
    whole = io.BufferedReader(_Joined(head, rest))
    return io.BufferedReader(_Checked(name, kind, opener(whole)), buffer_size=1 << 18)


class _Joined(io.RawIOBase):
    """Bytes already read, and the file behind them."""

    def __init__(self, head: bytes, rest: Any) -> None:
        self._head, self._rest = memoryview(head), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part: Any = self._head[: len(buffer)]
        if part:
            self._head = self._head[len(part) :]
        else:
            part = self._rest.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)


class _Checked(io.RawIOBase):
    """A decompressing file whose troubles are errors of reading."""

    def __init__(self, name: str, kind: str, stream: Any) -> None:
        self._name, self._kind, self._stream = name, kind, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            part = self._stream.read(len(buffer))
        except (OSError, EOFError, zlib.error, lzma.LZMAError, zstd.ZstdError) as error:
            raise ReadError(
                self._name, f"its {self._kind} data are damaged or cut off ({error})", hint="Get the file again."
            ) from None
        buffer[: len(part)] = part
        return len(part)
