"""From a name to a ready pipeline, and from a thread to its graph in one call."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.util import load_config_from_str, load_model, load_model_from_config

from argmine import __version__
from argmine.doc import make_doc
from argmine.errors import PipelineError
from argmine.graph import build_graph
from argmine.thread import Thread

if TYPE_CHECKING:
    import networkx as nx

DEFAULT = "en"
_PIPELINES = {
    DEFAULT: ("a small neural network reads every reply, beside the rules", "reply_reader"),
    "en_rules": ("rules, word lists and fitted weights of cues, without a neural network", ""),
}


def load(name: str = DEFAULT) -> Language:
    """Load a pipeline: one that comes with argmine, or one that was kept on disk.

    Parameters
    ----------
    name : str
        ``"en"``, English discussion threads, where a small neural network reads every reply beside the rules; or
        ``"en_rules"``, without the network: faster, and right less often.  See :func:`pipelines`.  Or else the path of
        a folder that ``nlp.to_disk`` wrote.

    Returns
    -------
    Language
        A spaCy pipeline of your own: change, replace or retrain any stage.  Call it on a Doc made by
        :func:`argmine.make_doc`.

    Raises
    ------
    PipelineError
        If there is no pipeline of that name, and none on disk.

    Examples
    --------
    >>> load().pipe_names
    ['quotes', 'claim_splitter', 'reader', 'roles', 'linker', 'stances']
    """
    if name not in _PIPELINES:
        if Path(name, "config.cfg").is_file():
            return load_model(Path(name))
        raise PipelineError(
            f"There is no pipeline {name!r}",
            f"The pipelines are: {', '.join(_PIPELINES)}, and folders that nlp.to_disk wrote.",
        )
    found = files("argmine") / "configs" / f"{name}.cfg"
    nlp = load_model_from_config(load_config_from_str(found.read_text(encoding="utf-8")), auto_fill=True, validate=True)
    nlp.meta["name"] = name
    nlp.meta["version"] = __version__
    return nlp


def pipelines() -> list[str]:
    """Return the names of the pipelines that come with argmine, the default first.

    Examples
    --------
    >>> pipelines()
    ['en', 'en_rules']
    """
    return list(_PIPELINES)


def about_pipelines() -> dict[str, tuple[str, str]]:
    """Return, for each pipeline that comes with argmine, what it is and the folder of its weights or ``""``."""
    return dict(_PIPELINES)


@cache
def _default_pipeline() -> Language:
    return load()


def mine(thread: Thread, nlp: Language | None = None, *, min_confidence: float | None = None) -> "nx.DiGraph[str]":
    """Mine one thread.

    Parameters
    ----------
    thread : Thread
        Any thread.
    nlp : Language, optional
        The pipeline; by default that of :func:`load`, loaded once.
    min_confidence : float, optional
        Between 0 and 1: leave out the ``answers`` and ``supports`` edges that are less sure, and the stances of replies
        and claims that are; a reply keeps its four probabilities.  By default, what the pipeline says (0 in those that
        come with argmine).

    Returns
    -------
    networkx.DiGraph
        The argument graph; see :func:`argmine.build_graph`.

    Raises
    ------
    PipelineError
        If ``min_confidence`` is not between 0 and 1, or the pipeline has no stage that keeps to it.

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
    return build_graph(pipeline(make_doc(pipeline, thread), component_cfg=_settings(pipeline, min_confidence)))


def mine_all(
    threads: Iterable[Thread],
    nlp: Language | None = None,
    *,
    n_process: int = 1,
    batch_size: int = 32,
    min_confidence: float | None = None,
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
    min_confidence : float, optional
        As for :func:`mine`.

    Yields
    ------
    networkx.DiGraph
        One per thread.
    """
    pipeline = nlp or _default_pipeline()
    settings = _settings(pipeline, min_confidence)
    docs = (make_doc(pipeline, thread) for thread in threads)
    for doc in pipeline.pipe(docs, n_process=n_process, batch_size=batch_size, component_cfg=settings):
        yield build_graph(doc)


def _settings(nlp: Language, min_confidence: float | None) -> dict[str, dict[str, float]]:
    """Return what is told the stage that decides: nothing, or the confidence below which it does not."""
    if min_confidence is None:
        return {}
    if not 0 <= min_confidence <= 1:
        raise PipelineError(f"min_confidence is {min_confidence}, which is not between 0 and 1")
    found = [name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory == "argmine_stances"]
    if not found:
        raise PipelineError("The pipeline has no stage that keeps to min_confidence", "Add 'argmine_stances' to it.")
    return {name: {"min_confidence": min_confidence} for name in found}
