import hashlib
import io
import json
import re
from base64 import b64encode
from importlib.resources import files
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from pages import HOSTILE, graph_of, small_graph
from strategies import graphs
from typer.testing import CliRunner

import argmine
from argmine.cli import app
from argmine.cli import view as view_module
from argmine.errors import GraphError
from argmine.writers.colours import LOOKS
from argmine.writers.html import page_of
from argmine.writers.page_data import MOST_CLAIMS, page_data

EXAMPLES = Path(__file__).parents[1] / "examples" / "threads"
PAGE = Path(str(files("argmine") / "writers" / "page"))


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="thread">(.*?)</script>', page, re.DOTALL)[1])


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments, **options):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], **options)


@given(graphs())
def test_any_graph_gives_a_page(graph):
    page = page_of(graph)
    data = data_of(page)
    assert len(data["posts"]) == data["counts"]["posts"]
    assert len(data["claims"]) == data["counts"]["claims"]
    for claim in data["claims"]:
        assert claim["text"] == graph.nodes[claim["id"]]["text"]
    page.encode()
    assert page.count("<script") == page.count("</script>") == 4


@given(graphs())
def test_the_same_graph_gives_the_same_page(graph):
    assert page_of(graph) == page_of(graph.copy())


def test_the_policy_names_every_script_and_style():
    page = page_of(small_graph())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    inline = re.findall(r"<(?:script|style id=\"[_a-z]+\")>(.*?)</(?:script|style)>", page, re.DOTALL)
    assert len(inline) == 4
    for content in inline:
        assert f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_nothing_in_the_page_names_a_file_elsewhere():
    page = page_of(small_graph())
    assert not re.search(r"""(?:src|href)=["'](?!#)|@import|url\(|sourceMappingURL""", page.partition("<script")[0])
    assert "sourceMappingURL" not in page


def test_the_vendored_scripts_are_those_of_the_readme():
    readme = (PAGE / "vendor" / "README.md").read_text()
    for path in sorted((PAGE / "vendor").glob("*/*.js")):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in readme
        assert list(path.parent.glob("LICENSE*"))
        assert not re.search("<!--|<script|</script", path.read_text(encoding="utf-8"), re.IGNORECASE)


def test_own_scripts_are_read_in_one_sitting():
    for path in sorted(PAGE.glob("*.*")):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 260, path.name


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_never_become_markup(text):
    page = page_of(graph_of((text, None, text, [(text, "")]), title=text, url="javascript:alert(1)"))
    data = data_of(page)
    assert data["posts"][0]["text"] == data["claims"][0]["text"] == data["title"] == text
    assert page.count("<script") == page.count("</script>") == 4
    title = re.search("<title>(.*?)</title>", page, re.DOTALL)[1]
    assert not re.search("[<>\u202a-\u202e\u2066-\u2069\x00-\x1f]", title)


def test_offsets_count_as_javascript_does():
    text = "🕰️ The clock is late. 🙂 It always was."
    data = page_data(graph_of(("Ann", None, text, [("It always was.", "")])))
    start = data["claims"][0]["start"]
    assert text.encode("utf-16-le")[2 * start :].decode("utf-16-le") == "It always was."


def test_a_claim_that_is_not_where_it_says_is_kept():
    graph = small_graph()
    graph.nodes["p2#1"]["start"] = 4
    claim = next(claim for claim in page_data(graph)["claims"] if claim["id"] == "p2#1")
    assert claim["text"] == "No, only in June."
    assert claim["start"] == -1


def test_posts_stand_in_reading_order():
    data = page_data(
        graph_of(("A", None, "one", []), ("B", "p0", "two", []), ("C", "p0", "three", []), ("D", "p1", "four", []))
    )
    assert [post["text"] for post in data["posts"]] == ["one", "two", "four", "three"]
    assert [post["answers"] for post in data["posts"]] == [-1, 0, 1, 0]


def test_a_ring_of_replies_is_refused():
    graph = graph_of(("A", None, "one", []), ("B", "p0", "two", []))
    graph.add_edge("p0", "p1", kind="reply")
    with pytest.raises(GraphError, match="answer each other in a circle"):
        page_data(graph)


def test_a_deep_thread_is_no_matter():
    posts = [("A", f"p{order - 1}" if order else None, "word", []) for order in range(50_000)]
    assert len(page_data(graph_of(*posts))["posts"]) == 50_000


