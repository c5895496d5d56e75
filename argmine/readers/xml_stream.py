"""XML files, whole or element by element; nothing is fetched, and no entity expanded but those of XML itself."""

import codecs
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, cast

from lxml import etree

from argmine.readers.source import MAX_BYTES, Source

_PIECE = 64 * 1024


def whole_xml(source: Source) -> etree._Element:
    """Return the root of an XML file that is read as one.

    Raises
    ------
    ReadError
        With the line, if the XML is damaged or holds an entity of its own, or if it is too large.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(source.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        raise source.error(f"the XML is damaged ({_fault(error.msg)})", line=error.lineno or None) from None
    _check_entities(root, source, 0)
    return root


def elements(source: Source, *tags: str) -> Iterator[etree._Element]:
    """Yield each element of some names that is not inside another one, as soon as it is whole.

    Nothing is fetched, no document type is read, and no entity is expanded but those of XML itself.

    Parameters
    ----------
    source : Source
        The file.  Blank lines before the XML declaration, which some blogs write, are passed over.
    *tags : str
        Names as lxml takes them, such as ``"{*}author"`` for any namespace.

    Yields
    ------
    lxml element
        Emptied when the next one is asked for.

    Raises
    ------
    ReadError
        With the line, if the XML is damaged or holds an entity of its own, or if it is too large between two elements.
    """
    parser = etree.XMLPullParser(
        ("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    start = source.head.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    skipped = source.head[: len(source.head) - len(start)].count(b"\n")
    waiting = 0
    try:
        for piece in chain([start], iter(lambda: source.rest.read(_PIECE), b"")):
            parser.feed(piece)
            # an unknown entity stops the parser, but is told in the log alone
            for fault in parser.feed_error_log.filter_from_fatals():
                raise source.error(f"the XML is damaged ({_fault(fault.message)})", line=fault.line + skipped)
            waiting += len(piece)
            for _, found in parser.read_events():
                element = cast("etree._Element", found)
                if next(element.iterancestors(*tags), None) is not None:
                    continue  # it comes with the one around it
                waiting = 0
                _check_entities(element, source, skipped)
                yield element
                _forget(element)
            if waiting > MAX_BYTES:
                raise source.error(f"one element of it is larger than {MAX_BYTES >> 20} MiB")
        parser.close()
    except etree.XMLSyntaxError as error:
        line = (error.lineno or 0) + skipped
        raise source.error(f"the XML is damaged ({_fault(error.msg)})", line=line or None) from None


def _check_entities(element: etree._Element, source: Source, skipped: int) -> None:
    entity = next(element.iter(etree.Entity), None)
    if entity is not None:
        line: Any = entity.sourceline
        raise source.error(f"it holds an entity of its own ({entity.text})", line=line + skipped if line else None)


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _fault(message: str | None) -> str:
    """Return what the XML parser says, in one line and without the place, which an error names by itself."""
    return " ".join(re.sub(r", line \d+, column \d+\Z", "", message or "").split())
