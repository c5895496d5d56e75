"""A saved page: its encoding and its tree, and what it says of itself: title, address, author and date."""

import re
from datetime import datetime
from typing import NamedTuple

from lxml import etree, html
from selectolax.lexbor import LexborHTMLParser

from argmine.readers.dates import parse_date
from argmine.readers.html_words import one_line
from argmine.readers.source import MAX_PAGE_BYTES, Source, clean_url, decode
from argmine.thread import Repair

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\A\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]{2,30})")
_SAVED_FROM = re.compile(r"<!--[^>]{0,200}?(?:saved from url=\(\d+\)|\burl: )(https?://[^\s>]+)")
#: Characters that XML does not have, and lxml therefore does not handle.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DATE_FIELDS = ("article:published_time", "og:published_time", "datepublished", "dc.date", "date")
_AUTHOR_FIELDS = ("author", "article:author", "dc.creator", "profile:username")
#: Pages nest their elements some dozens deep; far deeper ones are broken, and slow to mend.
_DEEPEST = 500


class Page(NamedTuple):
    """What a page says of itself; what it does not say is ``None``."""

    title: str | None
    url: str | None
    author: str | None
    created_at: datetime | None


def parse_page(source: Source) -> tuple[etree._Element, Page, list[Repair]]:
    """Parse a page as browsers do, by its declared encoding if that is right.

    Returns
    -------
    root : lxml element
        The page.
    page : Page
        What it says of itself.
    notes : list of Repair
        If the encoding had to be guessed.

    Raises
    ------
    ReadError
        If it is nested too deeply, or too large.
    NoThreadError
        If there is no element in it.
    """
    data = source.read_bytes(limit=MAX_PAGE_BYTES)
    declared = _XML_ENCODING.search(data[:1024]) or _CHARSET.search(data[:8192])
    name = declared[1].decode("ascii").lower() if declared else None
    if name in {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"}:
        name = "cp1252"  # as browsers do
    text, notes = decode(data, declared=name)
    text = text.removeprefix("\ufeff")
    root = _tree(text)
    if root is not None and depth_of(root) > _DEEPEST:
        raise source.error(f"its elements are nested more than {_DEEPEST} deep")
    # lxml nests elements wrongly where end tags are missing: Lexbor knows the rules that browsers follow
    root = None if root is None else _tree(LexborHTMLParser(text).html or "")
    if root is None:
        raise source.no_thread("there is no element in this HTML")
    saved_from = _SAVED_FROM.search(text[:8192])
    return root, _describe(root, saved_from[1] if saved_from else ""), notes


def _tree(text: str) -> etree._Element | None:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        return html.document_fromstring(clean_markup(text).encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None


def clean_markup(text: str) -> str:
    """Return markup without the control characters that XML does not have."""
    return _CONTROLS.sub(" ", text)


def depth_of(root: etree._Element) -> int:
    """Return how deep the elements in an element are nested."""
    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _describe(root: etree._Element, saved_from: str) -> Page:
    """Return what a page says of itself; ``saved_from`` is the address that a browser noted when saving it."""
    meta: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        if name and (element.get("content") or "").strip():
            meta.setdefault(name, (element.get("content") or "").strip())
    canonical = [link.get("href") or "" for link in root.iter("link") if "canonical" in (link.get("rel") or "").lower()]
    addresses = [*canonical, meta.get("og:url", ""), saved_from]
    address = next((each for each in addresses if re.match(r"https?://", each)), None)
    dates = (meta.get(name) for name in _DATE_FIELDS)
    author = next((meta[name] for name in _AUTHOR_FIELDS if name in meta), None)
    return Page(
        title=_title(root, meta),
        url=clean_url(address) if address else None,
        author=None if author is None or author.startswith("http") else author,
        created_at=next((moment for each in dates if (moment := parse_date(each))), None),
    )


def _title(root: etree._Element, meta: dict[str, str]) -> str | None:
    """Return the title without the name of the site: the headline that the page's title repeats, if there is one."""
    whole = next((one_line(each) for each in root.iter("title")), "")
    headlines = [one_line(each) for each in root.iter("h1", "h2")]
    marked = [one_line(each) for each in root.iter("a") if "title" in (each.get("class") or "").split()]
    shown = _bare(meta.get("og:title") or whole)
    repeated = [each for each in [*headlines[:20], *marked[:20]] if len(each) > 3 and _bare(each) in shown]
    if repeated:
        return max(repeated, key=len)  # a shorter one may be the name of the site
    if meta.get("og:title"):
        return " ".join(meta["og:title"].split())
    site = meta.get("og:site_name")
    end = rf"\s+[-–—|:»·]+\s+{re.escape(site)}$" if site else r"\s+[|»]\s+[^|»]{1,40}$"
    return re.sub(end, "", whole) or next((headline for headline in headlines if headline), None)


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
