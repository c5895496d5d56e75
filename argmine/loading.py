"""From a name to a ready pipeline, and from a thread to its graph in one call."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.util import load_config_from_str, load_model_from_config

from argmine import __version__
from argmine.doc import make_doc
from argmine.errors import PipelineError
from argmine.graph import build_graph
from argmine.thread import Thread

if TYPE_CHECKING:
    import networkx as nx

DEFAULT = "en"


def load(name: str = DEFAULT) -> Language:
    """Load a pipeline that comes with argmine.

    Parameters
    ----------
    name : str
        ``"en"``: English discussion threads.

    Returns
    -------
    Language
        A spaCy pipeline of your own: change, replace or retrain any stage.  Call it on a Doc made by
        :func:`argmine.make_doc`.

    Raises
    ------
    PipelineError
        If there is no pipeline of that name.

    Examples
    --------
    >>> load().pipe_names
    ['quotes', 'claim_splitter', 'roles', 'linker', 'stances']
    """
    configs = files("argmine") / "configs"
    found = configs / f"{name}.cfg"
    if not found.is_file():
        names = sorted(path.name.removesuffix(".cfg") for path in configs.iterdir() if path.name.endswith(".cfg"))
        raise PipelineError(
            f"There is no pipeline {name!r}",
            f"The pipelines are: {', '.join(names)}. A pipeline saved on disk is loaded with spacy.load(path).",
        )
    nlp = load_model_from_config(load_config_from_str(found.read_text(encoding="utf-8")), auto_fill=True, validate=True)
    nlp.meta["name"] = name
    nlp.meta["version"] = __version__
    return nlp


@cache
def _default_pipeline() -> Language:
    return load()


def mine(thread: Thread, nlp: Language | None = None) -> "nx.DiGraph[str]":
    """Mine one thread.

    Parameters
    ----------
    thread : Thread
        Any thread.
    nlp : Language, optional
        The pipeline; by default that of :func:`load`, loaded once.

    Returns
    -------
    networkx.DiGraph
        The argument graph; see :func:`argmine.build_graph`.

    Examples
    --------
    >>> from argmine import Post, Thread
    >>> graph = mine(Thread(posts=[
    ...     Post(id="a", text="Cats are better pets than dogs."),
    ...     Post(id="b", text="I disagree, dogs are better pets.", reply_to="a"),
    ... ]))
    >>> graph.edges["b", "a"]["stance"]
    'rebuttal'
    """
    pipeline = nlp or _default_pipeline()
    return build_graph(pipeline(make_doc(pipeline, thread)))


def mine_all(
    threads: Iterable[Thread], nlp: Language | None = None, *, n_process: int = 1, batch_size: int = 32
) -> Iterator["nx.DiGraph[str]"]:
    """Mine many threads; the graphs come in the order of the threads, as they are ready.

    Parameters
    ----------
    threads : iterable of Thread
        Read only as fast as they are mined.
    nlp : Language, optional
        The pipeline; by default that of :func:`load`.
    n_process : int
        Number of processes; -1 for as many as there are cores.
    batch_size : int
        Number of threads that are worked on, or sent to a process, together.

    Yields
    ------
    networkx.DiGraph
        One per thread.
    """
    pipeline = nlp or _default_pipeline()
    docs = (make_doc(pipeline, thread) for thread in threads)
    for doc in pipeline.pipe(docs, n_process=n_process, batch_size=batch_size):
        yield build_graph(doc)
