"""The table of quality and what is behind it, as a page in Markdown."""

from collections.abc import Mapping, Sequence

import argmine
from argmine.evaluation.calibration import Calibration
from argmine.evaluation.quality import Quality
from argmine.evaluation.quality_rows import REPLIES, ROWS, Gold, Row
from argmine.evaluation.resampling import Estimate
from argmine.evaluation.scores import STANCES, Classification, Found

_ABOUT = """\
Brackets are 95 % bootstrap intervals over threads, questions, articles or submissions (for speed: the slowest and the
fastest round). What each score means and how it is made is in [Evaluation](evaluation.md). *Reached* behind a score
means that it is at least as good as what was required, *aim* that it is as good as the aim, *missed* that it is
neither. Corpora are never pooled, and none of their texts is part of argmine.

Floors are TF-IDF of words and characters with logistic regression; published numbers are the nearest there are. Both
are macro-F1 or the score of their row where they do not say otherwise, and only comparable as far as they say.

A calibration error is drawn upwards by chance, in the resamples of its interval once more, so that the interval leans
upwards. Beside it stands, for each corpus, what it would be by chance if every confidence were exactly right: the mean,
and what 95 % of such samples stay below. The interval of a share of exactly 0 has no width: with n items, shares up to
3 / n are still likely."""

_PER_LABEL = """\
Per label: precision, recall, F1, and what the replies with this label were called. Where gold has two labels only, the
decision is between these two."""


def quality_page(
    qualities: Sequence[Quality], *, command: str, plots: Mapping[tuple[str, str], str] | None = None
) -> str:
    """Return the page.

    Parameters
    ----------
    qualities : sequence of Quality
        One per pipeline; each gets a column.
    command : str
        What made it, as typed.
    plots : mapping, optional
        From (pipeline, corpus) to the address of its reliability diagram, as seen from the page.

    Returns
    -------
    str
        Markdown that ends in a line break.
    """
    blocks = [
        "# Quality",
        f"Made by `{command}` (argmine {argmine.__version__}). Do not edit: run it again.",
        _ABOUT,
        *_remarks(qualities),
        "## What is asked, and what is reached",
        score_table(qualities),
        "## Replies, corpus by corpus",
        _PER_LABEL,
        *(block for gold in REPLIES for block in _corpus(gold, qualities)),
        "## Off-topic",
        "*Found* is the share of off-topic replies that are called off-topic, *false* the share of the others.",
        _off_topic(qualities),
        "## Whole threads",
        *_threads(qualities),
    ]
    if plots:
        blocks += ["## Reliability", *(f"![{pipeline}: {name}]({path})" for (pipeline, name), path in plots.items())]
    return "\n\n".join(blocks) + "\n"


def score_table(qualities: Sequence[Quality]) -> str:
    """Return the table of :data:`ROWS`, a column for each pipeline."""
    header = ["on", "score", "required", "aim", *(f"`{each.pipeline}`" for each in qualities), "floor", "published"]
    rows = []
    for number, row in enumerate(ROWS):
        digits = 1 if row.gold.kind == "speed" else 3
        rows.append(
            [
                row.gold.name,
                row.score,
                _bound(row, row.required),
                _bound(row, row.aim),
                *(_cell(row, each.scores[number], digits) for each in qualities),
                row.floor,
                row.published,
            ]
        )
    return _table(header, rows)


def verdict(row: Row, score: Estimate) -> str:
    """Return ``aim``, ``reached`` or ``missed``; nothing where nothing is required or there is no score."""
    if row.required is None or row.aim is None or score.value is None:
        return ""
    sign = -1 if row.lower_is_better else 1
    if sign * score.value >= sign * row.aim:
        return "aim"
    return "reached" if sign * score.value >= sign * row.required else "missed"


def _cell(row: Row, score: Estimate | str, digits: int) -> str:
    if isinstance(score, str):
        return score
    judged = verdict(row, score)
    return _estimate(score, digits=digits) + (f" *{judged}*" if judged else "")


def _bound(row: Row, bound: float | None) -> str:
    if bound is None:
        return ""
    number = f"{bound:g}" if row.gold.kind == "speed" else f"{bound:.2f}"
    return f"{'≤' if row.lower_is_better else '≥'} {number}"


def _remarks(qualities: Sequence[Quality]) -> list[str]:
    cores = sorted({each.cores for each in qualities})
    crossed = [f"`{each.pipeline}`" for each in qualities if each.cross_validated]
    found = [f"Speed was measured on {' and '.join(map(str, cores))} processor cores."]
    if crossed:
        found.append(
            f"The change-my-view threads were cross-validated for {', '.join(crossed)}: each thread was mined by a "
            "pipeline trained without any branch of its submission."
        )
    return [" ".join(found)]


