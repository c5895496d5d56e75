"""Scores as plain text, for people."""

from collections.abc import Mapping, Sequence

from argmine.evaluation.calibration import BINS, Calibration
from argmine.evaluation.off_topic import OffTopicScores
from argmine.evaluation.predictions import Comparison
from argmine.evaluation.resampling import FEWEST_GROUPS, Estimate
from argmine.evaluation.scores import Classification, Found
from argmine.evaluation.stances import StanceScores
from argmine.evaluation.threads import ThreadScores


def report_stances(scores: StanceScores, *, name: str, skipped: int = 0) -> str:
    """Return the scores of the stances of replies as text.

    Parameters
    ----------
    scores : StanceScores
        Of one corpus.
    name : str
        What was scored.
    skipped : int
        Number of pairs left out because they have no label.

    Returns
    -------
    str
        Several lines, without a final line break.
    """
    columns = [(scores.strict, scores.strict_calibration), (scores.restricted, scores.restricted_calibration)]
    left_out = f", {skipped} more without a label left out" if skipped else ""
    blocks = [
        [f"{name}: {scores.strict.items} pairs{left_out}"],
        _table(
            ["", "all four stances", "gold's labels only"],
            [
                ["macro-F1", *(_estimate(score.macro_f1) for score, _ in columns)],
                ["accuracy", *(_estimate(score.accuracy) for score, _ in columns)],
                [
                    "calibration error",
                    *(_estimate(Estimate(sure.expected_error, sure.low, sure.high)) for _, sure in columns),
                ],
                ["by chance (95 % below)", *(_chance(sure) for _, sure in columns)],
                ["Brier score (0 to 2)", *(_number(sure.brier) for _, sure in columns)],
                ["wrongly called off-topic", _number(scores.false_off_topic), "-"],
            ],
        ),
        _floor(scores.strict),
        ["all four stances:", *_per_label(scores.strict), "", *_confusion(scores.strict)],
        [
            f"only {', '.join(scores.labels)}:",
            *_per_label(scores.restricted),
            "",
            *_confusion(scores.restricted),
        ],
        [
            "All four stances: as the pipeline decides. Gold's labels only: the most probable of these.",
            "Macro-F1 is the mean over the labels that occur in gold.",
            _interval(scores.strict.groups, "groups (threads, or single pairs)"),
            f"Calibration error: {BINS} bins of equal width, confidence of the predicted label. By chance: what it "
            "would be if every confidence were exactly right.",
        ],
    ]
    return _joined(blocks)


def report_off_topic(scores: OffTopicScores, *, name: str, synthetic: bool = False, left_out: int = 0) -> str:
    """Return the scores of off-topic as text.

    Parameters
    ----------
    scores : OffTopicScores
        Of one set.
    name : str
        What was scored.
    synthetic : bool
        Whether the off-topic replies were made by moving replies.
    left_out : int
        Number of rows that are in neither class.

    Returns
    -------
    str
        Several lines, without a final line break.
    """
    rest = f", {left_out} more left out" if left_out else ""
    blocks = [
        [f"{name}{' (synthetic)' if synthetic else ''}: {scores.off_topic} off-topic, {scores.on_topic} others{rest}"],
        _table(
            ["", ""],
            [
                ["AUC of p_off_topic", _estimate(scores.auc)],
                ["off-topic, and called so", _estimate(scores.found)],
                ["others, called off-topic", _estimate(scores.false_off_topic)],
            ],
        )[1:],
        [_interval(scores.groups, "groups (threads, questions, articles)")],
    ]
    return _joined(blocks)


