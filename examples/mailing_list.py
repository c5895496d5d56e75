"""Make a page of each thread of a mailing list, in one folder.

To get a mailbox, download an archive of the list (.mbox, or .txt of pipermail), or export a folder of a mail program.

Usage: python mailing_list.py [MAILBOX] [-o FOLDER]
"""

import argparse
from pathlib import Path

import argmine

EXAMPLE = Path(__file__).parent / "threads" / "list.mbox"


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a page of each thread of a mailing list.")
    parser.add_argument("mailbox", nargs="?", type=Path, default=EXAMPLE, help="a mailbox, or one month of an archive")
    parser.add_argument("-o", "--out", type=Path, default=Path("pages"), help="folder for the pages")
    options = parser.parse_args()

    options.out.mkdir(parents=True, exist_ok=True)
    threads = argmine.read_threads(options.mailbox)
    for number, graph in enumerate(argmine.mine_all(threads), start=1):  # mined one after the other, as they are read
        page = options.out / f"{number}.html"
        argmine.write_html(graph, page)
        kinds = [kind for _, kind in graph.nodes(data="kind")]
        title = graph.graph.get("title", "(no subject)")
        print(f"{page}  {title}: {kinds.count('post')} messages, {kinds.count('claim')} claims")


if __name__ == "__main__":
    main()
