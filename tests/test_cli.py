import io
import json
import os
import re
import subprocess
import sys

import networkx as nx
import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

import argmine
from argmine.cli import app
from argmine.cli.console import one_line_errors
from argmine.cli.summary import show

THREAD = {
    "id": "trains",
    "title": "Night trains",
    "posts": [
        {
            "id": "a",
            "author": "Ann",
            "text": "Night trains are the best way to travel because they save a hotel.",
        },
        {
            "id": "b",
            "author": "Ben",
            "reply_to": "a",
            "text": "I disagree, night trains are a bad way to travel.",
        },
    ],
}


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.json"
    path.write_text(json.dumps(THREAD))
    return path


@pytest.fixture
def many(tmp_path):
    path = tmp_path / "many.jsonl"
    lines = [json.dumps({**THREAD, "id": f"t{number}", "title": f"Thread {number}"}) for number in range(3)]
    path.write_text("\n".join(lines))
    return path


def run(*arguments, **options):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], **options)


def run_process(*arguments, **options):
    command = [sys.executable, "-m", "argmine", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=120, check=False, **options)


# mine


def test_without_out_each_post_is_shown_with_its_claims(page):
    result = run("mine", page)
    assert result.exit_code == 0
    assert result.stdout.startswith("Night trains\n2 posts, ")
    assert "\nAnn  [a]\n  #1 claim: Night trains are the best way to travel" in result.stdout
    assert re.search(r"\n  Ben  \[b\]  answers Ann \[a\]  rebuttal 0\.\d\d\n", result.stdout)
    assert result.stderr == ""


def test_out_writes_the_graph_of_the_library_and_prints_nothing(page, tmp_path):
    target, second = tmp_path / "t.graphml", tmp_path / "second.GRAPHML"
    result = run("mine", page, "-o", target, "--out", second)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    written = argmine.read_graphml(target)
    assert nx.utils.graphs_equal(written, argmine.mine(argmine.read_thread(page)))
    assert second.read_bytes() == target.read_bytes()


def test_standard_input(page, tmp_path):
    target = tmp_path / "t.graphml"
    result = run("mine", "-", "--reader", "json", "-o", target, input=page.read_bytes())
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert argmine.read_graphml(target).graph["title"] == "Night trains"


def test_a_folder_gets_one_file_per_thread(page, many, tmp_path):
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "PAGE.json"
    other.write_text(page.read_text())
    result = run("mine", page, many, other, "-o", f"{tmp_path}/new/graphs/")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    names = ["PAGE-2.graphml", "many-2.graphml", "many-3.graphml", "many.graphml", "page.graphml"]
    assert sorted(path.name for path in (tmp_path / "new" / "graphs").iterdir()) == names
    assert argmine.read_graphml(tmp_path / "new" / "graphs" / "many-3.graphml").graph["title"] == "Thread 2"


def test_a_folder_that_exists_needs_no_slash(page, tmp_path):
    (tmp_path / "graphs").mkdir()
    assert run("mine", page, "-o", tmp_path / "graphs").exit_code == 0
    assert (tmp_path / "graphs" / "page.graphml").is_file()


def test_several_threads_are_shown_one_after_the_other(many):
    result = run("mine", many)
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if line.startswith("Thread ")] == [
        "Thread 0",
        "Thread 1",
        "Thread 2",
    ]


def test_several_threads_do_not_go_into_one_file(many, tmp_path):
    result = run("mine", many, "-o", tmp_path / "t.graphml")
    assert result.exit_code == 1
    assert (
        result.stderr
        == f"Error: {many}: it holds several threads. Mine them into a folder, as in: argmine mine PATH -o graphs/\n"
    )
    assert not (tmp_path / "t.graphml").exists()


def test_repairs_are_reported_in_one_line(tmp_path):
    path = tmp_path / "broken.json"
    posts = [
        *THREAD["posts"],
        {"id": "c", "reply_to": "gone", "text": "No."},
        {"id": "d", "reply_to": "d", "text": ""},
    ]
    path.write_text(json.dumps({**THREAD, "posts": posts}))
    result = run("mine", path, "-o", tmp_path / "t.graphml")
    assert result.exit_code == 0
    thread = argmine.read_thread(path)
    line = result.stderr.rstrip("\n")
    assert line.startswith(f"{path}: {len(thread.repairs)} repairs (1 missing_parent, 1 self_reply")
    assert "\n" not in line
    assert run("mine", path, "-q", "-o", tmp_path / "t.graphml").stderr == ""


