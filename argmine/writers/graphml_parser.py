"""The elements of a GraphML file, one after the other: well-formed, typed and safe, but not yet a graph."""

from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple
from xml.parsers import expat

from argmine.errors import GraphError

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
#: How the keys of what is only there to be drawn begin.
STYLE_KEYS = "style_"
_CHUNK = 1 << 16

#: Which element may stand in which.
_STRUCTURE = {
    ("", "graphml"),
    ("graphml", "key"),
    ("graphml", "graph"),
    ("graph", "data"),
    ("graph", "node"),
    ("graph", "edge"),
    ("node", "data"),
    ("edge", "data"),
}
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_READ_AS: dict[str, Any] = {
    "string": str,
    "int": int,
    "long": int,
    "float": float,
    "double": float,
    "boolean": lambda text: _BOOLEANS[text.strip().lower()],
}


class Element(NamedTuple):
    """A graph, node or edge of the file, with the data that stands in it."""

    kind: str
    """``"graph"``, ``"node"`` or ``"edge"``."""
    xml_id: str
    """The ``id`` of a node or an edge; empty where there is none."""
    ids: tuple[str, ...]
    """XML id of the node; of both ends of an edge; of a graph, nothing."""
    data: dict[str, Any]


def elements(stream: BinaryIO, source: str) -> Iterator[Element]:
    """Read a GraphML file piece by piece.

    Parameters
    ----------
    stream : binary file
        Read to its end, in constant memory.
    source : str
        Its name, for errors.

    Yields
    ------
    Element
        Nodes and edges as they stand in the file; the graph with its own data last.

    Raises
    ------
    GraphError
        If the file is not well-formed, has a document type, or is no plain directed GraphML graph.
    """
    parser = _Parser(source)
    while chunk := stream.read(_CHUNK):
        yield from parser.feed(chunk)
    yield from parser.feed(b"", last=True)


class _Parser:
    """What expat reports, gathered into elements."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.done: list[Element] = []
        self.keys: dict[str, tuple[str, str]] = {}  # key id to attribute name and type
        self.path = [""]
        self.open: list[Element] = []
        self.key = ("", "")
        self.text: list[str] = []
        self.skipped = 0  # length of the path to the data of a style, while inside it
        self.graphs = 0
        self.expat = expat.ParserCreate(namespace_separator=" ")
        self.expat.buffer_text = True
        self.expat.StartElementHandler = self.start
        self.expat.EndElementHandler = self.end
        self.expat.CharacterDataHandler = self.text.append
        self.expat.StartDoctypeDeclHandler = self.doctype

    def feed(self, chunk: bytes, *, last: bool = False) -> list[Element]:
        try:
            self.expat.Parse(chunk, last)
        except expat.ExpatError as error:
            raise self.error(f"not well-formed XML ({expat.ErrorString(error.code)})") from error
        except (LookupError, ValueError) as error:  # how expat answers an encoding that it cannot read
            raise self.error(f"not readable ({error})") from error
        done, self.done = self.done, []
        return done

    def error(self, problem: str) -> GraphError:
        return GraphError(
            f"{self.source}, line {self.expat.CurrentLineNumber}: {problem}",
            "Only GraphML files of argument graphs, as argmine writes them, can be read.",
        )

    def doctype(self, *_: object) -> None:
        raise self.error("a document type is not allowed")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        if self.skipped:
            self.path.append(name)
            return
        if namespace != NAMESPACE or (self.path[-1], name) not in _STRUCTURE:
            raise self.error(f"<{name}> is not expected here")
        self.path.append(name)
        self.text.clear()
        try:
            self.take(name, attributes)
        except KeyError as error:
            raise self.error(f"<{name}>: {error} is missing or unknown") from error

    def take(self, name: str, attributes: dict[str, str]) -> None:
        if name == "key" and attributes["id"].startswith(STYLE_KEYS):
            return
        if name == "data" and attributes["key"].startswith(STYLE_KEYS):
            self.skipped = len(self.path)
        elif name == "key":
            kind = attributes["attr.type"]
            self.keys[attributes["id"]] = (attributes["attr.name"], _READ_AS[kind] and kind)
        elif name == "data":
            self.key = self.keys[attributes["key"]]
        elif name == "node":
            self.open.append(Element("node", attributes["id"], (attributes["id"],), {}))
        elif name == "edge":
            ends = (attributes["source"], attributes["target"])
            self.open.append(Element("edge", attributes.get("id", ""), ends, {}))
        elif name == "graph":
            self.graphs += 1
            if self.graphs > 1 or attributes["edgedefault"] != "directed":
                raise self.error("an argument graph is one directed graph")
            self.open.append(Element("graph", "", (), {}))

    def end(self, _: str) -> None:
        name = self.path.pop()
        if self.skipped:
            self.skipped = 0 if len(self.path) < self.skipped else self.skipped
        elif name == "data":
            attribute, kind = self.key
            try:
                self.open[-1].data[attribute] = _READ_AS[kind]("".join(self.text))
            except (KeyError, ValueError) as error:
                raise self.error(f"attribute {attribute!r} is not of the type {kind}") from error
        elif name in ("graph", "node", "edge"):
            self.done.append(self.open.pop())
