"""Draw the arguments below a blog article as a picture, and keep the graph for other programs.

To get a page, save it in the browser as HTML, with all comments shown.
Needs matplotlib: pip install "argmine[plot]".

Usage: python blog_page.py [PAGE.html] [-o PICTURE.svg]
"""

import argparse
from pathlib import Path

import argmine

EXAMPLE = Path(__file__).parent / "threads" / "blog.html"


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the arguments below a blog article.")
    parser.add_argument("page", nargs="?", type=Path, default=EXAMPLE, help="a saved page")
    parser.add_argument("-o", "--out", type=Path, default=Path("blog.svg"), help="file for the picture")
    options = parser.parse_args()

    graph = argmine.mine(argmine.read_thread(options.page))
    argmine.plot(graph).savefig(options.out)
    kept = options.out.with_suffix(".graphml")  # for Gephi, yEd, Cytoscape, igraph, …
    argmine.write_graphml(graph, kept)
    print(f"The picture is in {options.out}, the graph in {kept}")


if __name__ == "__main__":
    main()