def test_of_a_large_thread_the_page_holds_counts_and_a_selection():
    many = [("Ben", "p0", "Yes. No.", [("Yes.", "agreement"), ("No.", "rebuttal")])] * (MOST_CLAIMS // 2 + 10)
    data = page_data(graph_of(("Ann", None, "Trees.", [("Trees.", "")]), *many))
    assert data["counts"]["claims"] == MOST_CLAIMS + 21
    assert data["left_out"]["claims"] == data["counts"]["claims"] - len(data["claims"]) > 4000
    assert data["posts"][0]["text"] == "Trees."
    assert dict(data["authors"])["Ben"]["rebuttal"] == MOST_CLAIMS // 2 + 10


@pytest.mark.parametrize(
    "graph", [nx.Graph(schema="1"), nx.MultiDiGraph(schema="1"), nx.DiGraph(), nx.DiGraph(schema="9")]
)
def test_what_is_no_argument_graph_is_refused(graph, tmp_path):
    with pytest.raises(GraphError):
        argmine.write_html(graph, tmp_path / "page.html")
    assert not list(tmp_path.iterdir())


def test_a_page_goes_into_an_open_file():
    file = io.BytesIO()
    argmine.write_html(small_graph(), file)
    assert file.getvalue().decode() == page_of(small_graph())


def test_a_notebook_shows_the_page_in_a_frame():
    shown = argmine.show(small_graph(), height=500)
    frame = shown._repr_html_()
    assert frame.startswith('<iframe srcdoc="&lt;!doctype html&gt;')
    assert 'height="500"' in frame
    assert "allow-same-origin" not in frame
    assert "<" not in frame[1:].removesuffix("</iframe>")
    assert repr(shown) == "<the page of 'Which trees for the harbour street?'>"


def test_view_names_the_page_after_its_input(here):
    result = run("view", EXAMPLES / "blog.txt", "--pipeline", "en_rules")
    assert (result.exit_code, result.stdout) == (0, "blog.html\n")
    assert "Let the library forgive the late fees" in (here / "blog.html").read_text(encoding="utf-8")


def test_view_replaces_its_own_page_but_no_saved_page(here):
    graph = here / "forum.graphml"
    argmine.write_graphml(small_graph(), graph)
    saved = here / "forum.html"
    saved.write_text("<html>a saved page</html>")
    for _ in range(2):
        assert run("view", graph).stdout == "forum-view.html\n"
    assert saved.read_text() == "<html>a saved page</html>"
    (here / "forum-view.html").write_text("another")
    result = run("view", graph)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: forum.html and forum-view.html are there already")


def test_view_of_a_graph_is_that_of_the_graph(here):
    argmine.write_graphml(small_graph(), here / "saved.graphml")
    assert run("view", "saved.graphml", "-o", "page.html").exit_code == 0
    assert data_of((here / "page.html").read_text(encoding="utf-8")) == page_data(small_graph())


def test_view_never_writes_over_its_input(here):
    (here / "page.html").write_text("a saved page")
    result = run("view", "page.html", "-o", "page.html")
    assert result.exit_code == 2
    assert "is the input itself" in result.stderr
    assert (here / "page.html").read_text() == "a saved page"


def test_view_opens_the_page_where_that_is_asked_for(here, monkeypatch):
    opened = []
    monkeypatch.setattr(view_module.webbrowser, "open", opened.append)
    argmine.write_graphml(small_graph(), here / "saved.graphml")
    run("view", "saved.graphml")
    assert opened == []
    run("view", "saved.graphml", "--open")
    assert opened == [(here / "saved.html").as_uri()]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["missing.txt"], 1, "missing.txt"),
        (["missing.graphml"], 1, "missing.graphml"),
        ([EXAMPLES / "blog.txt", "-o", "page.txt"], 2, "does not end in .html"),
        ([EXAMPLES / "blog.txt", "-o", "nowhere/page.html"], 1, "its folder does not exist"),
        ([EXAMPLES / "blog.txt", "--pipeline", "nonsense"], 2, "no pipeline is named"),
        ([EXAMPLES / "blog.txt", "--reader", "nonsense"], 2, "no reader is named"),
    ],
)
def test_view_says_what_is_wrong(here, arguments, code, words):
    result = run("view", *arguments)
    assert result.exit_code == code
    assert words in result.stderr
    assert not list(here.iterdir())


def test_mine_writes_the_page_too(here):
    result = run("mine", EXAMPLES / "forum.html", "--pipeline", "en_rules", "-o", "page.html", "--quiet")
    assert result.exit_code == 0
    assert (here / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_page_has_the_colours_of_the_other_formats() -> None:
    css = (PAGE / "page.css").read_text(encoding="utf-8")
    for stance, look in LOOKS.items():
        assert f"--{stance}: light-dark({look.line}," in css


def test_a_page_with_pseudonyms_names_nobody(here):
    result = run("view", EXAMPLES / "blog.txt", "-o", "page.html", "--pseudonyms", "a secret", "--pipeline", "en_rules")
    assert result.exit_code == 0, result.output
    page = Path("page.html").read_text(encoding="utf-8")
    assert "Teresa" not in page
    assert all(author.startswith("user-") for author, *_ in data_of(page)["authors"])


def test_a_graph_is_not_mined_again(here):
    argmine.write_graphml(small_graph(), "graph.graphml")
    result = run("view", "graph.graphml", "--min-confidence", "0.5")
    assert result.exit_code == 2
    assert "is mined already" in result.output
