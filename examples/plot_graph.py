"""Draw an argument graph as a picture: the claims in the order of the thread, and lines to what they answer.

Made for 10 to 60 claims.  Needs matplotlib: pip install "argmine[plot]".

Usage: python plot_graph.py [THREAD or GRAPH.graphml] [-o PICTURE.png]
"""

import argparse
from pathlib import Path

import argmine

EXAMPLE = Path(__file__).parent / "threads" / "blog.txt"


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw an argument graph as a picture.")
    parser.add_argument("source", nargs="?", type=Path, default=EXAMPLE, help="a saved page, a dump or a graph")
    parser.add_argument("-o", "--out", type=Path, default=Path("thread.png"), help="file for the picture")
    options = parser.parse_args()
    if options.source.suffix == ".graphml":
        graph = argmine.read_graphml(options.source)
    else:
        graph = argmine.mine(argmine.read_thread(options.source))
    figure = argmine.plot(graph)  # an ordinary figure of matplotlib: change it as you like
    figure.savefig(options.out, dpi=110)
    print(f"The picture is in {options.out}")


if __name__ == "__main__":
    main()