def report_threads(scores: ThreadScores, *, name: str) -> str:
    """Return the scores of whole threads as text.

    Parameters
    ----------
    scores : ThreadScores
        Over threads.
    name : str
        What was scored.

    Returns
    -------
    str
        Several lines, without a final line break.
    """
    rows = {
        "claims and premises, overlap >= .5": scores.spans,
        "claims and premises, overlap >= .9": scores.spans_tight,
        "links across posts": scores.links,
        "links across posts, with stance": scores.links_labelled,
        **{f"  {side}": found for side, found in scores.links_by_stance.items()},
        "supports within a post": scores.supports,
    }
    width = max(map(len, scores.facts))
    blocks = [
        [f"{name}: threads {scores.threads}, submissions that they are branches of {scores.groups}"],
        _found_table(rows),
        [
            f"role of the {scores.roles.items} matched claims and premises:",
            f"  accuracy {_estimate(scores.roles.accuracy)}, macro-F1 {_estimate(scores.roles.macro_f1)}",
            *(f"  {line}" for line in _floor(scores.roles)),
            *_per_label(scores.roles),
        ],
        [f"{fact:<{width}}  {count:>7}" for fact, count in scores.facts.items()],
        [
            "Overlap: characters in both spans over characters in either. A link is found if both ends match",
            "at .5; gold links not proposed, or with an end not found, are misses; predicted links with",
            "an end that matches nothing are wrong.",
            _interval(scores.groups, "submissions"),
        ],
    ]
    if scores.notes:
        notes = [f"  {count:>5}  {note}" for note, count in sorted(scores.notes.items())]
        blocks.append(["in the gold files:", *notes])
    return _joined(blocks)


def report_comparison(comparison: Comparison, *, first: str, second: str) -> str:
    """Return the comparison of two systems as text.

    Parameters
    ----------
    comparison : Comparison
        Of two files of predictions.
    first, second : str
        What the systems are called.

    Returns
    -------
    str
        Several lines, without a final line break.
    """
    test = comparison.test
    lines = [
        f"{comparison.items} pairs judged by both",
        f"  accuracy {_number(comparison.first_accuracy)}  {first}",
        f"  accuracy {_number(comparison.second_accuracy)}  {second}",
        f"  right only in the first {test.only_first}, only in the second {test.only_second}",
        f"  McNemar's test ({test.method}): p = {_number(test.p_value, digits=4)}",
    ]
    alone = comparison.only_in_first + comparison.only_in_second
    if alone:
        lines.append(f"  left out: {alone} judged by only one of them")
    return "\n".join(lines)


def _interval(groups: int, name: str) -> str:
    if groups < FEWEST_GROUPS:
        return f"There are no intervals: {groups} {name} are too few to resample."
    return f"Brackets: 95 % bootstrap interval over {groups} {name}."


def _floor(scores: Classification) -> list[str]:
    return [
        f"floor (always {scores.majority}): macro-F1 {_number(scores.majority_macro_f1)}, "
        f"accuracy {_number(scores.majority_accuracy)}"
    ]


def _per_label(scores: Classification) -> list[str]:
    return _found_table(scores.per_label)


def _found_table(rows: Mapping[str, Found]) -> list[str]:
    return _table(
        ["", "precision", "recall", "F1", "gold", "predicted"],
        [
            [
                name,
                _number(row.precision),
                _number(row.recall),
                _estimate(row.f1),
                str(row.tp + row.fn),
                str(row.tp + row.fp),
            ]
            for name, row in rows.items()
        ],
    )


def _confusion(scores: Classification) -> list[str]:
    rows = list(scores.confusion.values())
    predicted = [label for label in rows[0] if any(row[label] for row in rows)]
    return _table(
        ["gold \\ predicted", *predicted],
        [[gold, *(str(row[label]) for label in predicted)] for gold, row in scores.confusion.items()],
    )


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    return [
        (
            "  "
            + row[0].ljust(widths[0])
            + "".join("  " + cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        ).rstrip()
        for row in [header, *rows]
    ]


def _number(value: float | None, *, digits: int = 3) -> str:
    return "n/a" if value is None else f"{value:.{digits}f}"


def _chance(sure: Calibration) -> str:
    if sure.by_chance is None:
        return "n/a"
    return f"{_number(sure.by_chance)} ({_number(sure.most_by_chance)})"


def _estimate(estimate: Estimate) -> str:
    if estimate.low is None:
        return _number(estimate.value)
    return f"{_number(estimate.value)} [{_number(estimate.low)}, {_number(estimate.high)}]"


def _joined(blocks: Sequence[Sequence[str]]) -> str:
    return "\n\n".join("\n".join(block) for block in blocks)
