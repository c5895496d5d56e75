"""Mine saved threads of any format on Ray: each file is read and mined where there is room.

Usage: python ray_threads.py [FILE…] [-o FOLDER] [--pipeline NAME]
"""

import argparse
from pathlib import Path
from typing import Any

import pyarrow
import ray

import argmine
from argmine.arrow import threads_to_arrow
from argmine.ray import mine_dataset

THREADS = Path(__file__).parent / "threads"
EXAMPLES = [THREADS / name for name in ("blog.txt", "forum.html", "hacker_news.json", "list.mbox", "reddit.json")]


def read(files: pyarrow.Table) -> pyarrow.Table:
    threads = [thread for path in files["path"].to_pylist() for thread in argmine.read_threads(path)]
    return pyarrow.Table.from_batches([threads_to_arrow(threads)])


def shown(row: dict[str, Any]) -> str:
    found = row["error"] or f"{row['n_posts']} posts, {row['n_claims']} claims"
    return f"{row['title'] or row['thread']}: {found}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Mine saved threads on Ray.")
    parser.add_argument("files", nargs="*", type=Path, default=EXAMPLES, help="what argmine reads")
    parser.add_argument("-o", "--out", type=Path, default=Path("mined"), help="folder for Parquet files")
    parser.add_argument("--pipeline", default="en", help="en or en_rules")
    options = parser.parse_args()

    files = ray.data.from_items([{"path": str(path.resolve())} for path in options.files])
    threads = files.map_batches(read, batch_format="pyarrow", batch_size=1)
    mined = mine_dataset(threads, pipeline=options.pipeline).materialize()  # mined once, and then used twice
    mined.write_parquet(str(options.out.resolve()))
    facts = mined.select_columns(["thread", "title", "n_posts", "n_claims", "error"])
    print(*sorted(map(shown, facts.iter_rows())), f"The graphs are in {options.out}", sep="\n")


if __name__ == "__main__":
    main()
