"""What every command needs of a terminal: two consoles, safe text, one-line errors, and a sign of life."""

import re
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

import typer

from argmine.errors import ArgmineError

if TYPE_CHECKING:
    from rich.console import Console

#: Control characters could steer the terminal, and marks of writing direction disguise what is shown.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def stdout() -> "Console":
    """Return a console for results."""
    from rich.console import Console

    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False)


def stderr() -> "Console":
    """Return a console for everything that is not a result."""
    from rich.console import Console

    return Console(file=sys.stderr, highlight=False, markup=False, emoji=False)


def one_line(text: str) -> str:
    """Return a text from outside as one line that is safe to show."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))


def say(message: str) -> None:
    """Print one line on standard error."""
    typer.echo(one_line(message), err=True)


def say_error(error: Exception) -> None:
    """Print one line on standard error that begins with ``Error:``."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        say(f"Error: {error.filename}: {error.strerror}.")
    else:
        say(f"Error: {error}")


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn an expected error into one line on standard error and the exit code 1.

    Raises
    ------
    typer.Exit
        In place of an ``ArgmineError`` or ``OSError``.  A broken pipe passes: it ends a command quietly.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except (ArgmineError, OSError) as error:
        say_error(error)
        raise typer.Exit(1) from error


def working(message: str, *, quiet: bool = False) -> AbstractContextManager[object]:
    """Show that something is going on, on standard error and only if that is a terminal."""
    if quiet or not sys.stderr.isatty():
        return nullcontext()
    return stderr().status(one_line(message))
