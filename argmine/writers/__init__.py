"""Files of argument graphs: one module per format, chosen by the ending of the file's name.

To add a format, write a module with a ``write_NAME(graph, target)`` like that of
:mod:`argmine.writers.graphml` and put its endings into ``_WRITERS``.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from argmine.errors import ArgmineError

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["endings", "writer_for"]


class Writer(Protocol):
    """What every format module provides."""

    def __call__(self, graph: "nx.DiGraph[str]", target: str | os.PathLike[str] | BinaryIO) -> None:
        """Write a graph to a path or an open binary file."""


# Named, not imported: who asks which endings exist does not pay for networkx.
_PICTURE = ("argmine.writers.picture", "write_picture")
_WRITERS = {
    ".graphml": ("argmine.writers.graphml", "write_graphml"),
    ".html": ("argmine.writers.html", "write_html"),
    ".pdf": _PICTURE,
    ".png": _PICTURE,
    ".svg": _PICTURE,
}


def endings() -> list[str]:
    """Return the endings of the files that can be written, sorted, each with its dot.

    Examples
    --------
    >>> endings()
    ['.graphml', '.html', '.pdf', '.png', '.svg']
    """
    return sorted(_WRITERS)


def writer_for(path: str | os.PathLike[str]) -> Writer:
    """Return the function that writes the format that the ending of a path stands for.

    Parameters
    ----------
    path : str or PathLike
        Only its name is looked at; capitals do not matter.

    Returns
    -------
    callable
        ``write(graph, target)``.

    Raises
    ------
    ArgmineError
        If no format has that ending.
    """
    ending = Path(path).suffix.lower()
    if ending not in _WRITERS:
        problem = f"no format has the ending {ending!r}" if ending else "no ending that tells the format"
        known = ", ".join(endings())
        raise ArgmineError(f"{os.fspath(path)}: {problem}", f"Endings that can be written: {known}.")
    module, name = _WRITERS[ending]
    return cast("Writer", getattr(import_module(module), name))
