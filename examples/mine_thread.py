"""Mine one thread and leave its argument graph as GraphML.

Usage: python mine_thread.py [THREAD] [-o GRAPH.graphml]
"""

import argparse
from pathlib import Path

import argmine

EXAMPLE = Path(__file__).parent / "threads" / "blog.txt"


def main() -> None:
    parser = argparse.ArgumentParser(description="Mine one thread and leave its argument graph as GraphML.")
    parser.add_argument("thread", nargs="?", type=Path, default=EXAMPLE, help="a saved page or dump")
    parser.add_argument("-o", "--out", type=Path, default=Path("thread.graphml"), help="file for the graph")
    options = parser.parse_args()

    thread = argmine.read_thread(options.thread)
    graph = argmine.mine(thread)
    argmine.write_graphml(graph, options.out)

    claims = [node for node, kind in graph.nodes(data="kind") if kind == "claim"]
    print(f"{thread.title}: {len(thread.posts)} posts, {len(claims)} claims")
    for repair in thread.repairs:
        print(f"note: {repair.detail}")
    for claim, answered, edge in graph.edges(data=True):
        if edge["kind"] == "answers":
            print(f"{claim} -> {answered}: {edge['stance']}, {edge['confidence']:.2f}")
    print(f"The graph is in {options.out}")


if __name__ == "__main__":
    main()
