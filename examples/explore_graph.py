"""Ask an argument graph questions with networkx: who rebuts whom, and which claim is answered most.

Usage: python explore_graph.py [THREAD or GRAPH.graphml] [-o TABLE.tsv]
"""

import argparse
from collections import Counter
from pathlib import Path

import networkx as nx

import argmine

EXAMPLE = Path(__file__).parent / "threads" / "reddit.json"


def who_to_whom(graph: nx.DiGraph, stance: str) -> Counter[tuple[str, str]]:
    """Count, for each pair of authors, the claims of the first that take this stance to a claim of the second."""
    found: Counter[tuple[str, str]] = Counter()
    for claim, answered, edge in graph.edges(data=True):
        if edge["kind"] == "answers" and edge["stance"] == stance:
            names = (graph.nodes[node].get("author", "(unknown)") for node in (claim, answered))
            found[tuple(names)] += 1
    return found


def most_answered(graph: nx.DiGraph) -> list[tuple[str, Counter[str]]]:
    """Return the claims that are answered, each with the stances of the answers, the most answered first."""
    answers: dict[str, Counter[str]] = {}
    for _, answered, edge in graph.edges(data=True):
        if edge["kind"] == "answers":
            answers.setdefault(answered, Counter())[edge["stance"]] += 1
    return sorted(answers.items(), key=lambda item: -item[1].total())


def longest_exchange(graph: nx.DiGraph) -> list[str]:
    """Return the longest chain of claims in which each answers the next."""
    edges = [(one, other) for one, other, kind in graph.edges(data="kind") if kind == "answers"]
    return nx.dag_longest_path(nx.DiGraph(edges))


def main() -> None:
    parser = argparse.ArgumentParser(description="Ask an argument graph some questions.")
    parser.add_argument("source", nargs="?", type=Path, default=EXAMPLE, help="a saved page, a dump or a graph")
    parser.add_argument("-o", "--out", type=Path, default=Path("stances.tsv"), help="table of who takes which stance")
    options = parser.parse_args()
    if options.source.suffix == ".graphml":
        graph = argmine.read_graphml(options.source)
    else:
        graph = argmine.mine(argmine.read_thread(options.source))

    rows = ["stance\tfrom\tto\tclaims\n"]
    for stance in ("agreement", "rebuttal", "neutral"):
        for (author, answered), count in sorted(who_to_whom(graph, stance).items()):
            rows.append(f"{stance}\t{author}\t{answered}\t{count}\n")
    options.out.write_text("".join(rows), encoding="utf-8")

    print("Who rebuts whom:")
    for (author, rebutted), count in who_to_whom(graph, "rebuttal").most_common():
        print(f"  {author} -> {rebutted}: {count}")
    print("The most answered claims:")
    for claim, stances in most_answered(graph)[:3]:
        told = ", ".join(f"{count} {stance}" for stance, count in stances.most_common())
        print(f"  {graph.nodes[claim]['text']} ({told})")
    print("The longest exchange:")
    for claim in reversed(longest_exchange(graph)):
        print(f"  {graph.nodes[claim].get('author', '(unknown)')}: {graph.nodes[claim]['text']}")


if __name__ == "__main__":
    main()
