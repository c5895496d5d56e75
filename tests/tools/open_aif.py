"""Opens a file of AIF JSON with arguebuf and writes what it found as JSON."""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import arguebuf

graph = arguebuf.load.file(sys.argv[1])
found = {
    "version": version("arguebuf"),
    "claims": {node.id: node.text for node in graph.atom_nodes.values()},
    "schemes": sorted(type(node.scheme).__name__ for node in graph.scheme_nodes.values()),
    "edges": len(graph.edges),
}
Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")
