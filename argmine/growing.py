"""Mining a thread that has grown: only what is new or has changed is mined, and the rest is taken from an older graph.

The result is the same as that of mining the whole thread.  This holds for the stages of argmine, of which it is known
what they look at; with a stage of another kind in the pipeline, the whole thread is mined.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple, cast

import networkx as nx
from spacy.language import Language

from argmine import __version__
from argmine.affected import Affected, KnownPost, find_affected
from argmine.doc import make_doc, pipeline_name
from argmine.errors import GraphError, PipelineError
from argmine.graph import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, build_graph, post_attributes
from argmine.loading import default_pipeline, mine, stage_settings
from argmine.pipeline.quotes import Quote, Quotes
from argmine.thread import Thread
from argmine.writers.schema import check_graph

_QUOTES = "argmine_quotes"
#: Factories of the stages that look at no more than :mod:`argmine.affected` says.
_LOCAL = frozenset(
    {_QUOTES, "argmine_claim_splitter", "argmine_reader", "argmine_roles", "argmine_linker", "argmine_stances"}
)
_CLAIM = NODE_ATTRIBUTES["claim"]
_AFRESH = "Mine the thread afresh, with argmine.mine."
_REPLACED = "replaced_characters"  # in a file: its texts are not quite those that were mined

_Attributes = dict[str, Any]


class _Mined(NamedTuple):
    """An argument graph as plain dicts: its attributes, those of its nodes, and those of its edges by source."""

    about: _Attributes
    nodes: dict[str, _Attributes]
    edges: dict[str, dict[str, _Attributes]]


def update(
    graph: "nx.DiGraph[str]", thread: Thread, nlp: Language | None = None, *, min_confidence: float | None = None
) -> "nx.DiGraph[str]":
    """Mine a thread of which an earlier state was mined before.

    Parameters
    ----------
    graph : networkx.DiGraph
        Mined from an earlier state of the thread, by the same pipeline with the same settings.  It is not changed.
    thread : Thread
        As it is now.  Posts may be new, edited, moved, or gone.
    nlp : Language, optional
        The pipeline; by default that of :func:`argmine.load`.
    min_confidence : float, optional
        As for :func:`argmine.mine`; the same as for ``graph``.

    Returns
    -------
    networkx.DiGraph
        Equal to ``argmine.mine(thread, nlp, min_confidence=min_confidence)``, also in the order of everything.

        Only posts that are new or have changed are mined, and those that answer, quote or address them.  The whole
        thread is mined where there is no way around it: the title or the opening post has changed, the pipeline has a
        stage that is not argmine's, or more than half of the posts would have to be mined.

    Raises
    ------
    GraphError
        If the graph is not of the schema, was made by another version of argmine, or with another ``min_confidence``.
    PipelineError
        If the graph was made by another pipeline, or for the reasons of :func:`argmine.mine`.

    Notes
    -----
    Attributes that you have added to the graph are not in the result.  A pipeline is known by its name and version:
    after you have changed a setting of a stage, mine afresh.

    Examples
    --------
    >>> from argmine import Post, Thread, mine
    >>> posts = [
    ...     Post(id="a", text="Cats are better pets than dogs."),
    ...     Post(id="b", text="I disagree, dogs are better pets.", reply_to="a"),
    ... ]
    >>> before = mine(Thread(posts=posts[:1]))
    >>> after = update(before, Thread(posts=posts))
    >>> after.edges["b", "a"]["stance"]
    'rebuttal'
    """
    pipeline = nlp or default_pipeline()
    settings = stage_settings(pipeline, min_confidence)
    _check(graph, pipeline, settings)
    old = _mined(graph)
    affected = _affected(old, thread, pipeline)
    if affected is None:
        return mine(thread, pipeline, min_confidence=min_confidence)
    again = _mine_again(thread, affected, pipeline, settings)
    with _uncollected():
        return _assembled(thread, old, again, {thread.posts[place].id for place in affected.again})


def _check(graph: "nx.DiGraph[str]", nlp: Language, settings: dict[str, dict[str, float]]) -> None:
    """Refuse a graph that was not made as the new one will be."""
    check_graph(graph)
    version, made_by = graph.graph.get("argmine_version"), graph.graph.get("pipeline")
    if version != __version__:
        raise GraphError(f"The graph was made by argmine {version or '(version unknown)'}, not {__version__}", _AFRESH)
    if made_by != pipeline_name(nlp):
        raise PipelineError(f"The graph was made by the pipeline {made_by!r}, not {pipeline_name(nlp)!r}", _AFRESH)
    used, asked = graph.graph.get("min_confidence", 0.0), _min_confidence(nlp, settings)
    if used != asked:
        raise GraphError(
            f"The graph was made with min_confidence={used}, not {asked}",
            f"Pass min_confidence={used}, or mine the thread afresh.",
        )


def _min_confidence(nlp: Language, settings: dict[str, dict[str, float]]) -> float:
    """Return the confidence below which the pipeline leaves out edges and stances."""
    for name in _stages(nlp, "argmine_stances"):
        stage: Any = nlp.get_pipe(name)
        return float(settings.get(name, {}).get("min_confidence", stage.min_confidence))
    return 0.0


def _stages(nlp: Language, factory: str) -> list[str]:
    return [name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory == factory]


def _mined(graph: "nx.DiGraph[str]") -> _Mined:
    return _Mined(graph.graph, dict(iter(graph.nodes(data=True))), dict(graph.adjacency()))


def _known_posts(graph: _Mined) -> list[KnownPost]:
    try:
        return [
            KnownPost(
                node,
                data.get("author"),
                next((target for target, edge in graph.edges[node].items() if edge["kind"] == "reply"), None),
                data.get("text", ""),
            )
            for node, data in graph.nodes.items()
            if data["kind"] == "post"
        ]
    except KeyError as error:
        raise GraphError(f"A node or an edge of the graph has no attribute {error}", _AFRESH) from error


def _affected(old: _Mined, thread: Thread, nlp: Language) -> Affected | None:
    """Return what must be mined again, or ``None`` for everything."""
    factories = [nlp.get_pipe_meta(name).factory for name in nlp.pipe_names]
    if not _LOCAL.issuperset(factories) or factories.count(_QUOTES) > 1:
        return None
    if _REPLACED in old.about or old.about.get("title") != thread.title:
        return None
    return find_affected(_known_posts(old), thread.posts, _quote_stage(nlp))


def _quote_stage(nlp: Language) -> Quotes | None:
    return next((cast("Quotes", nlp.get_pipe(name)) for name in _stages(nlp, _QUOTES)), None)


def _mine_again(thread: Thread, affected: Affected, nlp: Language, settings: dict[str, dict[str, float]]) -> _Mined:
    """Mine the affected posts in a thread of them and those around them, with the quotations of the whole thread."""
    places = sorted([*affected.again, *affected.around])
    chosen = [thread.posts[place] for place in places]
    ids = {post.id for post in chosen}
    opening = chosen[0].id
    posts = tuple(
        post if post.reply_to is None or post.reply_to in ids else post.model_copy(update={"reply_to": opening})
        for post in chosen
    )
    doc = make_doc(nlp, Thread(id=thread.id, title=thread.title, url=thread.url, posts=posts))
    stage = _quote_stage(nlp)
    if stage is not None:
        new_places = {place: number for number, place in enumerate(places)}
        stage.mark(doc, [_moved(affected.quotes[place], new_places) for place in places])
    return _mined(build_graph(nlp(doc, disable=_stages(nlp, _QUOTES), component_cfg=settings)))


def _moved(quotes: list[Quote], places: dict[int, int]) -> list[Quote]:
    """Let the sources of quotations name the new places of posts; only posts that are just looked at lose any."""
    return [
        quote._replace(
            sources=[source._replace(post=places[source.post]) for source in quote.sources if source.post in places]
        )
        for quote in quotes
    ]


def _assembled(thread: Thread, old: _Mined, new: _Mined, again: set[str]) -> "nx.DiGraph[str]":
    """Put a graph together in the order in which one is built: the posts, then the claims of each."""
    graph: nx.DiGraph[str] = nx.DiGraph(**new.about)
    graph.add_nodes_from(
        (
            post.id,
            post_attributes(
                author=post.author,
                created_at=None if post.created_at is None else post.created_at.isoformat(),
                depth=thread.depth(post.id),
                order=order,
                text=post.text,
            ),
        )
        for order, post in enumerate(thread.posts)
    )
    source_of = {post.id: new if post.id in again else old for post in thread.posts}
    claims = {
        claim: source
        for post, source in source_of.items()
        for claim, edge in source.edges[post].items()
        if edge["kind"] == "contains"
    }
    graph.add_nodes_from((claim, _of_schema(source.nodes[claim], _CLAIM)) for claim, source in claims.items())
    graph.add_edges_from(
        (start, end, _of_schema(edge, EDGE_ATTRIBUTES[edge["kind"]]))
        for each in (source_of, claims)
        for start, source in each.items()
        for end, edge in source.edges[start].items()
    )
    return graph


def _of_schema(attributes: _Attributes, names: dict[str, type]) -> _Attributes:
    """Return the attributes that a schema names, in its order: a file may have had another."""
    found = tuple(attributes)
    return (
        attributes
        if found == _in_order(found, tuple(names))
        else {name: attributes[name] for name in names if name in attributes}
    )


@cache
def _in_order(found: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in found)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let Python not look for garbage among the many new dicts of a graph, none of which is: a third of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
