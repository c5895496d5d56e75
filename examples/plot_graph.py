"""Draw an argument graph as a picture: the claims in the order of the thread, the stances as arcs beside them.

Made for 10 to 40 claims.  Needs matplotlib: pip install "argmine[plot]".

Usage: python plot_graph.py [THREAD or GRAPH.graphml] [-o PICTURE.png]
"""

import argparse
from pathlib import Path
from textwrap import shorten

import networkx as nx
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path as Line

import argmine

EXAMPLE = Path(__file__).parent / "threads" / "blog.txt"
#: Colours that the colour-blind can tell apart, and a line style each for print in black and white.
COLOURS = {"agreement": "#00805e", "rebuttal": "#c04a00", "neutral": "#0067a8", "off-topic": "#767676"}
STYLES = {"agreement": "solid", "rebuttal": (0, (5, 2)), "neutral": (0, (1, 1.5))}
GREY = "#b8b8b8"
SHOWN = 84  # characters of a claim
# The picture is measured in inches: the axes fill it, and one unit is one inch.
ROW, INDENT, ARCS, TEXT, MARGIN = 0.27, 0.3, 2.6, 6.3, 0.55


def reading_order(graph: nx.DiGraph) -> list[str]:
    """Return posts and claims as they are read: each post, its claims, then the replies to it."""
    below: dict[str | None, list[str]] = {}
    answered = {one: other for one, other, kind in graph.edges(data="kind") if kind == "reply"}
    for node, data in graph.nodes(data=True):
        below.setdefault(data["post"] if data["kind"] == "claim" else answered.get(node), []).append(node)
    found: list[str] = []
    waiting = below[None]
    while waiting:
        node = waiting.pop()
        found.append(node)
        # claims before replies, both in their order; the last one pushed is the first one popped
        inside = below.get(node, [])
        waiting += sorted(inside, key=lambda each: (graph.nodes[each]["kind"] == "claim", -graph.nodes[each]["order"]))
    return found


def places(graph: nx.DiGraph) -> dict[str, tuple[float, float]]:
    """Return where each post and claim stands: a row each, posts indented by their depth."""
    found: dict[str, tuple[float, float]] = {}
    y = 0.0
    for node in reading_order(graph):
        data = graph.nodes[node]
        is_post = data["kind"] == "post"
        y -= ROW * (1.4 if is_post else 1.0)
        depth = data["depth"] if is_post else graph.nodes[data["post"]]["depth"]
        found[node] = (INDENT * depth + (0.0 if is_post else 0.12), y)
    return found


def draw_rows(axes: Axes, graph: nx.DiGraph, at: dict[str, tuple[float, float]]) -> None:
    """Write the author of each post, and each claim with a dot before it."""
    for node, (x, y) in at.items():
        data = graph.nodes[node]
        if data["kind"] == "post":
            axes.text(x, y, data.get("author", "(unknown)"), weight="bold", size=9, va="center", parse_math=False)
            continue
        colour = COLOURS.get(data.get("stance"), "black")
        axes.plot(x, y, "o", color=colour, markersize=5, markerfacecolor=colour if data["role"] == "claim" else "white")
        text = shorten(data["text"], SHOWN, placeholder=" …")
        axes.text(x + 0.13, y, text, size=8.5, va="center", color=colour, parse_math=False)


def draw_arcs(axes: Axes, graph: nx.DiGraph, at: dict[str, tuple[float, float]]) -> None:
    """Draw an arc on the left from each claim to the one that it answers or supports, longer arcs further out."""
    by_length = sorted(graph.edges(data=True), key=lambda edge: abs(at[edge[0]][1] - at[edge[1]][1]))
    answers = [edge for edge in by_length if edge[2]["kind"] == "answers"]
    for number, (one, other, edge) in enumerate(answers, start=1):
        out = 0.3 + (ARCS - 0.5) * number / len(answers)
        drawn = arc(at[one], at[other], level=-0.05, out=out, color=COLOURS[edge["stance"]])
        drawn.set(linestyle=STYLES[edge["stance"]], linewidth=0.6 + 1.6 * edge["confidence"], zorder=2)
        axes.add_patch(drawn)
    for one, other, edge in by_length:
        if edge["kind"] == "supports":
            level = at[one][0] - 0.1
            axes.add_patch(arc(at[one], at[other], level=level, out=0.15 - level, color=GREY, linewidth=0.7, zorder=1))


def arc(
    start: tuple[float, float], end: tuple[float, float], *, level: float, out: float, **style: object
) -> FancyArrowPatch:
    """Return an arrow that leaves its row to the left, bends at x = level, reaches x = -out and comes back."""
    (x1, y1), (x2, y2) = start, end
    y1, y2 = y1 - 0.03, y2 + 0.03  # what leaves a row and what arrives there are two lines
    control = level - (level + out) / 0.75  # a curve of this kind goes three quarters of the way to its control points
    points = [(x1 - 0.08, y1), (level, y1), (control, y1), (control, y2), (level, y2), (x2 - 0.06, y2)]
    codes = [Line.MOVETO, Line.LINETO, Line.CURVE4, Line.CURVE4, Line.CURVE4, Line.LINETO]
    return FancyArrowPatch(path=Line(points, codes), arrowstyle="-|>", mutation_scale=8, **style)


def draw_legend(axes: Axes) -> None:
    lines = [Line2D([], [], color=COLOURS[stance], linestyle=style, label=stance) for stance, style in STYLES.items()]
    lines.append(Line2D([], [], color=GREY, linewidth=0.7, label="supports"))
    dots = [("claim", "black", "black"), ("premise", "white", "black"), ("off-topic", *[COLOURS["off-topic"]] * 2)]
    for label, face, edge in dots:
        lines.append(Line2D([], [], marker="o", linestyle="", markerfacecolor=face, color=edge, label=label))
    axes.legend(handles=lines, loc="lower center", ncols=len(lines), frameon=False, fontsize=8.5)


def picture(graph: nx.DiGraph) -> Figure:
    """Return the picture of an argument graph."""
    at = places(graph)
    right = max(x for x, _ in at.values()) + TEXT
    bottom = min(y for _, y in at.values()) - MARGIN
    figure = Figure(figsize=(ARCS + right, MARGIN - bottom))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-ARCS, right), ylim=(bottom, MARGIN))
    axes.set_axis_off()
    draw_arcs(axes, graph, at)
    draw_rows(axes, graph, at)
    draw_legend(axes)
    axes.text(0, MARGIN / 3, graph.graph.get("title", ""), size=12, weight="bold", va="center", parse_math=False)
    return figure


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw an argument graph as a picture.")
    parser.add_argument("source", nargs="?", type=Path, default=EXAMPLE, help="a saved page, a dump or a graph")
    parser.add_argument("-o", "--out", type=Path, default=Path("thread.png"), help="file for the picture")
    options = parser.parse_args()
    if options.source.suffix == ".graphml":
        graph = argmine.read_graphml(options.source)
    else:
        graph = argmine.mine(argmine.read_thread(options.source))
    picture(graph).savefig(options.out, dpi=110)
    print(f"The picture is in {options.out}")


if __name__ == "__main__":
    main()
