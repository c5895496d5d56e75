"""JSON, written the same way by all writers that write it."""

import json
import os
from typing import Any, BinaryIO

from argmine.errors import GraphError
from argmine.writers.atomic import whole_file


def write_json(value: Any, target: str | os.PathLike[str] | BinaryIO) -> None:
    """Write a value of clean texts as JSON in UTF-8.

    Raises
    ------
    GraphError
        If a number is infinite or none at all, which JSON has no word for.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
    except ValueError as error:
        raise GraphError("An attribute is infinite or not a number, which JSON cannot hold") from error
    with whole_file(target) as stream:
        stream.write(f"{text}\n".encode())


def read_json(source: str | os.PathLike[str] | BinaryIO) -> tuple[Any, str]:
    """Read JSON from a path or a binary file; return it with the name of the source.

    Raises
    ------
    GraphError
        If it is no JSON.
    OSError
        If the file cannot be read.
    """
    if isinstance(source, str | os.PathLike):
        name = os.fspath(source)
        with open(source, "rb") as stream:  # noqa: PTH123 - takes bytes and text alike
            data = stream.read()
    else:
        name, data = str(getattr(source, "name", "<file>")), source.read()
    try:
        return json.loads(data), name
    except (ValueError, RecursionError) as error:
        raise GraphError(f"{name}: not JSON ({error})", "Is it a file that argmine wrote?") from error
