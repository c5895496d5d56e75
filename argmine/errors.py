"""Every error that argmine raises on purpose.

The tree, all of it:

.. code-block:: text

    ArgmineError
    ├── ReadError                 a file could not be read as a thread
    │   ├── UnknownFormatError    no reader recognises the content, or no reader has that name
    │   └── NoThreadError         the content is readable, but holds no discussion
    ├── GraphError                a graph is not of argmine's schema
    ├── PipelineError             a pipeline or a stage is missing something that it needs
    ├── EvaluationError           gold data could not be read or scored
    └── MissingExtraError         an optional package is not installed

A broken :class:`~argmine.Thread` or :class:`~argmine.Post` built by hand raises pydantic's ``ValidationError``,
whose ``type`` names the fault.  Each class owns its message: what is wrong, where, and what to do.
"""

from collections.abc import Iterable


class ArgmineError(Exception):
    """Base of every error that argmine raises on purpose.

    Parameters
    ----------
    problem : str
        What is wrong and where, in one sentence without a final stop.
    hint : str
        What to do about it; may be empty.
    """

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem, hint)
        self.problem = problem
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.problem}. {self.hint}" if self.hint else f"{self.problem}."


class ReadError(ArgmineError):
    """A file could not be read as a thread.

    Parameters
    ----------
    source : str
        The path, or ``"<stdin>"`` or the like for what has none.
    problem : str
        What is wrong.
    line : int, optional
        The line, counted from 1, where it is wrong.
    hint : str
        What to do about it.
    """

    def __init__(self, source: str, problem: str, *, line: int | None = None, hint: str = "") -> None:
        self.source = source
        self.line = line
        where = source if line is None else f"{source}, line {line}"
        super().__init__(f"{where}: {problem}", hint)


class UnknownFormatError(ReadError):
    """No reader recognises the content, or no reader has the name that was asked for.

    Parameters
    ----------
    source : str
        The path.
    problem : str
        What is wrong.
    formats : iterable of str
        The names of the formats that exist.
    """

    def __init__(self, source: str, problem: str, formats: Iterable[str]) -> None:
        super().__init__(source, problem, hint=f"Formats that can be read: {', '.join(sorted(formats))}.")


class NoThreadError(ReadError):
    """The content was read, but there is no discussion in it."""


class GraphError(ArgmineError):
    """A graph is not of argmine's schema, or a graph file could not be read."""


class PipelineError(ArgmineError):
    """A pipeline or a stage is missing something that it needs."""


class EvaluationError(ArgmineError):
    """Gold data could not be read or scored."""


class MissingExtraError(ArgmineError):
    """An optional package is not installed.

    Parameters
    ----------
    package : str
        The package that could not be imported.
    extra : str
        The extra of argmine that brings it.
    purpose : str
        What it is needed for.
    """

    def __init__(self, package: str, *, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the package {package!r}, which is not installed",
            f'Type: pip install "argmine[{extra}]"',
        )
