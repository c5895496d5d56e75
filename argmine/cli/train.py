"""``argmine train``: from labelled replies to the numbers that ship."""

import json
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from argmine.cli.console import one_line_errors, working

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _train() -> None:
    """Fit what argmine ships."""


@app.command("cues")
def cues(
    corpora: Annotated[Path, typer.Argument(help="Folder of the corpora that the recipe names.")],
    out: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.json", help="File for the weights.")],
    recipe: Annotated[
        Path | None, typer.Option("--recipe", metavar="RECIPE.toml", help="Which files; by default argmine's own.")
    ] = None,
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
