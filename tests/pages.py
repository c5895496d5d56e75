"""What the tests of the page need: graphs written by hand, and a browser that reports what it must not do."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import argmine

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOSTILE = [
    "</script><script>document.title = 'taken'</script>",
    "<img src=x onerror=\"document.title='taken'\"> <b>bold</b> &amp; <!--",
    "\" onmouseover=\"document.title='taken'\" x='",
    "\u202etfel ot thgir morf\u2066 never closed",
    "{{data}} {{script}} ${1} \\u003c/script> ]]>",
    "null \x00 bell \x07 lone \ud800 clock 🕰️ é",
]


def graph_of(*posts: tuple[str, str | None, str, list[tuple[str, str]]], **attributes: str) -> "nx.DiGraph[str]":
    """Make a graph of posts: author, the post answered, text, and claims as words and stance.

    A claim answers the first claim of the post that its own post answers, because of its first word.
    """
    graph: nx.DiGraph[str] = nx.DiGraph(schema="1", **attributes)
    for order, (author, parent, text, claims) in enumerate(posts):
        post = f"p{order}"
        graph.add_node(post, kind="post", author=author, order=order, text=text, created_at="2024-05-06T07:08:00+00:00")
        if parent is not None:
            stance = claims[0][1] if claims else "neutral"
            graph.add_edge(post, parent, kind="reply", stance=stance, confidence=0.9, basis="model")
        at = 0
        for number, (words, stance) in enumerate(claims, start=1):
            at = text.index(words, at)
            judged: dict[str, Any] = {"stance": stance, "confidence": 0.5 + number / 10} if stance else {}
            facts = {"order": number, "start": at, "end": at + len(words), "text": words, "role": "claim"}
            graph.add_node(f"{post}#{number}", kind="claim", post=post, author=author, **facts, **judged)
            graph.add_edge(post, f"{post}#{number}", kind="contains")
            if f"{parent}#1" in graph and stance not in {"", "off-topic"}:
                why = {"stance": stance, "confidence": 0.83, "basis": "cue", "cue": words.split()[0]}
                graph.add_edge(f"{post}#{number}", f"{parent}#1", kind="answers", **why)
    return graph


def small_graph() -> "nx.DiGraph[str]":
    """Make the thread that most tests look at."""
    trees, shade = "We should plant lime trees.", "They give shade."
    true, drip = "True, they do.", "But lime trees drip on cars."
    june, watches, please = "No, only in June.", "Cheap watches at my site!", "Please do not post that here."
    return graph_of(
        ("Ann", None, f"{trees} {shade}", [(trees, ""), (shade, "")]),
        ("Ben", "p0", f"> {shade}\n\n{true} {drip}", [(true, "agreement"), (drip, "rebuttal")]),
        ("Ann", "p1", june, [(june, "rebuttal")]),
        ("Cleo", "p0", watches, [(watches, "off-topic")]),
        ("Dan", "p3", please, [(please, "neutral")]),
        title="Which trees for the harbour street?",
    )


@contextmanager
def started() -> Iterator[Any]:
    """Start Chromium, or skip the tests that need it."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def opened_in(
    browser: Any,
    folder: Path,
    graph: "nx.DiGraph[str]",
    *,
    width: int = 1440,
    height: int = 900,
    hash_: str = "",
    dark: bool = False,
) -> Iterator[Any]:
    """Open the page of a graph; whatever it logs, throws or asks of a network fails the test."""
    path = folder / "page.html"
    argmine.write_html(graph, path)
    complaints: list[str] = []
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
    )
    page.on("console", lambda message: complaints.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on(
        "request", lambda request: None if request.url.startswith(path.as_uri()) else complaints.append(request.url)
    )
    page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    try:
        page.goto(path.as_uri() + hash_)
        yield page
    finally:
        page.context.close()
    assert not complaints


def drawn(page: Any) -> list[str]:
    """Return the ids of the claims that the graph shows."""
    return page.evaluate(
        "(() => { const held = JSON.parse(document.getElementById('thread').textContent).claims;"
        "return document.getElementById('graph')._cyreg.cy.nodes().map((node) => held[node.data('claim')].id); })()"
    )


def click_node(page: Any, claim: str) -> None:
    """Click a claim in the graph, where it is drawn."""
    x, y = page.evaluate(
        "(wanted) => { const held = JSON.parse(document.getElementById('thread').textContent).claims;"
        "const graph = document.getElementById('graph'); const box = graph.getBoundingClientRect();"
        "const node = graph._cyreg.cy.nodes().filter((each) => held[each.data('claim')].id === wanted);"
        "const place = node.renderedPosition(); return [box.x + place.x, box.y + place.y]; }",
        claim,
    )
    page.mouse.click(x, y)


def details(page: Any) -> str:
    """Return the details in words, on one line."""
    return " ".join(page.inner_text("#details-body").split())
