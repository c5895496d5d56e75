"""Replace one stage of the pipeline by your own: here a claim splitter that takes every paragraph for a claim.

A stage is an ordinary spaCy component.  It finds what it needs on the Doc and leaves its result there; the other
stages neither know nor care who wrote it.

Usage: python swap_stage.py [THREAD] [-o GRAPH.graphml]
"""

import argparse
import re
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

import argmine
from argmine.doc import CLAIMS, make_spans, posts

EXAMPLE = Path(__file__).parent / "threads" / "forum.html"
PARAGRAPH = re.compile(r"^(?!\s*>).*\S.*$", re.MULTILINE)  # a line with something on it that is no quotation


@Language.component("every_paragraph", requires=["doc.spans"], assigns=["doc.spans"])
def every_paragraph(doc: Doc) -> Doc:
    """Set ``doc.spans["claims"]``, as every claim splitter does."""
    places = [
        (post.offset + paragraph.start(), post.offset + paragraph.end(), "claim")
        for post in posts(doc)
        for paragraph in PARAGRAPH.finditer(post.text)
    ]
    doc.spans[CLAIMS] = [span for span in make_spans(doc, places) if span is not None]
    return doc


def main() -> None:
    parser = argparse.ArgumentParser(description="Mine a thread with a claim splitter of one's own.")
    parser.add_argument("thread", nargs="?", type=Path, default=EXAMPLE, help="a saved page or dump")
    parser.add_argument("-o", "--out", type=Path, default=Path("paragraphs.graphml"), help="file for the graph")
    options = parser.parse_args()

    nlp = argmine.load()
    nlp.replace_pipe("claim_splitter", "every_paragraph")
    print("The stages:", ", ".join(nlp.pipe_names))

    graph = argmine.mine(argmine.read_thread(options.thread), nlp)
    argmine.write_graphml(graph, options.out)
    for claim, data in graph.nodes(data=True):
        if data["kind"] == "claim":
            print(f"{claim} ({data['author']}, {data.get('stance', 'opening')}): {data['text']}")


if __name__ == "__main__":
    main()
