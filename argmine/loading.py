"""From a name to a ready pipeline, and from a thread to its graph in one call."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.util import load_config_from_str, load_model, load_model_from_config

from argmine import __version__
from argmine.doc import make_doc
from argmine.errors import PipelineError
from argmine.graph import build_graph
from argmine.thread import Thread
from argmine.workers import spread

if TYPE_CHECKING:
    import networkx as nx

DEFAULT = "en"
_MOST_POSTS = 500  # of the threads of a batch, if there are more than one
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
def default_pipeline() -> Language:
    """Return the pipeline that mines where none is given, loaded once."""
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
    pipeline = nlp or default_pipeline()
    return build_graph(pipeline(make_doc(pipeline, thread), component_cfg=stage_settings(pipeline, min_confidence)))


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
        Number of threads that are worked on, or sent to a process, together; fewer if they are long.
    min_confidence : float, optional
        As for :func:`mine`.

    Yields
    ------
    networkx.DiGraph
        One per thread.
    """
    pipeline = nlp or default_pipeline()
    mine_some = partial(_mine_some, settings=stage_settings(pipeline, min_confidence))
    batches = _batches(threads, batch_size)
    graphs = (
        map(partial(mine_some, pipeline), batches)
        if n_process == 1
        else spread(mine_some, batches, pipeline, n_process=n_process)
    )
    yield from chain.from_iterable(graphs)


def _mine_some(
    nlp: Language, threads: Sequence[Thread], *, settings: dict[str, dict[str, float]]
) -> list["nx.DiGraph[str]"]:
    docs = [make_doc(nlp, thread) for thread in threads]
    return [build_graph(doc) for doc in nlp.pipe(docs, batch_size=len(docs), component_cfg=settings)]


def _batches(threads: Iterable[Thread], batch_size: int) -> Iterator[list[Thread]]:
    """Part threads into batches of so many, or of fewer that have many posts together."""
    batch: list[Thread] = []
    posts = 0
    for thread in threads:
        batch.append(thread)
        posts += len(thread.posts)
        if len(batch) == batch_size or posts >= _MOST_POSTS:
            yield batch
            batch, posts = [], 0
    if batch:
        yield batch


def stage_settings(nlp: Language, min_confidence: float | None) -> dict[str, dict[str, float]]:
    """Return what is told the stage that decides: nothing, or the confidence below which it does not."""
    if min_confidence is None:
        return {}
    if not 0 <= min_confidence <= 1:
        raise PipelineError(f"min_confidence is {min_confidence}, which is not between 0 and 1")
    found = [name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory == "argmine_stances"]
    if not found:
        raise PipelineError("The pipeline has no stage that keeps to min_confidence", "Add 'argmine_stances' to it.")
    return {name: {"min_confidence": min_confidence} for name in found}
