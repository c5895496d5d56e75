"""An argument graph for reading: each post, indented below the one it answers, with its claims."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from argmine.cli.console import one_line

if TYPE_CHECKING:
    import networkx as nx

_COLOURS = {"agreement": "green", "rebuttal": "red", "neutral": "cyan", "off-topic": "yellow"}
_DEEPEST = 12  # further in, lines would be too narrow to read
_SHORT = 70


def show(graph: "nx.DiGraph[str]", console: Console) -> None:
    """Print a summary of an argument graph, wrapped and in colour if the console is a terminal.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of schema version 1.
    console : rich.console.Console
        Where to print.
    """
    for indent, line in _lines(graph):
        if console.is_terminal:
            console.print(Padding(line, (0, 0, 0, indent), expand=False) if line else "")
        else:  # the reader of a pipe wraps lines as it likes; and this is much faster
            console.file.write(f"{' ' * indent}{line.plain}".rstrip() + "\n")
    console.file.write("\n")
    console.file.flush()  # a broken pipe shows here, where it is handled


def _lines(graph: "nx.DiGraph[str]") -> Iterator[tuple[int, Text]]:
    """Yield the lines of the summary, each with its indentation."""
    yield 0, Text(one_line(graph.graph.get("title", "")) or "(untitled)", style="bold")
    yield 0, Text(_counted(graph), style="dim")
    for post, depth in _reading_order(graph):
        indent = 2 * min(depth, _DEEPEST)
        yield 0, Text()
        yield indent, _post_line(graph, post)
        claims = [claim for claim in graph.successors(post) if graph.edges[post, claim]["kind"] == "contains"]
        for claim in sorted(claims, key=lambda claim: graph.nodes[claim]["order"]):
            yield indent + 2, _claim_line(graph, claim)
            for line in _relation_lines(graph, claim):
                yield indent + 6, line
        if not claims:
            missing = "(no claims)" if graph.nodes[post]["text"].strip() else "(empty)"
            yield indent + 2, Text(missing, style="dim")


def _counted(graph: "nx.DiGraph[str]") -> str:
    claims = [data for _, data in graph.nodes(data=True) if data["kind"] == "claim"]
    stances = [claim["stance"] for claim in claims if "stance" in claim]
    counts = [f"{stances.count(stance)} {stance}" for stance in _COLOURS if stance in stances]
    posts = graph.number_of_nodes() - len(claims)
    sizes = f"{posts} post{'s' * (posts != 1)}, {len(claims)} claim{'s' * (len(claims) != 1)}"
    return sizes + (f": {', '.join(counts)}" if counts else "")


def _reading_order(graph: "nx.DiGraph[str]") -> Iterator[tuple[str, int]]:
    """Yield each post with its depth, replies right behind what they answer."""
    posts = [node for node, data in graph.nodes(data=True) if data["kind"] == "post"]
    posts.sort(key=lambda post: graph.nodes[post]["order"])
    children: dict[str | None, list[str]] = {}
    for post in posts:
        children.setdefault(_answered_post(graph, post), []).append(post)
    waiting = children.get(None, [])[::-1]
    while waiting:
        post = waiting.pop()
        yield post, graph.nodes[post]["depth"]
        waiting.extend(reversed(children.get(post, [])))


def _answered_post(graph: "nx.DiGraph[str]", post: str) -> str | None:
    return next((to for _, to, data in graph.out_edges(post, data=True) if data["kind"] == "reply"), None)


def _post_line(graph: "nx.DiGraph[str]", post: str) -> Text:
    line = Text.assemble((one_line(graph.nodes[post].get("author", "(unknown)")), "bold"))
    line.append(f"  [{one_line(post)}]", style="dim")
    parent = _answered_post(graph, post)
    if parent is not None:
        author = one_line(graph.nodes[parent].get("author", "(unknown)"))
        line.append(f"  answers {author} [{one_line(parent)}]", style="dim")
        line.append_text(_judgement(graph.edges[post, parent], before="  "))
    return line


def _claim_line(graph: "nx.DiGraph[str]", claim: str) -> Text:
    data = graph.nodes[claim]
    role = (data["role"], "" if data["role"] == "claim" else "italic")
    judged = _judgement(data, before=", ")
    return Text.assemble((f"#{data['order']} ", "dim"), role, judged, f": {one_line(data['text'])}")


def _relation_lines(graph: "nx.DiGraph[str]", claim: str) -> Iterator[Text]:
    for _, target, data in graph.out_edges(claim, data=True):
        text = one_line(graph.nodes[target]["text"])
        short = text if len(text) <= _SHORT else text[:_SHORT].rstrip() + "…"
        why = " ".join(filter(None, [data.get("basis"), data.get("cue") and f"“{one_line(data['cue'])}”"]))
        yield Text.assemble(
            (f"{data['kind']} {one_line(target)} “{short}”", "dim"),
            _judgement(data, before=": "),
            (f" ({why})" if why else "", "dim"),
        )


def _judgement(data: dict[str, Any], *, before: str) -> Text:
    if "stance" not in data:
        return Text()
    confidence = f" {data['confidence']:.2f}" if "confidence" in data else ""
    return Text.assemble(before, (f"{data['stance']}{confidence}", _COLOURS.get(data["stance"], "")))
