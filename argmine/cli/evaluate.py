"""``argmine evaluate``: scores against gold pairs and gold threads."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import argmine
from argmine.cli.console import one_line_errors, working
from argmine.cli.evaluate_all import evaluate_all

if TYPE_CHECKING:
    from spacy.language import Language

    from argmine.evaluation import Judgement, StanceScores

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.command("all")(evaluate_all)

_Json = Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")]
_Pipeline = Annotated[str, typer.Option("--pipeline", metavar="NAME", help="The pipeline to score.")]
_Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="KEY=VALUE", help="Only rows with this value; may be given several times."),
]


@app.callback()
def _evaluate() -> None:
    """Score argmine against gold data."""


@app.command("pairs")
def pairs(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="JSON lines of posts and replies with gold labels; may be .xz."),
    ] = None,
    where: _Where = None,
    pipeline: _Pipeline = "en",
    as_json: _Json = False,
    predictions: Annotated[
        Path | None,
        typer.Option("--predictions", metavar="OUT.jsonl", help="File that gets the judgement of each pair."),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="OUT.png", help="File for a reliability diagram; of one corpus only."),
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--compare", metavar="A B", help="Two files of --predictions: McNemar's test."),
    ] = None,
) -> None:
    """Score the stance of replies: accuracy, macro-F1, per label, confusion and calibration."""
    if not files and compare is None:
        raise typer.BadParameter("name a file of pairs, or two files of predictions with --compare")
    if not files and (predictions is not None or plot is not None):
        raise typer.BadParameter("--predictions and --plot need a file of pairs")
    selection = _selection(where or [])
    with one_line_errors():
        from argmine.evaluation import plot_reliability, report_stances, write_predictions

        nlp = argmine.load(pipeline) if files else None  # predictions are compared without one
        judged: list[Judgement] = []
        scored: list[tuple[str, int, StanceScores]] = []
        for file in files or []:
            with working(f"{file}: judging"):
                judged += _score_file(file, selection, nlp, scored)
        if plot is not None and len(scored) > 1:
            raise typer.BadParameter(f"a diagram shows one corpus, not {len(scored)}", param_hint="--plot")
        if predictions is not None:
            write_predictions(judged, predictions)
        if plot is not None:
            plot_reliability(scored[0][2].strict_calibration, plot, title=scored[0][0])
        texts = [report_stances(scores, name=name, skipped=skipped) for name, skipped, scores in scored]
        found: dict[str, Any] = {
            "pairs": [{"name": name, "skipped": skipped, **asdict(scores)} for name, skipped, scores in scored]
        }
        if compare is not None:
            text, found["comparison"] = _compared(*compare)
            texts.append(text)
    typer.echo(_as_json(found) if as_json else "\n\n\n".join(texts))


@app.command("off-topic")
def off_topic(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="JSON lines of pairs, or of labelled comments; may be .xz."),
    ],
    where: _Where = None,
    off_label: Annotated[
        str | None,
        typer.Option("--off-topic", metavar="LABEL", help="Label of comments that are off-topic."),
    ] = None,
    on_label: Annotated[
        str | None,
        typer.Option("--on-topic", metavar="LABEL", help="Label of comments that are not."),
    ] = None,
    pipeline: _Pipeline = "en",
    as_json: _Json = False,
) -> None:
    """Score how off-topic replies are told from others: moved replies, bad answers, spam."""
    selection = _selection(where or [])
    texts: list[str] = []
    found: list[dict[str, Any]] = []
    with one_line_errors():
        from argmine.evaluation import Judge, read_off_topic_sets, report_off_topic, score_off_topic

        judge = Judge(argmine.load(pipeline))
        for file in files:
            with working(f"{file}: judging"):
                sets = read_off_topic_sets(file, where=selection, off_topic=off_label, on_topic=on_label)
                scored = [(each, score_off_topic(judge(each.pairs))) for each in sets]
            for each, scores in scored:
                about = {"name": each.name, "kind": each.kind, "synthetic": each.synthetic, "left_out": each.left_out}
                texts.append(report_off_topic(scores, name=each.name, synthetic=each.synthetic, left_out=each.left_out))
                found.append({**about, **asdict(scores)})
    typer.echo(_as_json({"off_topic": found}) if as_json else "\n\n\n".join(texts))


@app.command("threads")
def threads(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder of change-my-view-modes XML files."),
    ],
    pipeline: _Pipeline = "en",
    parts: Annotated[
        Path | None,
        typer.Option("--parts", metavar="DIR", help="Cross-validate: networks of `argmine train roles --parts`."),
    ] = None,
    as_json: _Json = False,
    predictions: Annotated[
        Path | None,
        typer.Option(
            "--predictions",
            metavar="OUT.jsonl",
            help="File that gets what was right and wrong in each thread.",
        ),
    ] = None,
) -> None:
    """Score whole graphs: claim spans, roles, and links across and within posts."""
    with one_line_errors():
        from argmine.evaluation import (
            mine_gold,
            pipelines_of_parts,
            read_cmv_threads,
            report_threads,
            score_threads,
            write_outcomes,
        )

        with working(f"{folder}: mining"):
            gold = list(read_cmv_threads(folder))
            pipeline_of = None if parts is None else pipelines_of_parts(parts, pipeline)
            outcomes = list(mine_gold(gold, nlp=argmine.load(pipeline), pipeline_of=pipeline_of))
        scores = score_threads(gold, outcomes)
        if predictions is not None:
            write_outcomes(outcomes, predictions)
        text = report_threads(scores, name=str(folder))
    typer.echo(_as_json({"name": str(folder), **asdict(scores)}) if as_json else text)


def _as_json(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)


def _selection(where: list[str]) -> dict[str, str]:
    selection = {}
    for one in where:
        key, equals, value = one.partition("=")
        if not equals or not key:
            raise typer.BadParameter(f"{one!r} is not KEY=VALUE, as in: --where fold=b", param_hint="--where")
        selection[key] = value
    return selection


def _score_file(
    file: Path, selection: dict[str, str], nlp: "Language | None", scored: list[tuple[str, int, "StanceScores"]]
) -> list["Judgement"]:
    """Judge the pairs of a file, and add the scores of each of its corpora: corpora are never pooled."""
    from argmine.evaluation import judge_pairs, read_pairs, score_stances

    pairs = read_pairs(file, where=selection)
    judged = judge_pairs(pairs, nlp=nlp)
    corpora = list(dict.fromkeys(pair.corpus for pair in pairs))
    chosen = "".join(f" {key}={value}" for key, value in selection.items())
    for corpus in corpora:
        name = f"{file.name}{chosen}" + (f", {corpus}" if len(corpora) > 1 else "")
        skipped = sum(pair.corpus == corpus and pair.label is None for pair in pairs)
        scored.append((name, skipped, score_stances([each for each in judged if each.corpus == corpus])))
    return judged


def _compared(first: Path, second: Path) -> tuple[str, dict[str, Any]]:
    from argmine.evaluation import compare, read_predictions, report_comparison

    comparison = compare(read_predictions(first), read_predictions(second))
    return report_comparison(comparison, first=str(first), second=str(second)), asdict(comparison)
