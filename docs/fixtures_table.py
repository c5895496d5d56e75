"""Write, as a Markdown table, what the readers find in folders of files: python docs/fixtures_table.py FOLDER…"""

import re
import sys
from collections import Counter
from pathlib import Path

from argmine.errors import ArgmineError
from argmine.readers import read_threads
from argmine.thread import Thread

_WHAT = re.compile(r"(?<=it holds )(?:\d+ × \w+|no object)")  # there are many kinds of objects that say nothing


def row(folder: Path) -> str:
    """Return the row of a folder: what its files hold together, and why some of them were refused."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found: list[Thread] = []
    refused: Counter[str] = Counter()
    for path in files:
        try:
            found += read_threads(path)
        except ArgmineError as error:
            reason = str(error).removeprefix(str(path)).lstrip(":, ").partition(" Formats that can be read")[0]
            refused[_WHAT.sub("no note or page, but another object", reason.partition(";")[0])] += 1
    posts = sum(len(thread.posts) for thread in found)
    depth = max((thread.depth(post.id) for thread in found for post in thread.posts), default=0)
    kinds = Counter(repair.kind for thread in found for repair in thread.repairs)
    deleted = sum(post.deleted for thread in found for post in thread.posts)
    mended = [f"{count} × {kind}" for kind, count in sorted(kinds.items())] + [f"{deleted} empty posts"] * bool(deleted)
    reasons = [f"{count} × {reason}" for reason, count in refused.most_common()]
    cells = [f"`{folder.name}`", len(files), len(found), posts, depth, "; ".join(mended), "; ".join(reasons)]
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"


if __name__ == "__main__":
    head = [
        "| folder | files | threads | posts | depth | repairs and notes | refused |",
        "|---|---|---|---|---|---|---|",
    ]
    sys.stdout.write("\n".join([*head, *(row(Path(folder)) for folder in sys.argv[1:])]) + "\n")
