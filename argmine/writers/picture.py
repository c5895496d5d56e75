"""A static picture of an argument graph: the thread downwards, and what each claim answers.

Every post is a line with its author and the stance of the reply, with its claims below it, indented as deep as the
reply.  On the left an arrow leads from each claim to the claim that it answers, and a thin line from each premise to
the claim that it supports.  Colours differ for the colour-blind as well, and lines and signs tell stances apart without
any colour.  Meant for threads of some dozens of claims; texts are shortened.
"""

import io
import os
import textwrap
import warnings
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import networkx as nx

from argmine.errors import GraphError, MissingExtraError
from argmine.writers.atomic import whole_file
from argmine.writers.colours import LOOKS
from argmine.writers.outline import claims_of, reading_order
from argmine.writers.schema import attribute_types

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot", "write_picture"]

_MOST_CLAIMS = 300
# The picture is measured in inches: the axes fill it, and one unit is one inch.
_ROW, _GAP, _INDENT, _LANE, _PORT, _MARGIN = 0.24, 0.1, 0.3, 0.15, 0.055, 0.2
_TEXT_WIDTH = 6.2
_CHARACTERS = 100  # in a line of that width
_MOST_LINES = 2
_DEEPEST = 8  # deeper replies are not indented any further
_DOTS = 150  # per inch, in a PNG


class _Style(NamedTuple):
    """How a stance is drawn: its colour, its line, and what the picture calls it."""

    colour: str
    line: Any
    name: str


_LINES = {"solid": "solid", "dashed": (0, (5, 2)), "dotted": (0, (1, 1.5)), "dash-dot": (0, (5, 1.5, 1, 1.5))}
_NAMES = {"agreement": "agrees", "rebuttal": "rebuts", "neutral": "neutral", "off-topic": "off-topic"}
_STYLES = {stance: _Style(look.line, _LINES[look.style], _NAMES[stance]) for stance, look in LOOKS.items()}
_PLAIN = _Style("#1a1a1a", "solid", "")
_SUPPORT = _Style("#a8a8a8", "solid", "supports")


class _Line(NamedTuple):
    """What one node is in the picture: how far down its middle is and how far right it begins, and its text."""

    middle: float
    left: float
    text: str
    style: _Style


class _Edge(NamedTuple):
    """Claims that answer or support one; several only where they are drawn as one line with branches."""

    sources: tuple[str, ...]
    target: str
    style: _Style
    confidence: float


