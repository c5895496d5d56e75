"""Count, for each author of a Discourse topic, the claims that agree, rebut or do neither, as a CSV table.

To get a topic, put .json behind its address and save what the browser shows.  That is twenty posts; .json?page=2 has
the next twenty, and so on: put them into one file, each on a line of its own.

Usage: python discourse_topic.py [TOPIC.json] [-o TABLE.csv]
"""

import argparse
import csv
from collections import Counter
from pathlib import Path

import argmine

EXAMPLE = Path(__file__).parent / "threads" / "discourse.json"
STANCES = ["agreement", "rebuttal", "neutral", "off-topic"]


def main() -> None:
    parser = argparse.ArgumentParser(description="Count the stances of each author of a topic.")
    parser.add_argument("topic", nargs="?", type=Path, default=EXAMPLE, help="a topic as JSON")
    parser.add_argument("-o", "--out", type=Path, default=Path("stances.csv"), help="file for the table")
    options = parser.parse_args()

    graph = argmine.mine(argmine.read_thread(options.topic))
    counts: dict[str, Counter[str]] = {}
    for _, data in graph.nodes(data=True):
        if data["kind"] == "claim" and "stance" in data:  # the claims of the opening post have none
            counts.setdefault(data.get("author", "(unknown)"), Counter())[data["stance"]] += 1

    with options.out.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["author", *STANCES])
        for author, stances in sorted(counts.items()):
            table.writerow([author, *(stances[stance] for stance in STANCES)])
    print(f"The stances of {len(counts)} authors are in {options.out}")


if __name__ == "__main__":
    main()
