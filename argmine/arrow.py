"""Threads and what is mined of them as Arrow tables, for dumps and for engines such as Spark and Ray.

Needs pyarrow, which the extra ``tables`` brings.

:func:`mine_arrow` takes a batch with a thread a row and returns a batch with a row for each of them, its nodes and
edges as lists: what goes in comes out, in its order, and a thread that cannot be mined says so in its own row.
:func:`nodes_of` and :func:`edges_of` make flat tables of that.  Values that a graph does not have are null.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError
from spacy.language import Language

from argmine.errors import MissingExtraError, PipelineError
from argmine.loading import mine_all
from argmine.thread import Post, Repair, Thread
from argmine.writers.characters import clean, clean_text, escaped_id
from argmine.writers.tables import EDGE_COLUMNS, NODE_COLUMNS

if TYPE_CHECKING:
    import networkx as nx

_POST_FIELDS = ("id", "author", "text", "reply_to", "created_at", "url")
_REPAIR_FIELDS = ("kind", "post", "detail")
_FACTS = ("title", "url", "argmine_version", "pipeline")  # of a graph


class Broken(NamedTuple):
    """What cannot be made a thread: its id, if it has one, and why not."""

    thread: str | None
    error: str


def thread_schema() -> Any:
    """Return the schema of a batch of threads.

    Returns
    -------
    pyarrow.Schema
        ``thread`` (the id), ``title``, ``url`` and ``posts``, a list of structs with the fields of
        :class:`argmine.Post`; ``repairs``, what was mended, with the fields of :class:`argmine.Repair`.  ``created_at``
        is a text in ISO 8601; timestamps are read as well, and told in UTC, as those without a zone are taken to be.
        Only ``thread`` and ``posts``, and of a post only ``id``, have to be there.
    """
    arrow = _arrow()
    text = arrow.string()
    post = arrow.struct([*((name, text) for name in _POST_FIELDS), ("deleted", arrow.bool_())])
    repair = arrow.struct([(name, text) for name in _REPAIR_FIELDS])
    facts = [(name, text) for name in ("thread", "title", "url")]
    return arrow.schema([*facts, ("posts", arrow.list_(post)), ("repairs", arrow.list_(repair))])


def mined_schema() -> Any:
    """Return the schema of what :func:`mine_arrow` returns.

    Returns
    -------
    pyarrow.Schema
        ``thread``, ``title``, ``url``, ``argmine_version``, ``pipeline``; ``n_posts``, ``n_claims``, ``n_repairs``;
        ``error``, null unless the thread could not be mined; and ``nodes`` and ``edges``, lists of structs with the
        columns of :func:`argmine.write_graph` for Parquet.
    """
    arrow = _arrow()
    return arrow.schema(
        [
            *((name, arrow.string()) for name in ("thread", *_FACTS)),
            *((name, arrow.int64()) for name in ("n_posts", "n_claims", "n_repairs")),
            ("error", arrow.string()),
            ("nodes", arrow.list_(arrow.struct(_fields(NODE_COLUMNS)))),
            ("edges", arrow.list_(arrow.struct(_fields(EDGE_COLUMNS)))),
        ]
    )


def threads_to_arrow(threads: Iterable[Thread]) -> Any:
    """Return threads as a batch.

    Parameters
    ----------
    threads : iterable of Thread
        As many as fit into memory.

    Returns
    -------
    pyarrow.RecordBatch
        Of :func:`thread_schema`.
    """
    rows = [
        {
            "thread": thread.id,
            "title": thread.title,
            "url": thread.url,
            "posts": [
                {
                    **{name: getattr(post, name) for name in _POST_FIELDS},
                    "created_at": None if post.created_at is None else post.created_at.isoformat(),
                    "deleted": post.deleted,
                }
                for post in thread.posts
            ],
            "repairs": [{name: getattr(repair, name) for name in _REPAIR_FIELDS} for repair in thread.repairs],
        }
        for thread in threads
    ]
    return _arrow().RecordBatch.from_pylist(rows, schema=thread_schema())


def threads_from_arrow(batch: Any) -> Iterator[Thread | Broken]:
    """Make threads of a batch; what is broken in one is mended, as by :meth:`argmine.Thread.repaired`.

    Parameters
    ----------
    batch : pyarrow.RecordBatch or pyarrow.Table
        As :func:`thread_schema` says; other columns are not looked at.

    Yields
    ------
    Thread or Broken
        One per row.

    Raises
    ------
    PipelineError
        If a column is missing.
    """
    missing = [name for name in ("thread", "posts") if name not in batch.schema.names]
    if missing:
        raise PipelineError(
            f"The batch has no column {missing[0]!r}", "See argmine.arrow.thread_schema() for the columns of threads."
        )
    names = [name for name in thread_schema().names if name in batch.schema.names]
    for row in batch.select(names).to_pylist():
        name = "thread" if row["thread"] is None else str(row["thread"])
        try:
            posts = [_post(post) for post in row["posts"] or ()]
            notes = [Repair(**repair) for repair in row.get("repairs") or ()]
            yield Thread.repaired(posts, id=name, title=row.get("title"), url=row.get("url"), notes=notes)
        except ValidationError as error:
            found = error.errors()[0]
            place = ".".join(map(str, found["loc"]))
            yield Broken(name, f"{f'{place}: ' if place else ''}{found['msg']}")


def _post(row: Mapping[str, Any]) -> Post:
    given = {name: value for name in (*_POST_FIELDS, "deleted") if (value := row.get(name)) is not None}
    moment = given.get("created_at")
    if isinstance(moment, datetime):  # in the time zone of an engine's session, if in any
        given["created_at"] = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return Post(**given)


def mine_arrow(batch: Any, nlp: Language | None = None, *, min_confidence: float | None = None) -> Any:
    """Mine a batch of threads.

    Parameters
    ----------
    batch : pyarrow.RecordBatch or pyarrow.Table
        As :func:`thread_schema` says.
    nlp : Language, optional
        The pipeline; by default that of :func:`argmine.load`, loaded once in a process.
    min_confidence : float, optional
        As for :func:`argmine.mine`.

    Returns
    -------
    pyarrow.RecordBatch
        Of :func:`mined_schema`: a row for each thread, in order.  A thread that cannot be mined has an ``error`` and no
        nodes; the others are mined all the same.

    Examples
    --------
    >>> from argmine import Post, Thread
    >>> posts = [Post(id="a", text="Cats make good pets."), Post(id="b", text="No, dogs do.", reply_to="a")]
    >>> mined = mine_arrow(threads_to_arrow([Thread(id="pets", posts=posts)]))
    >>> [(edge["source"], edge["kind"], edge["target"]) for edge in edges_of(mined).to_pylist()]
    [('a', 'contains', 'a#1'), ('b', 'reply', 'a'), ('b', 'contains', 'b#1'), ('b#1', 'answers', 'a#1')]
    """
    return mine_threads(list(threads_from_arrow(batch)), nlp, min_confidence=min_confidence)


def mine_threads(
    threads: Sequence[Thread | Broken], nlp: Language | None = None, *, min_confidence: float | None = None
) -> Any:
    """Mine threads into a batch; as :func:`mine_arrow`, for threads that are no batch."""
    return mined_to_arrow(threads, mine_each(threads, nlp, min_confidence=min_confidence))


def mined_to_arrow(threads: Sequence[Thread | Broken], mined: Sequence["nx.DiGraph[str] | str"]) -> Any:
    """Return what :func:`mine_each` made of threads as a batch of :func:`mined_schema`."""
    rows = [
        _Row(thread.id, found, len(thread.repairs)) if isinstance(thread, Thread) else _Row(thread.thread, found)
        for thread, found in zip(threads, mined, strict=True)
    ]
    arrow, schema = _arrow(), mined_schema()
    columns = {
        "thread": [None if row.thread is None else clean_text(row.thread) for row in rows],
        **{name: [row.fact(name) for row in rows] for name in _FACTS},
        "n_posts": [row.count("post") for row in rows],
        "n_claims": [row.count("claim") for row in rows],
        "n_repairs": [row.repairs for row in rows],
        "error": [clean_text(row.mined) if isinstance(row.mined, str) else None for row in rows],
        "nodes": _lists([row.nodes() for row in rows], NODE_COLUMNS),
        "edges": _lists([row.edges() for row in rows], EDGE_COLUMNS),
    }
    arrays = [
        column if isinstance(column, arrow.Array) else arrow.array(column, schema.field(name).type)
        for name, column in columns.items()
    ]
    return arrow.RecordBatch.from_arrays(arrays, schema=schema)


def mine_each(
    threads: Sequence[Thread | Broken], nlp: Language | None = None, *, min_confidence: float | None = None
) -> list["nx.DiGraph[str] | str"]:
    """Mine threads, each for itself.

    Parameters
    ----------
    threads, nlp, min_confidence
        As for :func:`mine_arrow`.

    Returns
    -------
    list of (networkx.DiGraph or str)
        For each thread its graph, or what is wrong with it.

    Raises
    ------
    PipelineError
        If the pipeline cannot keep to ``min_confidence``, which is no fault of a thread.
    """
    list(mine_all([], nlp, min_confidence=min_confidence))
    graphs = iter(_graphs([thread for thread in threads if isinstance(thread, Thread)], nlp, min_confidence))
    return [next(graphs) if isinstance(thread, Thread) else thread.error for thread in threads]


def _graphs(
    threads: Sequence[Thread], nlp: Language | None, min_confidence: float | None
) -> list["nx.DiGraph[str] | str"]:
    try:
        return list(mine_all(threads, nlp, min_confidence=min_confidence))
    except Exception as error:  # noqa: BLE001 - whatever one thread does to a stage, the others are mined
        if len(threads) == 1:
            return [f"{type(error).__name__}: {error}"]
        return [one for thread in threads for one in _graphs([thread], nlp, min_confidence)]


class _Row(NamedTuple):
    """A thread with its graph, or with what is wrong with it."""

    thread: str | None
    mined: "nx.DiGraph[str] | str"
    repairs: int = 0

    def fact(self, name: str) -> str | None:
        value = None if isinstance(self.mined, str) else self.mined.graph.get(name)
        return None if value is None else clean_text(value)

    def count(self, kind: str) -> int:
        if isinstance(self.mined, str):
            return 0
        return sum(data["kind"] == kind for _, data in self.mined.nodes(data=True))

    def nodes(self) -> list[dict[str, Any]]:
        if isinstance(self.mined, str):
            return []
        return [{"id": escaped_id(node), **clean(data)} for node, data in self.mined.nodes(data=True)]

    def edges(self) -> list[dict[str, Any]]:
        if isinstance(self.mined, str):
            return []
        return [
            {"source": escaped_id(source), "target": escaped_id(target), **clean(data)}
            for source, target, data in self.mined.edges(data=True)
        ]


def nodes_of(mined: Any, *, keys: Sequence[str] = ("thread",)) -> Any:
    """Return the nodes of a mined batch as a table.

    Parameters
    ----------
    mined : pyarrow.RecordBatch or pyarrow.Table
        Of :func:`mined_schema`, perhaps with further columns.
    keys : sequence of str
        The columns of threads that each node repeats.

    Returns
    -------
    pyarrow.RecordBatch
        The keys and the columns of nodes: one row per node, in the order of the threads.
    """
    return _flat(mined, "nodes", NODE_COLUMNS, keys)


def edges_of(mined: Any, *, keys: Sequence[str] = ("thread",)) -> Any:
    """Return the edges of a mined batch as a table: the keys and the columns of edges; as :func:`nodes_of`."""
    return _flat(mined, "edges", EDGE_COLUMNS, keys)


def _flat(mined: Any, name: str, columns: Mapping[str, str], keys: Sequence[str]) -> Any:
    arrow = _arrow()
    if isinstance(mined, arrow.Table):  # each column in one piece
        whole = [column.combine_chunks() for column in mined.columns]
        mined = arrow.RecordBatch.from_arrays(whole, schema=mined.schema)
    lists = mined.column(name)
    owners = arrow.compute.list_parent_indices(lists)
    schema = arrow.schema([*(mined.schema.field(key) for key in keys), *_fields(columns)])
    repeated = [mined.column(key).take(owners) for key in keys]
    return arrow.RecordBatch.from_arrays([*repeated, *lists.flatten().flatten()], schema=schema)


def _lists(rows: Sequence[Sequence[Mapping[str, Any]]], columns: Mapping[str, str]) -> Any:
    """Return lists of structs, built column by column, which is faster than struct by struct."""
    arrow, fields = _arrow(), _fields(columns)
    every = [row for some in rows for row in some]
    arrays = [arrow.array([row.get(field.name) for row in every], field.type) for field in fields]
    offsets = arrow.array(accumulate((len(some) for some in rows), initial=0), arrow.int32())
    return arrow.ListArray.from_arrays(offsets, arrow.StructArray.from_arrays(arrays, fields=fields))


def _fields(columns: Mapping[str, str]) -> list[Any]:
    arrow = _arrow()
    types = {"string": arrow.string(), "int": arrow.int64(), "double": arrow.float64()}
    return [arrow.field(name, types[kind]) for name, kind in columns.items()]


def _arrow() -> Any:
    try:
        import_module("pyarrow.compute")
        return import_module("pyarrow")
    except ImportError as error:
        raise MissingExtraError("pyarrow", extra="tables", purpose="Mining into Arrow tables") from error