def plot(graph: "nx.DiGraph[str]") -> "Figure":
    """Draw an argument graph.

    Parameters
    ----------
    graph : networkx.DiGraph
        As :func:`argmine.mine` returns it; of at most 300 claims.

    Returns
    -------
    matplotlib.figure.Figure
        As large as the thread asks for; ``figure.savefig`` saves it, and a notebook shows it.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    GraphError
        If the graph has more claims than such a picture can show.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtraError("matplotlib", extra="plot", purpose="A picture") from error
    attribute_types(graph)  # refuses what is no argument graph
    claims = sum(data["kind"] == "claim" for _, data in graph.nodes(data=True))
    if claims > _MOST_CLAIMS:
        raise GraphError(
            f"a picture shows at most {_MOST_CLAIMS} claims, and this graph has {claims}",
            "Write it as .graphml, or draw a part of it.",
        )
    lines, bottom = _laid_out(graph)
    supports, answers = _supports(graph, lines), _answers(graph, lines)
    inner, outer = _lanes(supports, lines), _lanes(answers, lines)
    edge_room = _LANE * (max(inner, default=-1) + max(outer, default=-1) + 4)
    right = _TEXT_WIDTH + max((line.left for line in lines.values()), default=0.0)
    title = _one_line(str(graph.graph.get("title", "")))
    top = -0.5 if title else -0.15
    figure = Figure(figsize=(_MARGIN + edge_room + right + _MARGIN, bottom - top + 0.5))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-edge_room - _MARGIN, right + _MARGIN), ylim=(bottom + 0.5, top))
    axes.set_axis_off()
    if title:
        title = textwrap.shorten(title, _CHARACTERS * 3 // 4, placeholder=" …")
        axes.text(0, -0.22, title, size=12, weight="bold", va="center", parse_math=False)
    for node, line in lines.items():
        _draw_line(axes, line, graph.nodes[node])
    outermost = -_LANE * (max(inner, default=-1) + 2)
    at = [*(-_LANE * (lane + 1) for lane in inner), *(outermost - _LANE * (lane + 1) for lane in outer)]
    _draw_edges(axes, [*supports, *answers], lines, at)
    _draw_legend(axes, [edge.style for edge in (*answers, *supports)])
    return figure


def write_picture(graph: "nx.DiGraph[str]", target: str | os.PathLike[str] | BinaryIO) -> None:
    """Write a picture of an argument graph, as :func:`plot` draws it.

    Parameters
    ----------
    graph : networkx.DiGraph
        As for :func:`plot`.
    target : str, PathLike or binary file
        The ending names the format, ``.svg``, ``.png`` or ``.pdf``; an open file gets SVG.

    Raises
    ------
    MissingExtraError, GraphError
        As for :func:`plot`.
    OSError
        If the file cannot be written.
    """
    figure = plot(graph)
    import matplotlib as mpl  # noqa: PLC0415 - an extra

    ending = Path(target).suffix.lower() if isinstance(target, str | os.PathLike) else ".svg"
    drawn = io.BytesIO()
    # neither a date nor a version, nor names of chance: the same graph gives the same bytes
    with mpl.rc_context({"svg.hashsalt": "argmine"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)  # a box stands for it
        figure.savefig(drawn, format=ending[1:], dpi=_DOTS, metadata=_METADATA[ending])
    with whole_file(target) as file:
        file.write(drawn.getvalue())


_METADATA = {".png": {"Software": None}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}


def _laid_out(graph: "nx.DiGraph[str]") -> tuple[dict[str, _Line], float]:
    """Return the lines of posts and claims from the top, and how far down they reach."""
    lines: dict[str, _Line] = {}
    here = 0.0
    for post, depth in reading_order(graph):
        data = graph.nodes[post]
        left = _INDENT * min(depth, _DEEPEST)
        replies = (edge for *_, edge in graph.out_edges(post, data=True) if edge["kind"] == "reply")
        stance = next((edge.get("stance", "") for edge in replies), "")
        author = textwrap.shorten(_one_line(str(data.get("author", f"({post})"))), 40, placeholder=" …")
        here += _GAP
        lines[post] = _Line(here + _ROW / 2, left, author, _STYLES.get(stance, _PLAIN))
        here += _ROW
        for claim in claims_of(graph, post):
            characters = int(_CHARACTERS * (1 - _INDENT / _TEXT_WIDTH))
            text = textwrap.wrap(
                _one_line(graph.nodes[claim]["text"]), characters, max_lines=_MOST_LINES, placeholder=" …"
            )
            height = _ROW * len(text) - (len(text) - 1) * 0.06
            style = _STYLES.get(graph.nodes[claim].get("stance", ""), _PLAIN)
            lines[claim] = _Line(here + height / 2, left + 0.14, "\n".join(text), style)
            here += height
    return lines, here


def _one_line(text: str) -> str:
    """Return a text in one line, without characters that turn the direction of the others or cannot be drawn."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _answers(graph: "nx.DiGraph[str]", lines: dict[str, _Line]) -> list[_Edge]:
    found = [
        _Edge((source,), target, _STYLES.get(data.get("stance", ""), _SUPPORT), float(data["confidence"]))
        for source, target, data in graph.edges(data=True)
        if data["kind"] == "answers"
    ]
    return sorted(found, key=lambda edge: _length(edge, lines))


def _supports(graph: "nx.DiGraph[str]", lines: dict[str, _Line]) -> list[_Edge]:
    """Return the premises of each claim as one edge: a line with branches is easier to follow than many lines."""
    premises: dict[str, list[str]] = defaultdict(list)
    for source, target, data in graph.edges(data=True):
        if data["kind"] == "supports":
            premises[target].append(source)
    found = [_Edge(tuple(sources), target, _SUPPORT, 0.0) for target, sources in premises.items()]
    return sorted(found, key=lambda edge: _length(edge, lines))


def _length(edge: _Edge, lines: dict[str, _Line]) -> tuple[float, float]:
    low, high = _reach(edge, lines)
    return high - low, low


