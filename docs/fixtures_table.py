"""Write, as a Markdown table, what the readers find in files: python docs/fixtures_table.py FILE-OR-FOLDER…"""

import sys
from collections import Counter
from pathlib import Path

from argmine.errors import ArgmineError
from argmine.readers import read_threads


def row(path: Path) -> str:
    try:
        [thread] = read_threads(path)
    except ArgmineError as error:
        return f"| `{path.name}` | | | {type(error).__name__}: {str(error).partition(': ')[2]} |"
    depth = max(thread.depth(post.id) for post in thread.posts)
    deleted = sum(post.deleted for post in thread.posts)
    kinds = Counter(repair.kind for repair in thread.repairs if repair.kind != "reader_note")
    said = [repair.detail for repair in thread.repairs if repair.kind == "reader_note"]
    found = [f"{count} × {kind}" for kind, count in sorted(kinds.items())] + said
    found += [f"{deleted} deleted"] if deleted else []
    return f"| `{path.name}` | {len(thread.posts)} | {depth} | {'; '.join(found)} |"


if __name__ == "__main__":
    lines = ["| file | posts | depth | repairs and notes |", "|---|---|---|---|"]
    for folder in map(Path, sys.argv[1:]):
        for path in sorted(folder.iterdir()) if folder.is_dir() else [folder]:
            lines.append(row(path))
    sys.stdout.write("\n".join(lines) + "\n")
