"""Plots of the page of performance, readable on light and on dark ground: text is of a middle grey."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import side_by_side
from benchmarks.synthetic import SHAPES

_GREY = "#767676"  # the same contrast with white as with nearly black
_COLOURS = {"broad": "#c8641e", "deep": "#2f7fc1", "mixed": "#1f9270"}
_MARKERS = {"broad": "o", "deep": "s", "mixed": "^"}
_STYLE = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "argmine",  # the same numbers give the same bytes
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "text.color": _GREY,
    "axes.edgecolor": _GREY,
    "axes.labelcolor": _GREY,
    "axes.titlecolor": _GREY,
    "xtick.color": _GREY,
    "ytick.color": _GREY,
    "grid.color": _GREY,
    "grid.alpha": 0.25,
    "axes.grid": True,
    "legend.frameon": False,
    "font.family": "sans-serif",
    "font.size": 11,
}


def plot_side_by_side(found: dict[str, Any], folder: Path) -> list[tuple[str, str]]:
    """Draw the posts a second of all that were measured."""
    rates = {name.replace("`", ""): rate for name, rate in reversed(side_by_side.rates_of(found).items())}

    def draw(figure: Any) -> None:
        axes = figure.subplots()
        colours = [_COLOURS["deep"] if name.startswith("argmine") else _GREY for name in rates]
        axes.barh(list(rates), list(rates.values()), color=colours, height=0.6)
        axes.set(xscale="log", xlabel="posts a second, on two cores (logarithmic)")
        axes.grid(visible=False, axis="y")

    _save(draw, folder / "side_by_side.svg", (9, 1.2 + 0.4 * len(rates)))
    return [("side_by_side.svg", "Posts a second of argmine and of what one would otherwise write")]


def plot_growth(found: dict[str, Any], folder: Path) -> list[tuple[str, str]]:
    """Draw time and memory over the posts of a thread, and the threads a second over their number."""

    def draw_one(figure: Any) -> None:
        time, memory = figure.subplots(1, 2)
        for pipeline, line in (("en_rules", "-"), ("en", "--")):
            for shape in SHAPES:
                rows = [row for row in found["one"] if (row["pipeline"], row["shape"]) == (pipeline, shape)]
                posts = [row["posts"] for row in rows]
                look = {"linestyle": line, "marker": _MARKERS[shape], "color": _COLOURS[shape]}
                time.plot(posts, [1000 / row["rate"] for row in rows], label=f"{pipeline}, {shape}", **look)
                memory.plot(posts, [row["peak_mib"] for row in rows], **look)
        time.set(xscale="log", yscale="log", xlabel="posts of the thread", ylabel="time a post (ms)")
        memory.set(xscale="log", yscale="log", xlabel="posts of the thread", ylabel="peak memory (MiB)")
        figure.legend(loc="outside lower center", ncols=3)

    def draw_many(figure: Any) -> None:
        axes = figure.subplots()
        for processes, shape in ((1, "deep"), (2, "broad")):
            rows = [row for row in found["many"] if row["processes"] == processes]
            label = "one process" if processes == 1 else "two processes"
            look = {"marker": _MARKERS[shape], "color": _COLOURS[shape], "label": label}
            axes.plot([row["threads"] for row in rows], [row["rate"] for row in rows], **look)
        axes.set(xscale="log", xlabel="small threads", ylabel="threads a second", ylim=(0, None))
        axes.legend()

    _save(draw_one, folder / "growth.svg", (9, 4.6))
    _save(draw_many, folder / "many.svg", (9, 3.6))
    return [
        ("growth.svg", "Time a post and peak memory over the number of posts of one thread"),
        ("many.svg", "Threads a second over the number of small threads, with one process and with two"),
    ]


#: What draws the plots of a part, by its name.
PLOTS: dict[str, Callable[[dict[str, Any], Path], list[tuple[str, str]]]] = {
    "side_by_side": plot_side_by_side,
    "growth": plot_growth,
}


def _save(draw: Callable[[Any], None], path: Path, size: tuple[float, float]) -> None:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_STYLE):
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        figure.savefig(path, metadata={"Date": None})
