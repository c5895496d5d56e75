"""``argmine view``."""

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import argmine
from argmine.cli.console import one_line, one_line_errors
from argmine.cli.mine import (
    MinConfidence,
    Miner,
    Output,
    PipelineName,
    Pseudonyms,
    ReaderName,
    check_usage,
    mined,
    reading,
    say_repairs,
)
from argmine.errors import ArgmineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    import networkx as nx

    from argmine.thread import Thread

_STDIN = "-"


def view(
    path: Annotated[
        str,
        typer.Argument(metavar="PATH", help="Saved page or dump, or a .graphml file of argmine; - is standard input."),
    ],
    out: Annotated[
        str | None,
        typer.Option("--out", "-o", metavar="OUT.html", help="File for the page; by default named as PATH, here."),
    ] = None,
    reader: ReaderName = None,
    pipeline: PipelineName = "en",
    min_confidence: MinConfidence = None,
    pseudonyms: Pseudonyms = None,
    show: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Make a page to read a thread and its arguments in."""
    with one_line_errors():
        if out is not None and Path(out).suffix.lower() != ".html":
            raise typer.BadParameter(f"{out} does not end in .html", param_hint="-o")
        target = Path(out) if out is not None else _page_for(path)
        output = Output(str(target))
        check_usage([path], [output], reader)
        read = reading(reader, pseudonyms)
        is_graph = Path(path).suffix.lower() == ".graphml" and reader is None
        if is_graph and (pseudonyms is not None or min_confidence is not None):
            raise typer.BadParameter(f"{path} is mined already: give these options when mining", param_hint="PATH")
        graph = argmine.read_graphml(path) if is_graph else _mined(path, output, read, Miner(pipeline, min_confidence))
        argmine.write_html(graph, target)
        typer.echo(one_line(str(target)))
        if show:
            webbrowser.open(target.resolve().as_uri())


def _mined(
    path: str, output: Output, read: "Callable[[str | BinaryIO], Iterator[Thread]]", miner: Miner
) -> "nx.DiGraph[str]":
    place, thread, graph = next(mined(path, [output], read, miner, quiet=False))
    say_repairs(place, thread, quiet=False)
    return graph


def _page_for(path: str) -> Path:
    """Name the page: ``thread.html`` for ``thread.txt``, or ``thread-view.html`` where that is a saved page."""
    stem = "stdin" if path == _STDIN else Path(path).stem
    names = [Path(f"{stem}.html"), Path(f"{stem}-view.html")]
    for name in names:
        if not name.exists() or _is_our_own(name):
            return name
    raise ArgmineError(
        f"{names[0]} and {names[1]} are there already, and not pages of argmine", "Name a file: -o page.html"
    )


def _is_our_own(path: Path) -> bool:
    from argmine.writers.html import is_page

    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return is_page(stream.read(4096))
