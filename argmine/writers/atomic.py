"""Files that appear whole or not at all."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(target: str | os.PathLike[str] | BinaryIO) -> Iterator[BinaryIO]:
    """Open a file that takes the place of the target when, and only when, the block ends without an error.

    Parameters
    ----------
    target : str, PathLike or binary file
        A path is written through a new file in the same folder, renamed at the end, so that a failure leaves
        the target as it was.  An open file, or a path to a device or a pipe, is written directly.

    Yields
    ------
    binary file
        To write into.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    if not isinstance(target, str | os.PathLike):
        yield target
        return
    path = Path(os.path.realpath(target))  # a link stays a link
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    unfinished = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with _created(unfinished, for_target=path) as stream:
            yield stream
        if path.exists():
            shutil.copymode(path, unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _created(path: Path, *, for_target: Path) -> BinaryIO:
    try:
        return path.open("xb")
    except OSError as error:
        error.filename = os.fspath(for_target)  # the name that the caller knows
        raise
