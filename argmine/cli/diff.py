"""``argmine diff``."""

from typing import Annotated

import typer

import argmine
from argmine.cli.console import one_line, one_line_errors


def diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="A .graphml file that argmine wrote.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="A later one of the same thread.")],
) -> None:
    """List what has changed from one graph of a thread to another."""
    with one_line_errors():
        for change in argmine.diff(argmine.read_graphml(before), argmine.read_graphml(after)):
            typer.echo(one_line(str(change)))
