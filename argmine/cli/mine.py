"""``argmine mine``."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

import argmine
from argmine.cli.console import one_line_errors, say, say_error, stdout, working
from argmine.errors import ArgmineError, NoThreadError, ReadError

if TYPE_CHECKING:
    import networkx as nx
    from spacy.language import Language

    from argmine.thread import Thread

_IN_FOLDERS = ".graphml"
_STDIN = "-"


ReaderName = Annotated[
    str | None,
    typer.Option("--reader", metavar="NAME", help="Format of the input; see 'argmine readers'."),
]
PipelineName = Annotated[
    str, typer.Option("--pipeline", metavar="NAME", help="Which one mines; see 'argmine pipelines'.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
MinConfidence = Annotated[
    float | None,
    typer.Option("--min-confidence", metavar="P", min=0, max=1, help="Leave out what is less sure than this."),
]
Pseudonyms = Annotated[
    str | None,
    typer.Option("--pseudonyms", metavar="SALT", help="Replace authors' names, always alike under the same salt."),
]


def mine(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="Saved pages or dumps; - is standard input."),
    ],
    out: Annotated[
        list[str] | None,
        typer.Option(
            "--out",
            "-o",
            metavar="OUT",
            help="File for the graph, its format by its ending (.html, a page to read; .svg, .png, .pdf, pictures; "
            ".md; .graphml, .gexf, .dot, .json, .cytoscape.json, .cyjs, .aif.json, .argdown, .mmd; .csv and .parquet "
            "make two files, as OUT.nodes.csv and OUT.edges.csv), or a folder (FOLDER/) that gets one GraphML file "
            "per thread. May be given several times.",
        ),
    ] = None,
    style: Annotated[
        str | None,
        typer.Option("--style", metavar="yed|gephi", help="Adds places and colours to GraphML, for yEd or Gephi."),
    ] = None,
    reader: ReaderName = None,
    pipeline: PipelineName = "en",
    min_confidence: MinConfidence = None,
    pseudonyms: Pseudonyms = None,
    quiet: Quiet = False,
) -> None:
    """Mine threads into argument graphs; without -o, show each post with its claims."""
    outputs = [Output(name) for name in out or []]
    with one_line_errors():
        check_usage(paths, outputs, reader, style)
        read = reading(reader, pseudonyms)
        miner = Miner(pipeline, min_confidence)
    failed = False
    for path in paths:
        try:
            for place, thread, graph in mined(path, outputs, read, miner, quiet):
                say_repairs(place, thread, quiet)
                _deliver(path, graph, outputs, style)
        except BrokenPipeError:
            raise
        except (ArgmineError, OSError) as error:  # the other paths may be sound
            say_error(error)
            failed = True
    if failed:
        raise typer.Exit(1)


class Miner:
    """The pipeline that was asked for, loaded when the first thread is there."""

    def __init__(self, name: str, min_confidence: float | None) -> None:
        if name not in (known := argmine.pipelines()) and not Path(name, "config.cfg").is_file():
            problem = f"no pipeline is named {name!r}; there are {', '.join(known)}, and folders of nlp.to_disk"
            raise typer.BadParameter(problem, param_hint="--pipeline")
        self._name = name
        self._min_confidence = min_confidence
        self._nlp: Language | None = None

    def __call__(self, thread: "Thread") -> "nx.DiGraph[str]":
        """Mine a thread."""
        self._nlp = self._nlp or argmine.load(self._name)
        return argmine.mine(thread, self._nlp, min_confidence=self._min_confidence)


class Output:
    """One ``-o``: a file, or a folder that gets one file per thread."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_folder = name.endswith(("/", "\\")) or Path(name).is_dir()
        self._taken: set[str] = set()

    def path_for(self, source: str) -> Path:
        """Return where the next thread of a source goes: ``page.graphml``, then ``page-2.graphml``."""
        if not self.is_folder:
            return Path(self.name)
        folder = Path(self.name)
        folder.mkdir(parents=True, exist_ok=True)
        stem = "stdin" if source == _STDIN else Path(source).stem
        name, number = stem, 1
        while name.casefold() in self._taken:  # some file systems do not tell capitals apart
            number += 1
            name = f"{stem}-{number}"
        self._taken.add(name.casefold())
        return folder / f"{name}{_IN_FOLDERS}"


