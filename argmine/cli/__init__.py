"""The command line: reads arguments, calls the public functions, prints.  Nothing else in argmine prints.

One module per command.  To add one, write such a module, import nothing heavy at its top (``argmine --help``
answers at once), run what may fail inside :func:`argmine.cli.console.one_line_errors`, and register it below.

Exit codes: 0, 1 for an error, which is said in one line on standard error, and 2 for a wrong command line.
"""

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

import argmine
from argmine.cli import batch, diff, evaluate, mine, pipelines, readers, train, view

__all__ = ["app", "main"]

app = typer.Typer(
    name="argmine",
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("mine")(mine.mine)
app.command("batch")(batch.batch)
app.command("view")(view.view)
app.command("diff")(diff.diff)
app.command("readers")(readers.readers)
app.command("pipelines")(pipelines.pipelines)
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(train.app, name="train")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"argmine {argmine.__version__}")
        raise typer.Exit


@app.callback()
def _argmine(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Mine the arguments of discussion threads: claims, agreement, rebuttal and off-topic replies."""


def main() -> None:
    """Run the command line: the entry point of the ``argmine`` script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal of an old encoding shows "?" and never fails
            stream.reconfigure(errors="replace")
    app(prog_name="argmine")
