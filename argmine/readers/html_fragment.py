"""Pieces of HTML inside other formats, such as the body of a comment in a JSON export."""

from lxml import etree, html
from selectolax.lexbor import LexborHTMLParser

from argmine.readers.html_page import clean_markup, depth_of
from argmine.readers.html_text import element_text
from argmine.readers.html_words import inner_text

#: Deeper nesting is broken or hostile; what such a piece says is then taken without its structure.
_DEEPEST = 200


def parse_fragment(markup: str) -> etree._Element:
    """Return an element that holds a piece of HTML, parsed as browsers do."""
    body = LexborHTMLParser(f"<body>{clean_markup(markup)}").body
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    inner = (body.html or "") if body else ""
    root = html.document_fromstring(f"<html>{inner}</html>".encode("utf-8", "replace"), parser=parser)
    plain = body.text(separator=" ") if body else ""
    if depth_of(root) > _DEEPEST or (plain.strip() and not inner_text(root).strip()):
        root = html.Element("div")
        root.text = plain
    return root


def fragment_text(markup: str) -> str:
    r"""Return a piece of HTML as text: its paragraphs and lists, and its quotations after ``> ``.

    Examples
    --------
    >>> fragment_text("<blockquote><p>Cats &amp; dogs</p></blockquote><p>Neither.</p>")
    '> Cats & dogs\n\nNeither.'
    """
    return element_text(parse_fragment(markup))
