"""``argmine pipelines``."""

import json
from importlib.resources import files

import typer

_COLUMNS = {  # of the scores that `argmine evaluate all --summary` leaves, those that tell most
    "DEBAGREEMENT": "DEBAGREEMENT, fold b: macro-F1",
    "IAC": "IAC, dev topics: macro-F1",
    "links": "change-my-view threads: links across posts, F1",
    "replies/s": "replies of 60 words answering posts of 100: per second",
    "start, s": "`argmine mine` of one thread, whole process: seconds",
}


def pipelines() -> None:
    """List the pipelines that come with argmine: what they are, how large, how fast and how good."""
    from argmine.loading import DEFAULT, about_pipelines

    folder = files("argmine")
    measured = json.loads((folder / "configs" / "scores.json").read_text(encoding="utf-8"))
    rows = [["", "weights", *_COLUMNS]]
    notes = []
    for name, (about, weights) in about_pipelines().items():
        size = sum(len(path.read_bytes()) for path in (folder / "models" / weights).iterdir()) if weights else 0
        scores = measured[name]["scores"]
        values = [scores.get(key) for key in _COLUMNS.values()]
        rows.append([name, f"{size / 1e6:.1f} MB", *("-" if value is None else f"{value:.3g}" for value in values)])
        notes.append(f"{name}{' (the default)' if name == DEFAULT else ''}: {about}")
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *cells in rows:
        typer.echo(f"{name:{widths[0]}}" + "".join(f"  {c:>{w}}" for c, w in zip(cells, widths[1:], strict=True)))
    typer.echo("\n" + "\n".join(notes))
    cores = sorted({each["cores"] for each in measured.values()})
    typer.echo(
        f"Measured on {' and '.join(map(str, cores))} cores; DEBAGREEMENT and IAC: macro-F1 of the stance of a "
        "reply; links: F1 of which claim answers which."
    )
