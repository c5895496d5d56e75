"""A saved page: its encoding, its title, address, author and date, and the article in it."""

import re
from datetime import datetime
from typing import NamedTuple

from lxml import etree, html

from argmine.readers.dates import parse_date
from argmine.readers.furniture import is_furniture
from argmine.readers.html_text import element_text
from argmine.readers.html_words import words
from argmine.readers.source import clean_url, decode
from argmine.thread import Repair

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\A\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]{2,30})")
_SAVED_FROM = re.compile(r"(?:saved from url=\(\d+\)|^\s*url:\s*)(https?://\S+)", re.MULTILINE)
#: So many characters, not counting links, stand together somewhere in a page that has an article.
_PROSE = 60
_INLINE = {"abbr", "b", "bdi", "br", "cite", "code", "em", "i", "img", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u", "wbr"}


class Page(NamedTuple):
    """What a page says of itself; what it does not say is ``None``."""

    title: str | None
    url: str | None
    author: str | None
    created_at: datetime | None


def parse_page(data: bytes) -> tuple[etree._Element | None, list[Repair]]:
    """Parse the bytes of a page, by its declared encoding if that is right.

    Returns
    -------
    root : lxml element or None
        ``None`` if there is no element in it.
    notes : list of Repair
        If the encoding had to be guessed.
    """
    declared = _XML_ENCODING.search(data[:1024]) or _CHARSET.search(data[:8192])
    name = declared[1].decode("ascii") if declared else None
    # as browsers do, pages that declare Latin-1 are read as its superset
    name = "cp1252" if name and name.lower() in {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"} else name
    try:
        text, notes = data.decode("utf-8"), []
    except UnicodeError:
        text, notes = decode(data, declared=name)
    else:
        text = text.removeprefix("\ufeff")
    parser = html.HTMLParser(encoding="utf-8", remove_pis=True)
    try:
        root = html.document_fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None, notes
    return root, notes


def describe(root: etree._Element) -> Page:
    """Return what a page says of itself."""
    meta: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        if name and (element.get("content") or "").strip():
            meta.setdefault(name, (element.get("content") or "").strip())
    canonical = root.xpath("//link[contains(concat(' ', translate(@rel, 'CANOIL', 'canoil'), ' '), ' canonical ')]/@href")
    saved = next((match[1] for each in root.getroottree().xpath("//comment()[position() < 5]") if (match := _SAVED_FROM.search(each.text or ""))), "")
    address = next((each for each in [*canonical, meta.get("og:url", ""), saved] if re.match(r"https?://", each)), None)
    dates = (meta.get(name) for name in ("article:published_time", "og:published_time", "datepublished", "dc.date", "date"))
    author = next((meta[name] for name in ("author", "article:author", "dc.creator", "profile:username") if name in meta), None)
    return Page(
        title=_title(root, meta),
        url=clean_url(address) if address else None,
        author=None if author is None or author.startswith("http") else author,
        created_at=next((moment for each in dates if (moment := parse_date(each))), None),
    )


def _title(root: etree._Element, meta: dict[str, str]) -> str | None:
    """Return the title without the name of the site: the headline that the page's title repeats, if there is one."""
    whole = _line(" ".join(root.xpath("string((//head/title | //title)[1])").split()))
    headlines = [_line(" ".join(each.itertext())) for each in root.iter("h1", "h2")]
    shown = meta.get("og:title") or whole
    for headline in headlines[:20]:
        if len(headline) > 3 and shown and _bare(headline) in _bare(shown):
            return headline
    if meta.get("og:title"):
        return _line(meta["og:title"])
    site = meta.get("og:site_name")
    cut = re.sub(rf"\s+[-–—|:»·]+\s+{re.escape(site)}\s*$", "", whole) if site else re.sub(r"\s+[|»]\s+[^|»]{1,40}$", "", whole)
    return cut or next((headline for headline in headlines if headline), None)


def _line(text: str) -> str:
    return " ".join(text.split())


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def drop(element: etree._Element) -> None:
    """Take an element out of its page, leaving the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def article_text(root: etree._Element, title: str | None) -> str:
    """Return the text of the article of a page from which the comments have been taken out.

    The article is found by trafilatura; what it finds on pages without one (rows of links, counts) has no sentences
    and is refused.

    Parameters
    ----------
    root : lxml element
        The page; changed by this.
    title : str, optional
        Left out where it begins the article.

    Returns
    -------
    str
        Empty if there is no article.
    """
    from trafilatura import bare_extraction  # noqa: PLC0415 - takes 0.2 s

    for element in list(root.iter("div", "section", "form", "ol", "ul", "aside")):
        if words(element) & {"respond", "commentform", "comments", "comment"} and element.tag != "body":
            drop(element)
    if not any(_own_length(element) >= _PROSE for element in root.iter("p", "div", "td", "li", "section", "article", "span", "font", "pre")):
        return ""
    document = bare_extraction(root, include_comments=False, include_tables=True, with_metadata=False)
    body = getattr(document, "body", None)
    if body is None:
        return ""
    lines = [line for line in element_text(body).split("\n") if not is_furniture(line)]
    first = next((i for i, line in enumerate(lines) if line and _bare(line) != _bare(title or "")), len(lines))
    return "\n".join(lines[first:]).strip("\n")


def _own_length(element: etree._Element) -> int:
    """Return the length of the text that an element holds itself, not in links or in blocks below it."""
    inline = [len("".join(each.itertext())) for each in element if each.tag in _INLINE]
    return len((element.text or "").strip()) + sum(inline) + sum(len((each.tail or "").strip()) for each in element)
