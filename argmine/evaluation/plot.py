"""A reliability diagram: how often a pipeline is right when it is so sure."""

from pathlib import Path

from argmine.errors import EvaluationError, MissingExtraError
from argmine.evaluation.calibration import Calibration


def plot_reliability(calibration: Calibration, path: Path | str, *, title: str = "") -> None:
    """Save a reliability diagram (Niculescu-Mizil & Caruana 2005) as a picture.

    Parameters
    ----------
    calibration : Calibration
        As in :class:`~argmine.evaluation.StanceScores`.
    path : path
        The ending names the format: ``.png``, ``.svg`` or ``.pdf``.
    title : str
        Stands above it.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    EvaluationError
        If the file cannot be written, or the ending is unknown.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtraError("matplotlib", extra="plot", purpose="The reliability diagram") from error
    path = Path(path)
    figure = Figure(figsize=(5, 6), layout="constrained")
    diagram, histogram = figure.subplots(2, sharex=True, height_ratios=(4, 1))
    filled = [each for each in calibration.bins if each.confidence is not None and each.accuracy is not None]
    width = 1 / max(len(calibration.bins), 1)
    diagram.plot([0, 1], [0, 1], color="0.6", linestyle="--", label="as sure as right")
    diagram.bar(
        [each.low for each in filled],
        [each.accuracy or 0.0 for each in filled],
        width=width,
        align="edge",
        color="#4878a8",
        edgecolor="white",
        label="share right",
    )
    diagram.plot(
        [each.confidence or 0.0 for each in filled],
        [each.accuracy or 0.0 for each in filled],
        marker="o",
        linestyle="",
        color="#203850",
    )
    error_text = "n/a" if calibration.expected_error is None else f"{calibration.expected_error:.3f}"
    diagram.set(xlim=(0, 1), ylim=(0, 1), ylabel="share right", title=title)
    diagram.text(0.04, 0.8, f"calibration error {error_text}", transform=diagram.transAxes)
    diagram.legend(loc="upper left", frameon=False)
    histogram.bar(
        [each.low for each in calibration.bins],
        [each.count for each in calibration.bins],
        width=width,
        align="edge",
        color="0.7",
        edgecolor="white",
    )
    histogram.set(xlabel="confidence of the predicted stance", ylabel="items")
    # no date and no version in the file: the same scores give the same bytes
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        figure.savefig(part, metadata=_METADATA.get(path.suffix.lower()))
        part.replace(path)
    except (OSError, ValueError) as error:
        raise EvaluationError(f"The diagram cannot be written to {path} ({error})") from error
    finally:
        part.unlink(missing_ok=True)


_METADATA = {".png": {"Software": None}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
