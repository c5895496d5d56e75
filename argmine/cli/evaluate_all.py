"""``argmine evaluate all``: the table of quality."""

import json
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from argmine.cli.console import one_line_errors, working
from argmine.errors import ArgmineError

if TYPE_CHECKING:
    from argmine.evaluation import Quality


def evaluate_all(
    corpora: Annotated[Path, typer.Argument(metavar="CORPORA", help="Folder of the corpora.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT.md", help="File for the page, in Markdown.")],
    pipelines: Annotated[
        list[str] | None,
        typer.Option("--pipeline", metavar="NAME", help="A pipeline; may be given several times. By default: en."),
    ] = None,
    as_json: Annotated[
        Path | None, typer.Option("--json", metavar="OUT.json", help="File for all scores as JSON.")
    ] = None,
    summary: Annotated[
        Path | None,
        typer.Option("--summary", metavar="OUT.json", help="File for the scores that `argmine pipelines` shows."),
    ] = None,
    plots: Annotated[
        Path | None, typer.Option("--plots", metavar="DIR", help="Folder for a reliability diagram of each corpus.")
    ] = None,
    thread: Annotated[
        Path | None, typer.Option("--thread", metavar="PATH", help="The thread that the start of a process mines.")
    ] = None,
    parts: Annotated[
        Path | None,
        typer.Option(
            "--parts",
            metavar="DIR",
            help="Networks of `argmine train roles --parts`, to cross-validate those pipelines that have a reader.",
        ),
    ] = None,
    no_speed: Annotated[bool, typer.Option("--no-speed", help="Do not measure the speed.")] = False,
) -> None:
    """Measure everything on a folder of corpora, and write the table of quality."""
    names = list(dict.fromkeys(pipelines or ["en"]))
    with one_line_errors():
        from argmine.evaluation import Quality, measure_quality, pipelines_of_parts, quality_page
        from argmine.loading import load
        from argmine.writers.atomic import whole_file

        for path in filter(None, (out, as_json, summary, plots)):
            if not path.parent.is_dir():  # known now, not after minutes of measuring
                raise ArgmineError(f"{path}: its folder does not exist", "Make the folder first.")
        if thread is not None and not thread.is_file():
            raise ArgmineError(f"{thread} is not there", "Name a saved page with --thread.")
        read = [name for name in names if parts is not None and "reader" in load(name).pipe_names]
        parted = {name: pipelines_of_parts(parts, name) for name in read if parts is not None}
        qualities = [
            measure_quality(
                corpora, name, pipeline_of=parted.get(name), thread=thread, speed=not no_speed, step=working
            )
            for name in names
        ]
        drawn = {} if plots is None else _draw(qualities, plots, page=out)
        paths = {"--json": as_json, "--summary": summary, "--plots": plots, "--thread": thread, "--parts": parts}
        command = _command(names, out, paths, no_speed)
        page = quality_page(qualities, command=command, plots=drawn)
        with whole_file(out) as file:
            file.write(page.encode())
        for place, take in ((as_json, Quality.as_json), (summary, Quality.summary)):
            if place is not None:
                data = {each.pipeline: take(each) for each in qualities}
                with whole_file(place) as file:
                    file.write((json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode())


def _command(names: list[str], out: Path, paths: dict[str, Path | None], no_speed: bool) -> str:
    """Return the command as anyone would type it: where things are on one machine is of no use to others."""
    words = ["argmine", "evaluate", "all", "CORPORA", "-o", _elsewhere(out)]
    words += [word for name in names for word in ("--pipeline", name)]
    words += [word for option, path in paths.items() if path is not None for word in (option, _elsewhere(path))]
    return shlex.join([*words, "--no-speed"] if no_speed else words)


def _elsewhere(path: Path) -> str:
    return path.name if path.is_absolute() else path.as_posix()


def _draw(qualities: list["Quality"], folder: Path, *, page: Path) -> dict[tuple[str, str], str]:
    """Save the diagrams and return their addresses as seen from the page."""
    from argmine.evaluation import plot_reliability
    from argmine.evaluation.quality_rows import REPLIES

    folder.mkdir(exist_ok=True)
    drawn = {}
    for each in qualities:
        for gold in REPLIES:
            if gold.name not in each.replies:
                continue
            scores = each.replies[gold.name]
            name = "".join(sign if sign.isalnum() else "-" for sign in gold.name.lower()).replace("--", "-")
            path = folder / f"{each.pipeline}-{name}.png"
            found = scores.restricted_calibration if gold.restricted else scores.strict_calibration
            plot_reliability(found, path, title=f"{each.pipeline}: {gold.name}")
            drawn[each.pipeline, gold.name] = Path(os.path.relpath(path, page.parent)).as_posix()
    return drawn
