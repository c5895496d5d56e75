"""argmine mines the arguments of discussion threads into one networkx graph.

The public names, sorted, and nothing else; each is imported when it is first used, so that ``import argmine``
and reading threads do not pay for spaCy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argmine.annotating import annotate_utterances
    from argmine.batch import mine_batch
    from argmine.changes import Change, diff
    from argmine.doc import make_doc
    from argmine.errors import ArgmineError
    from argmine.graph import build_graph
    from argmine.growing import update
    from argmine.loading import load, mine, mine_all, pipelines
    from argmine.readers import read_thread, read_threads
    from argmine.readers.frame import threads_of
    from argmine.thread import Post, Repair, Thread
    from argmine.writers import write_graph
    from argmine.writers.aif_reader import read_aif
    from argmine.writers.graphml import read_graphml, write_graphml
    from argmine.writers.html import show, write_html
    from argmine.writers.node_link import read_node_link
    from argmine.writers.picture import plot

__version__ = "0.1.0"

__all__ = [
    "ArgmineError",
    "Change",
    "Post",
    "Repair",
    "Thread",
    "annotate_utterances",
    "build_graph",
    "diff",
    "load",
    "make_doc",
    "mine",
    "mine_all",
    "mine_batch",
    "pipelines",
    "plot",
    "read_aif",
    "read_graphml",
    "read_node_link",
    "read_thread",
    "read_threads",
    "show",
    "threads_of",
    "update",
    "write_graph",
    "write_graphml",
    "write_html",
]

_HOMES = {
    "argmine.annotating": ["annotate_utterances"],
    "argmine.batch": ["mine_batch"],
    "argmine.changes": ["Change", "diff"],
    "argmine.doc": ["make_doc"],
    "argmine.errors": ["ArgmineError"],
    "argmine.graph": ["build_graph"],
    "argmine.growing": ["update"],
    "argmine.loading": ["load", "mine", "mine_all", "pipelines"],
    "argmine.readers": ["read_thread", "read_threads"],
    "argmine.readers.frame": ["threads_of"],
    "argmine.thread": ["Post", "Repair", "Thread"],
    "argmine.writers": ["write_graph"],
    "argmine.writers.aif_reader": ["read_aif"],
    "argmine.writers.graphml": ["read_graphml", "write_graphml"],
    "argmine.writers.html": ["show", "write_html"],
    "argmine.writers.node_link": ["read_node_link"],
    "argmine.writers.picture": ["plot"],
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'argmine' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
