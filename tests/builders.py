"""Docs built by hand: a stage is tested on what earlier stages would have written, not on what they do write."""

from spacy.language import Language
from spacy.tokens import Doc

import argmine
from argmine import Post, Thread
from argmine.doc import make_spans, posts


def thread_of(*texts: str | tuple[str, str], title: str | None = None, parents: dict[int, int] | None = None) -> Thread:
    """Make a chain of posts from texts, or from authors and texts; ``parents`` moves replies to other posts."""
    made = []
    for number, entry in enumerate(texts):
        author, text = entry if isinstance(entry, tuple) else (None, entry)
        parent = (parents or {}).get(number, number - 1)
        made.append(Post(id=f"p{number}", author=author, text=text, reply_to=f"p{parent}" if number else None))
    return Thread(title=title, posts=made)


def with_claims(nlp: Language, thread: Thread, *claims: tuple[int, str, str]) -> Doc:
    """Make a Doc with these claims: the number of a post, the words, and the role."""
    doc = argmine.make_doc(nlp, thread)
    views = posts(doc)
    ranges = []
    for number, words, role in claims:
        start = views[number].offset + views[number].text.index(words)
        ranges.append((start, start + len(words), role))
    spans = make_spans(doc, ranges)
    doc.spans["claims"] = spans
    doc.spans["quotes"] = []
    return doc