def _corpus(gold: Gold, qualities: Sequence[Quality]) -> list[str]:
    scored = [(each.pipeline, each.replies[gold.name]) for each in qualities if gold.name in each.replies]
    if not scored:
        return [f"### {gold.name}", f"Absent: no {gold.file}"]
    first = scored[0][1].strict
    summary: list[list[str]] = []
    labels: list[list[str]] = []
    for pipeline, scores in scored:
        decision = scores.restricted if gold.restricted else scores.strict
        summary += [
            _summary(pipeline, "all four stances", scores.strict, scores.strict_calibration),
            _summary(pipeline, f"only {', '.join(scores.labels)}", scores.restricted, scores.restricted_calibration),
        ]
        labels += [[f"`{pipeline}`", *row] for row in _labels(decision)]
    return [
        f"### {gold.name}",
        f"{first.items} replies, {first.groups} groups. Always {first.majority}: macro-F1 "
        f"{_number(first.majority_macro_f1)}, accuracy {_number(first.majority_accuracy)}.",
        _table(
            ["pipeline", "decided among", "macro-F1", "accuracy", "calibration error", "by chance", "Brier score"],
            summary,
        ),
        _table(["pipeline", "gold", "items", "precision", "recall", "F1", *(f"called {s}" for s in STANCES)], labels),
    ]


def _summary(pipeline: str, among: str, scores: Classification, sure: Calibration) -> list[str]:
    error = Estimate(sure.expected_error, sure.low, sure.high)
    estimates = (_estimate(each) for each in (scores.macro_f1, scores.accuracy, error))
    by_chance = f"{_number(sure.by_chance)}, mostly < {_number(sure.most_by_chance)}"
    return [f"`{pipeline}`", among, *estimates, by_chance, _number(sure.brier)]


def _labels(scores: Classification) -> list[list[str]]:
    return [
        [
            label,
            str(found.tp + found.fn),
            _number(found.precision),
            _number(found.recall),
            _estimate(found.f1),
            *(str(scores.confusion[label][stance]) for stance in STANCES),
        ]
        for label, found in scores.per_label.items()
    ]


def _off_topic(qualities: Sequence[Quality]) -> str:
    names = list(dict.fromkeys(name for each in qualities for name in each.off_topic))
    rows = []
    for name in names:
        for each in qualities:
            scores = each.off_topic.get(name)
            if scores is not None:
                rows.append(
                    [
                        name + (" (synthetic)" if name in each.synthetic else ""),
                        f"`{each.pipeline}`",
                        str(scores.off_topic),
                        str(scores.on_topic),
                        *(_estimate(one) for one in (scores.auc, scores.found, scores.false_off_topic)),
                    ]
                )
    return _table(["on", "pipeline", "off-topic", "others", "AUC", "found", "false"], rows)


def _threads(qualities: Sequence[Quality]) -> list[str]:
    rows = []
    for each in qualities:
        scores = each.threads
        if scores is None:
            continue
        found = {
            "claims and premises, overlap ≥ .5": scores.spans,
            "claims and premises, overlap ≥ .9": scores.spans_tight,
            "role claim, of the matched": scores.roles.per_label.get("claim"),
            "role premise, of the matched": scores.roles.per_label.get("premise"),
            "links across posts": scores.links,
            "links with stance": scores.links_labelled,
            **{f"links of {side}": one for side, one in scores.links_by_stance.items()},
            "supports within a post": scores.supports,
        }
        rows += [[f"`{each.pipeline}`", name, *_found(one)] for name, one in found.items() if one is not None]
    if not rows:
        return ["Absent: no gold threads."]
    first = next(each.threads for each in qualities if each.threads is not None)
    return [
        f"{first.threads} threads, branches of {first.groups} submissions.",
        _table(["pipeline", "what", "gold", "predicted", "precision", "recall", "F1"], rows),
    ]


def _found(found: Found) -> list[str]:
    counts = [str(found.tp + found.fn), str(found.tp + found.fp)]
    return [*counts, _number(found.precision), _number(found.recall), _estimate(found.f1)]


def _number(value: float | None, *, digits: int = 3) -> str:
    return "n/a" if value is None else f"{value:.{digits}f}"


def _estimate(estimate: Estimate, *, digits: int = 3) -> str:
    text = _number(estimate.value, digits=digits)
    if estimate.low is None or estimate.high is None:
        return text
    return f"{text} [{_number(estimate.low, digits=digits)}, {_number(estimate.high, digits=digits)}]"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_escaped(cell) for cell in line) + " |" for line in lines)


def _escaped(cell: str) -> str:
    return " ".join(cell.split()).replace("|", "\\|")