def test_one_bad_path_does_not_stop_the_others(page, tmp_path):
    empty = tmp_path / "empty.txt"
    empty.touch()
    result = run("mine", empty, page, tmp_path / "no\nsuch.html")
    assert result.exit_code == 1
    assert "Night trains" in result.stdout
    first, second = result.stderr.splitlines()
    assert first.startswith(f"Error: {empty}: ")
    assert second.startswith(f"Error: {tmp_path}/no such.html: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "t.doc"], "no format has the ending '.doc'. Endings that can be written: .aif.json, .argdown, "),
        (["-o", "t"], "t: no ending that tells the format"),
        (["--reader", "word"], "no reader is named 'word'; there are "),
        (["other.json", "-o", "t.graphml"], "t.graphml is one file, for 2 inputs; name a folder"),
        (["--colour"], "No such option"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_why(page, arguments, message):
    result = run("mine", page, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_no_path_is_wrong_usage():
    assert run("mine").exit_code == 2


def test_a_missing_output_folder_is_told_before_any_work(tmp_path):
    result = run("mine", tmp_path / "never-read", "-o", tmp_path / "none" / "t.graphml")
    assert result.exit_code == 1
    assert result.stderr == f"Error: {tmp_path}/none/t.graphml: its folder does not exist. Make the folder first.\n"


def test_an_output_that_cannot_be_written_is_one_line(page, tmp_path):
    (tmp_path / "file").touch()
    result = run("mine", page, "-o", f"{tmp_path}/file/")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {tmp_path}/file")
    assert result.stderr.count("\n") == 1


# the summary


def graph_by_hand():
    graph = nx.DiGraph(schema="1")
    graph.add_node("a", kind="post", author="Ann", depth=0, order=0, text="Cats. \x1b[31mDogs")
    graph.add_node("c", kind="post", depth=1, order=2, text="")
    graph.add_node("b", kind="post", author="[bold]Ben", depth=1, order=1, text="No, but yes.")
    graph.add_node("d", kind="post", author="Dee", depth=2, order=3, text="Hello.")
    for post, parent, stance in [("b", "a", "rebuttal"), ("c", "a", "off-topic"), ("d", "b", "neutral")]:
        graph.add_edge(post, parent, kind="reply", stance=stance, confidence=0.876)
    claims = {"a#1": "Cats.\n\nReally \x1b[31m" + "very " * 30, "b#2": "but yes", "b#1": "No,"}
    for claim, text in claims.items():
        order = int(claim[-1])
        graph.add_node(claim, kind="claim", post=claim[0], order=order, text=text, role="claim")
        graph.add_edge(claim[0], claim, kind="contains")
    graph.nodes["b#1"].update(stance="rebuttal", confidence=0.5)
    graph.nodes["b#2"].update(stance="agreement", confidence=1.0, role="premise")
    graph.add_edge("b#1", "a#1", kind="answers", stance="rebuttal", confidence=0.5, basis="cue", cue="No")
    graph.add_edge("b#2", "b#1", kind="supports", confidence=0.5, basis="model")
    return graph


def shown(graph, **options):
    file = io.StringIO()
    show(graph, Console(file=file, **options))
    return file.getvalue()


def test_the_summary_line_by_line():
    very = "very " * 30
    short = f"Cats. Really \ufffd[31m{very}"[:70].rstrip()
    assert shown(graph_by_hand()).splitlines() == [
        "(untitled)",
        "4 posts, 3 claims: 1 agreement, 1 rebuttal",
        "",
        "Ann  [a]",
        f"  #1 claim: Cats. Really \ufffd[31m{very.strip()}",
        "",
        "  [bold]Ben  [b]  answers Ann [a]  rebuttal 0.88",
        "    #1 claim, rebuttal 0.50: No,",
        f"        answers a#1 “{short}…”: rebuttal 0.50 (cue “No”)",
        "    #2 premise, agreement 1.00: but yes",
        "        supports b#1 “No,” (model)",
        "",
        "    Dee  [d]  answers [bold]Ben [b]  neutral 0.88",
        "      (no claims)",
        "",
        "  (unknown)  [c]  answers Ann [a]  off-topic 0.88",
        "    (empty)",
        "",
    ]


def test_on_a_terminal_the_summary_is_coloured_wrapped_and_safe():
    text = shown(graph_by_hand(), force_terminal=True, color_system="standard", width=60)
    assert "\x1b[31mrebuttal 0.50\x1b[0m" in text  # red
    assert "\x1b[31mvery" not in text
    plain = re.sub("\x1b\\[[0-9;]*m", "", text)
    assert max(len(line) for line in plain.splitlines()) <= 60
    unwrapped = shown(graph_by_hand())
    assert plain.split() == unwrapped.split()


def test_a_very_deep_thread_is_shown():
    graph = nx.DiGraph(schema="1")
    for number in range(3000):
        graph.add_node(f"p{number}", kind="post", depth=number, order=number, text="x")
        if number:
            graph.add_edge(f"p{number}", f"p{number - 1}", kind="reply")
    lines = shown(graph).splitlines()
    assert lines[-3].strip() == "(unknown)  [p2999]  answers (unknown) [p2998]"
    assert max(len(line) - len(line.lstrip()) for line in lines) < 40


# readers, version, help


def test_readers_lists_every_format():
    from argmine.readers import formats

    lines = run("readers").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [name for name, _ in formats()]


def test_pipelines_tells_size_speed_and_scores():
    table, about = run("pipelines").stdout.split("\n\n")
    head, *rows = table.splitlines()
    assert head.split()[:2] == ["weights", "DEBAGREEMENT"]
    assert [row.split()[0] for row in rows] == argmine.pipelines()
    for row in rows:
        _, _, unit, *scores = row.split()
        assert unit == "MB"
        assert all(float(score) > 0 for score in scores)
    assert float(rows[0].split()[1]) > float(rows[1].split()[1]) == 0
    assert about.startswith("en (the default): ")


def test_version():
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"argmine {argmine.__version__}\n")


def test_help_and_readers_load_nothing_heavy():
    program = """if True:
        import sys
        from argmine.cli import app
        try:
            app(sys.argv[2:], prog_name="argmine")
        finally:
            loaded = sorted(set(sys.argv[1].split(",")) & set(sys.modules))
            print("loaded:", loaded)
    """
    for heavy, *arguments in [
        ("spacy,networkx,rich,numpy,lxml", "--help"),
        ("spacy,networkx,rich,numpy,lxml", "mine", "--help"),
        ("spacy,networkx,numpy", "readers"),
    ]:
        command = [sys.executable, "-c", program, heavy, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stdout.endswith("loaded: []\n"), done


def test_expected_errors_become_one_line_but_a_broken_pipe_passes(capsys):
    with pytest.raises(typer.Exit) as caught, one_line_errors():
        raise FileNotFoundError(2, "No such file", "a\nb")
    assert caught.value.exit_code == 1
    assert capsys.readouterr().err == "Error: a b: No such file.\n"
    with pytest.raises(BrokenPipeError), one_line_errors():
        raise BrokenPipeError


# as a real process


def test_piped_output_has_no_colour_and_no_progress(page):
    done = run_process("mine", "-", input=page.read_bytes())
    assert done.returncode == 0
    assert done.stdout.decode().startswith("Night trains\n")
    assert b"\x1b" not in done.stdout + done.stderr
    assert done.stderr == b""


def test_exit_codes_of_the_process(tmp_path):
    missing = run_process("mine", tmp_path / "none.html")
    assert missing.returncode == 1
    assert missing.stderr.decode().count("\n") == 1
    assert b"Traceback" not in missing.stderr
    assert run_process("mine", tmp_path, "-o", "t.doc").returncode == 2
    assert run_process("unknown").returncode == 2


def test_a_broken_pipe_is_quiet(page):
    command = [sys.executable, "-m", "argmine", "mine", page]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=buffered) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode in (0, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_progress_is_shown_on_a_terminal_and_silenced_by_quiet(page, tmp_path):
    import pty

    for options, expected in [([], True), (["--quiet"], False)]:
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "argmine", "mine", page, *options]
        environment = {**os.environ, "TERM": "xterm"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=environment) as process:
            os.close(theirs)
            seen = process.stdout.read()
            progress = b""
            try:
                while part := os.read(ours, 4096):
                    progress += part
            except OSError:  # how Linux says that the other side is closed
                pass
        os.close(ours)
        assert process.returncode == 0
        assert b"\x1b" not in seen
        assert (b"mining" in progress) == expected
