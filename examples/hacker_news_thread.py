"""Find the claims of a Hacker News thread that are rebutted most, and make a page to read the thread in.

To get a thread, save https://hn.algolia.com/api/v1/items/ID, with the number behind ``id=`` in its address for ID.

Usage: python hacker_news_thread.py [ITEM.json] [-o PAGE.html]
"""

import argparse
from collections import Counter
from pathlib import Path

import argmine

EXAMPLE = Path(__file__).parent / "threads" / "hacker_news.json"


def main() -> None:
    parser = argparse.ArgumentParser(description="Find the claims of a thread that are rebutted most.")
    parser.add_argument("thread", nargs="?", type=Path, default=EXAMPLE, help="an item with its comments as JSON")
    parser.add_argument("-o", "--out", type=Path, default=Path("hacker_news.html"), help="file for the page")
    options = parser.parse_args()

    graph = argmine.mine(argmine.read_thread(options.thread))
    rebuttals = Counter(
        answered
        for _, answered, edge in graph.edges(data=True)
        if edge["kind"] == "answers" and edge["stance"] == "rebuttal"
    )
    for claim, count in rebuttals.most_common(5):
        data = graph.nodes[claim]
        print(f"{count} × {data.get('author', '(unknown)')}: {data['text']}")

    argmine.write_html(graph, options.out)
    print(f"Open {options.out} in a browser")


if __name__ == "__main__":
    main()
