"""Make a page to read a Reddit thread in: the conversation beside the graph of who answers what.

To get a thread, put .json behind its address and save what the browser shows.

Usage: python reddit_thread.py [THREAD.json] [-o PAGE.html]
"""

import argparse
from pathlib import Path

import argmine

EXAMPLE = Path(__file__).parent / "threads" / "reddit.json"


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a page to read a Reddit thread in.")
    parser.add_argument("thread", nargs="?", type=Path, default=EXAMPLE, help="a thread as JSON")
    parser.add_argument("-o", "--out", type=Path, default=Path("reddit.html"), help="file for the page")
    options = parser.parse_args()

    thread = argmine.read_thread(options.thread)
    for repair in thread.repairs:  # such as comments that Reddit kept back: "load more comments"
        print(f"note: {repair.detail}")
    argmine.write_html(argmine.mine(thread), options.out)
    print(f"Open {options.out} in a browser")


if __name__ == "__main__":
    main()
