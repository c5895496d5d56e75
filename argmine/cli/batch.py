"""``argmine batch``."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import argmine
from argmine.cli.console import one_line_errors, say, stderr, working
from argmine.cli.mine import MinConfidence, PipelineName, Pseudonyms, Quiet, ReaderName

if TYPE_CHECKING:
    from rich.progress import Progress

    from argmine.batch import BatchProgress


def batch(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT", help="Dumps, saved pages and folders of them."),
    ],
    out: Annotated[
        str,
        typer.Option("--out", "-o", metavar="DIR", help="Folder for the tables, which must not be there yet."),
    ],
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in DIR that was stopped or killed.")
    ] = False,
    graphs: Annotated[
        str | None,
        typer.Option(
            "--graphs", metavar="ENDING", help="One graph file per thread, as graphml, in place of nodes and edges."
        ),
    ] = None,
    reader: ReaderName = None,
    pipeline: PipelineName = "en",
    min_confidence: MinConfidence = None,
    pseudonyms: Pseudonyms = None,
    processes: Annotated[
        int | None,
        typer.Option("--processes", metavar="N", min=1, help="How many processes mine; by default one per core."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Mine dumps and folders into Parquet tables: nodes, edges and threads."""
    began = time.monotonic()
    try:
        with one_line_errors(), _Display(quiet=quiet) as display:
            with working("loading", quiet=quiet):
                from argmine.batch import mine_batch

                nlp = argmine.load(pipeline)
            done = mine_batch(
                inputs,
                out,
                nlp=nlp,
                format=reader,
                pseudonyms=pseudonyms,
                min_confidence=min_confidence,
                graphs=graphs,
                resume=resume,
                n_process=processes or -1,
                report=display.show,
            )
    except KeyboardInterrupt:
        begun = Path(out, "run.json").exists()
        say(f"Stopped.{' What was mined is kept: the same command with --resume goes on.' if begun else ''}")
        raise typer.Exit(130) from None
    if not quiet:
        _summarise(done, out, time.monotonic() - began)


def _summarise(done: "BatchProgress", out: str, seconds: float) -> None:
    new = done.threads + done.errors - done.resumed
    if done.resumed and not new:
        say(f"{out}: this run was finished already.")
    counts = f"{done.threads:,} threads, {done.posts:,} posts, {done.claims:,} claims"
    errors = f"; {done.errors:,} errors, in {out}/errors.jsonl" if done.errors else ""
    say(f"{out}: {counts}{errors}; in {seconds:.1f} s")


class _Display:
    """A line on standard error, if that is a terminal: what was mined, how fast, and how long the rest may take.

    It has no thread of its own that redraws it: processes are begun while it is shown.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._wanted = not quiet and sys.stderr.isatty()
        self._shown: Progress | None = None
        self._began = self._since = time.monotonic()
        self._first: BatchProgress | None = None
        self._told = 0

    def __enter__(self) -> "_Display":
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown is not None:
            self._shown.stop()

    def show(self, now: "BatchProgress") -> None:
        """Draw the line anew."""
        if not self._wanted:
            return
        self._told += 1
        if self._told <= 2 or self._first is None:  # a run that goes on has read up to its place by the second time
            self._first, self._since = now, time.monotonic()
        if self._shown is None:
            from rich.progress import BarColumn, Progress, TextColumn

            text = TextColumn("{task.description}", markup=False)
            self._shown = Progress(BarColumn(20), text, console=stderr(), auto_refresh=False, transient=True)
            self._shown.add_task("", total=1.0)
            self._shown.start()
        said = "  ".join(
            [
                *_counted(now),
                f"{_duration(time.monotonic() - self._began)} so far",
                *_guessed(self._first, now, self._since),
            ]
        )
        self._shown.update(self._shown.task_ids[0], completed=now.share, description=said)
        self._shown.refresh()


def _counted(now: "BatchProgress") -> list[str]:
    errors = [f"{now.errors:,} errors"] if now.errors else []
    return [f"{now.share:.0%} read", f"{now.threads:,} threads", f"{now.posts:,} posts", *errors]


def _guessed(first: "BatchProgress", now: "BatchProgress", since: float) -> list[str]:
    """Return how fast it is and, while some of the inputs is still to be read, how long the rest may take."""
    seconds = time.monotonic() - since
    if now.posts == first.posts or seconds <= 0:
        return []
    found = [f"{(now.posts - first.posts) / seconds:,.0f} posts/s"]
    if first.share < now.share < 1:
        found.append(f"about {_duration(seconds * (1 - now.share) / (now.share - first.share))} left")
    return found


def _duration(seconds: float) -> str:
    minutes = round(seconds) // 60
    return f"{minutes // 60}:{minutes % 60:02}:{round(seconds) % 60:02}"