def _reach(edge: _Edge, lines: dict[str, _Line]) -> tuple[float, float]:
    heights = [lines[node].middle for node in (*edge.sources, edge.target)]
    return min(heights), max(heights)


def _lanes(edges: Sequence[_Edge], lines: dict[str, _Line]) -> list[int]:
    """Return for each edge which lane beside the text it runs in: the innermost where no other one runs."""
    taken: list[list[tuple[float, float]]] = []
    found = []
    for edge in edges:
        low, high = _reach(edge, lines)
        lane = 0
        while lane < len(taken) and any(start <= high and low <= end for start, end in taken[lane]):
            lane += 1
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        found.append(lane)
    return found


def _draw_line(axes: "Axes", line: _Line, data: dict[str, Any]) -> None:
    if data["kind"] == "post":
        axes.text(line.left, line.middle, line.text, weight="bold", size=9.5, va="center", parse_math=False)
        if line.style.name:
            at = line.left + 0.105 * len(line.text) + 0.12
            axes.text(at, line.middle, line.style.name, size=8, va="center", color=line.style.colour, style="italic")
        return
    face = line.style.colour if data["role"] == "claim" else "white"
    marker = "X" if line.style.name == "off-topic" else "o"
    axes.plot(line.left, line.middle, marker, color=line.style.colour, markersize=5, markerfacecolor=face)
    axes.text(
        line.left + 0.13, line.middle, line.text, size=8.5, va="center", color=line.style.colour, parse_math=False,
        linespacing=1.15,
    )  # fmt: skip


def _draw_edges(axes: "Axes", edges: Sequence[_Edge], lines: dict[str, _Line], at: Sequence[float]) -> None:
    """Draw arrows that leave their line to the left, run in their lane, and come back."""
    from matplotlib.patches import FancyArrowPatch  # noqa: PLC0415 - an extra
    from matplotlib.path import Path as Line  # noqa: PLC0415

    ends = Counter(node for edge in edges for node in (*edge.sources, edge.target))
    used: Counter[str] = Counter()

    def port(node: str) -> float:
        """Return where the next edge of a node meets its line: those that share one stand apart."""
        used[node] += 1
        return lines[node].middle + _PORT * (used[node] - (ends[node] + 1) / 2)

    for edge, lane in zip(edges, at, strict=True):
        end = port(edge.target)
        for number, source in enumerate(edge.sources):
            start = port(source)
            bend = min(0.07, abs(end - start) / 2) * (1 if end > start else -1)
            points = [
                (lines[source].left - 0.07, start),
                (lane + 0.07, start), (lane, start), (lane, start + bend),
                (lane, end - bend), (lane, end), (lane + 0.07, end),
                (lines[edge.target].left - 0.06, end),
            ]  # fmt: skip
            codes = [Line.MOVETO, Line.LINETO, Line.CURVE3, Line.CURVE3, Line.LINETO]
            codes += [Line.CURVE3, Line.CURVE3, Line.LINETO]
            axes.add_patch(
                FancyArrowPatch(
                    path=Line(points, codes),
                    arrowstyle="-" if number else "-|>",
                    mutation_scale=7,
                    color=edge.style.colour,
                    linestyle=edge.style.line,
                    linewidth=0.7 if edge.style is _SUPPORT else 0.6 + 1.4 * edge.confidence,
                )
            )


def _draw_legend(axes: "Axes", drawn: Sequence[_Style]) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415 - an extra

    lines = [
        Line2D([], [], color=style.colour, linestyle=style.line, linewidth=1.3, label=style.name)
        for style in (*_STYLES.values(), _SUPPORT)
        if style in drawn
    ]
    dots = [
        ("claim", "o", _PLAIN.colour, _PLAIN.colour),
        ("premise", "o", "white", _PLAIN.colour),
        ("off-topic", "X", _STYLES["off-topic"].colour, _STYLES["off-topic"].colour),
    ]
    for label, marker, face, edge in dots:
        lines.append(Line2D([], [], marker=marker, linestyle="", markerfacecolor=face, color=edge, label=label))
    axes.legend(handles=lines, loc="lower left", ncols=len(lines), frameon=False, fontsize=8.5)
