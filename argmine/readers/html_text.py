"""An HTML element as plain text: its lines and paragraphs, lists, and quotations marked with ``>``."""

import re
from collections.abc import Callable
from itertools import islice

from lxml import etree

from argmine.readers.html_words import inner_text, tokens

#: Elements that hold nothing to read.
SILENT = {
    "script", "style", "noscript", "template", "svg", "button", "input", "select", "textarea", "option", "label",
    "iframe", "object", "embed", "audio", "video", "canvas", "map", "nav", "dialog",
}  # fmt: skip
#: Elements that stand on lines of their own, and those with a blank line around them; some names are trafilatura's.
_LINES = {
    "address", "article", "aside", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "header", "hgroup", "hr", "legend", "li", "item", "main", "section",
    "summary", "tbody", "tfoot", "thead", "tr", "row",
}  # fmt: skip
_PARAGRAPHS = {
    "p", "blockquote", "quote", "ul", "ol", "list", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6", "head",
}  # fmt: skip
_QUOTE_TOKENS = {"quote", "bbcode_quote", "quotetext", "quotation", "quoted", "bbcodequote", "quote-container"}
_QUOTE_LABEL = re.compile(r"\s*(?:quote|quotation|zitat|citation|cita|citaat):?\s*", re.IGNORECASE)
_MESSAGE_TOKENS = {"postcontent", "messagetext", "restore", "content"}
#: Types of input that nobody types into, and the length of the text in a form that is more than a form.
_NO_FIELDS = {"hidden", "submit", "button", "image", "checkbox", "radio"}
_LONGEST_FORM = 1500
_SPACE = re.compile(r"[ \t\n\r\f]+")


def element_text(root: etree._Element, *, leave_out: Callable[[etree._Element], bool] | None = None) -> str:
    """Return the text of an element as a page shows it.

    Parameters
    ----------
    root : lxml element
        The element; the text behind it is not part of it.
    leave_out : callable, optional
        Says of an element below whether to pass it over.

    Returns
    -------
    str
        Lines as a browser breaks them at ``<br>`` and block elements, paragraphs apart by a blank line, items of
        lists after ``- `` or their number, quotations after ``> ``, once for each depth.
    """
    page = _Page()
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    skipped: etree._Element | None = None
    for event, element in walk:
        if event == "start":
            if element is not root and (is_silent(element) or (leave_out is not None and leave_out(element))):
                skipped = element
                walk.skip_subtree()
            else:
                page.open(element, is_root=element is root)
            continue
        if skipped is not None and element is skipped:
            page.pass_over(element)
        elif event == "end":
            page.close(element, is_root=element is root)
        if element is not root:
            page.write(element.tail)
    return page.text()


def is_silent(element: etree._Element) -> bool:
    """Return whether a page shows nothing of an element, or only controls."""
    if element.tag == "form":  # some sites put each comment, or the whole page, into one
        fields = [each for each in element.iter("input", "textarea") if each.get("type") not in _NO_FIELDS]
        return bool(fields) and len(inner_text(element)) < _LONGEST_FORM
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.tag in SILENT or element.get("hidden") is not None or "display:none" in style


def is_quote(element: etree._Element | None) -> bool:
    """Return whether an element is a quotation set apart."""
    if element is None:
        return False
    names = {token.lower() for token in tokens(element)}
    if element.tag in {"blockquote", "quote"}:
        # one inside a box for quotations is not a second quotation; some forums put whole messages into one
        boxed = any(_is_quote_box(above) for above in islice(element.iterancestors(), 2))
        return not boxed and not names & _MESSAGE_TOKENS
    return _is_quote_box(element)


def _is_quote_box(element: etree._Element) -> bool:
    if element.tag == "table":  # old forums write "Quote:" above it
        label = element.getprevious()
        return label is not None and _QUOTE_LABEL.fullmatch(inner_text(label)) is not None
    return element.tag in {"div", "aside", "td"} and any(token.lower() in _QUOTE_TOKENS for token in tokens(element))


class _Page:
    """The lines written so far, each with its depth of quotation, and the line being written."""

    def __init__(self) -> None:
        self._lines: list[tuple[int, str]] = []
        self._line = ""
        self._gap = False
        self._quotes = 0
        self._marks: list[str] = []  # for each open list item its mark, and spaces instead once it is written
        self._numbers: list[int | None] = []
        self._preformatted = 0

    def open(self, element: etree._Element, *, is_root: bool) -> None:
        tag = str(element.tag)
        if tag in {"br", "lb"}:
            self._break()
        elif tag == "img":
            self.write(_emoticon(element))
        elif tag in {"td", "th", "cell"}:
            self.write(" ")
        self._set_apart(element)
        if tag in {"ul", "ol", "list"}:
            self._numbers.append(1 if tag == "ol" else None)
        elif tag in {"li", "item"} and not is_root:
            self._marks.append(self._mark())
        self._quotes += is_quote(element)
        self._preformatted += tag == "pre"
        self.write(element.text)

    def close(self, element: etree._Element, *, is_root: bool) -> None:
        tag = str(element.tag)
        self._set_apart(element)
        if tag in {"ul", "ol", "list"}:
            self._numbers.pop()
        elif tag in {"li", "item"} and not is_root:
            self._marks.pop()
        self._quotes -= is_quote(element)
        self._preformatted -= tag == "pre"

    def pass_over(self, element: etree._Element) -> None:
        if element.tag in _LINES or element.tag in _PARAGRAPHS:
            self._end_line()

    def write(self, text: str | None) -> None:
        if not text:
            return
        if self._preformatted:
            first, *more = text.replace("\r\n", "\n").split("\n")
            self._line += first
            for line in more:
                self._break()
                self._line += line
            return
        text = _SPACE.sub(" ", text)
        self._line += text[1:] if text[0] == " " and (not self._line or self._line[-1] == " ") else text

    def text(self) -> str:
        self._end_line()
        return "\n".join(f"{'> ' * depth}{line}".rstrip(" ") for depth, line in self._lines)

    def _set_apart(self, element: etree._Element) -> None:
        if element.tag in _PARAGRAPHS or is_quote(element):
            self._end_line()
            self._gap = True
        elif element.tag in _LINES or (element.tag == "cite" and self._quotes):
            self._end_line()

    def _break(self) -> None:
        if self._line.strip():
            self._end_line()
        else:
            self._gap = True

    def _end_line(self) -> None:
        line = self._line.rstrip() if self._preformatted else self._line.strip(" ")
        self._line = ""
        if not line.strip():
            return
        if self._gap and self._lines:
            self._lines.append((min(self._quotes, self._lines[-1][0]), ""))
        self._gap = False
        indent = "".join(" " * len(mark) for mark in self._marks[:-1])
        self._lines.append((self._quotes, indent + "".join(self._marks[-1:]) + line))
        self._marks = [" " * len(mark) for mark in self._marks]

    def _mark(self) -> str:
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            return "- "
        self._numbers[-1] = number + 1
        return f"{number}. "


def _emoticon(image: etree._Element) -> str:
    """Return the text of a picture that stands for an emoticon; other pictures say nothing."""
    names = " ".join(tokens(image)).lower()
    return (image.get("alt") or "")[:40] if re.search(r"smil|emoji|emoticon", names) else ""