def check_usage(paths: list[str], outputs: list[Output], reader: str | None, style: str | None = None) -> None:
    """Refuse what cannot work before anything is read."""
    from argmine.readers import formats
    from argmine.writers import STYLES, check_style, writer_for

    known = [name for name, _ in formats()]
    if reader is not None and reader not in known:
        raise typer.BadParameter(f"no reader is named {reader!r}; there are {', '.join(known)}", param_hint="--reader")
    if style is not None and style not in STYLES:
        raise typer.BadParameter(f"no style is named {style!r}; there are {', '.join(STYLES)}", param_hint="--style")
    for output in outputs:
        if output.is_folder:
            continue
        if len(paths) > 1:
            problem = f"{output.name} is one file, for {len(paths)} inputs; name a folder, as in: -o graphs/"
            raise typer.BadParameter(problem, param_hint="-o")
        try:
            writer_for(output.name)
            if style is not None:
                check_style(output.name, style)
        except ArgmineError as error:
            raise typer.BadParameter(str(error), param_hint="-o") from error
        if Path(output.name).exists() and any(
            Path(output.name).samefile(path) for path in paths if Path(path).is_file()
        ):
            raise typer.BadParameter(f"{output.name} is the input itself; name another file", param_hint="-o")
        if not Path(output.name).parent.is_dir():  # known now, not after minutes of mining
            raise ArgmineError(f"{output.name}: its folder does not exist", "Make the folder first.")


def reading(reader: str | None, pseudonyms: str | None) -> "Callable[[str | BinaryIO], Iterator[Thread]]":
    """Return what reads the threads of a path or an open file."""
    if pseudonyms is not None and not pseudonyms.strip():
        raise typer.BadParameter("the salt is empty; give a long text that nobody can guess", param_hint="--pseudonyms")
    return partial(argmine.read_threads, format=reader, pseudonyms=pseudonyms)


def mined(
    path: str, outputs: list[Output], read: "Callable[[str | BinaryIO], Iterator[Thread]]", miner: "Miner", quiet: bool
) -> Iterator[tuple[str, "Thread", "nx.DiGraph[str]"]]:
    """Yield each thread of a path with its graph and what to call it in messages."""
    source: str | BinaryIO = sys.stdin.buffer if path == _STDIN else path
    name = "<stdin>" if path == _STDIN else path
    threads: Iterator[Thread] = read(source)
    number = 0
    with working(f"{name}: reading", quiet=quiet):
        if any(not output.is_folder for output in outputs):
            threads = _only_one(threads, name)
        thread = next(threads, None)
    if thread is None:
        raise NoThreadError(name, "there is no thread in it")
    while thread is not None:
        number += 1
        place = name if number == 1 else f"{name}, thread {number}"
        with working(f"{place}: mining {len(thread.posts)} posts", quiet=quiet):
            graph = miner(thread)
        yield place, thread, graph
        thread = next(threads, None)


def _only_one(threads: Iterator["Thread"], name: str) -> Iterator["Thread"]:
    found = list(islice(threads, 2))
    if len(found) > 1:
        raise ReadError(
            name, "it holds several threads", hint="Mine them into a folder, as in: argmine mine PATH -o graphs/"
        )
    return iter(found)


def say_repairs(place: str, thread: "Thread", quiet: bool) -> None:
    """Say in one line what a reader had to mend in a thread."""
    if not thread.repairs or quiet:
        return
    kinds = Counter(repair.kind for repair in thread.repairs)
    count = len(thread.repairs)
    listed = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    say(f"{place}: {count} repair{'s' if count > 1 else ''} ({listed})")


def _deliver(path: str, graph: "nx.DiGraph[str]", outputs: list[Output], style: str | None) -> None:
    from argmine.cli.summary import show
    from argmine.writers import write_graph

    if not outputs:
        show(graph, stdout())
    for output in outputs:
        write_graph(graph, output.path_for(path), style=style)
