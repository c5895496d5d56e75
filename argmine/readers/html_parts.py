"""The parts of one comment in a page: who wrote it, when, the text, and what it answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from argmine.readers.bylines import date_alone, find_byline
from argmine.readers.dates import find_date, parse_date
from argmine.readers.furniture import is_deletion, is_furniture
from argmine.readers.headings import is_heading
from argmine.readers.html_author import find_author
from argmine.readers.html_text import element_text, is_silent
from argmine.readers.html_words import one_line, tokens, words, words_of

_BODY_WORDS = {"content", "text", "body", "commtext", "usertext", "richtext"}
_BODY_TOKENS = {
    "content", "text", "body", "commtext", "md", "usertext", "usertext-body", "bbwrapper", "cooked", "entry",
    "post-text", "e-content", "p-content",
}  # fmt: skip
#: Words of elements that stand round a comment and are not its text.
_AROUND = {
    "meta", "metadata", "header", "head", "footer", "foot", "author", "avatar", "date", "time", "timestamp",
    "actions", "action", "tools", "toolbar", "share", "sharing", "vote", "votes", "voting", "flag", "report",
    "rating", "ratings", "menu", "nav", "permalink", "badge", "likes", "like", "score", "controls", "buttons",
    "button", "reactions", "reaction", "signature", "sig", "userinfo", "userdetails", "profile", "postprofile",
    "byline", "says", "replies", "children", "respond", "form", "attribution", "extrainfo", "recommend", "subtext",
    "comhead", "edited", "visually", "sr", "screen", "hidden", "tooltip", "links", "card", "rebuttal", "inreplyto",
}  # fmt: skip
#: Words of elements that are named after the text next to them, or in them.
_BESIDE_BODY = {"after", "before", "has"}
#: Those that may stand in the middle of it.
_IN_BODY = {
    "signature", "sig", "actions", "share", "sharing", "visually", "respond", "buttons", "rebuttal", "inreplyto",
}  # fmt: skip
#: Boxes in the text that say who wrote it, and when.
SIGNATURES = {"post-update-info", "post-update-info-container", "user-card"}
#: Words of what stands for comments that the page leaves out.
_STUBS = {"morechildren", "morecomments", "morerecursion", "deepthread"}
_LEVEL = re.compile(r"\s*level \d{1,2}\s*")
_EXPAND = re.compile(r"(?:> )*(?:click to expand|expand|show more|read more|see more)[\s.…]*", re.IGNORECASE)


@dataclass(frozen=True)
class Parts:
    """What was found in a comment; ``names`` is all text about the author in lower case, to know mentions by."""

    author: str | None
    names: str
    created_at: datetime | None
    dated: bool
    text: str
    deleted: bool


def own(block: etree._Element, inner: frozenset[etree._Element]) -> Iterator[etree._Element]:
    """Yield the elements inside a block in reading order, without those of blocks inside it and without controls."""
    walk = etree.iterwalk(block, events=("start",))
    for _, element in walk:
        if element is block:
            continue
        silent = element.tag in {"script", "style", "textarea", "svg", "template"}
        if silent or element in inner or words(element) & _STUBS:
            walk.skip_subtree()
        else:
            yield element


def parts_of(block: etree._Element, inner: frozenset[etree._Element]) -> Parts:
    """Take a comment apart.

    Parameters
    ----------
    block : lxml element
        The element of the comment.
    inner : frozenset of lxml element
        The elements of all comments: those inside this one are no part of it.

    Returns
    -------
    Parts
        Author and date as far as found; the text is empty if the block has none.
    """
    below = list(own(block, inner))
    author, author_at = find_author(block, below)
    created_at, date_at = _date(below)
    marked = [each for each in (author_at, date_at) if each is not None]
    text = _body(block, below, marked, inner)
    lines = text.split("\n")
    if author is None and lines and (byline := find_byline(lines)) is not None and byline.author:
        author = byline.author
        created_at = created_at or byline.created_at
        date_at = date_at if date_at is not None else block
        lines = lines[byline.lines :]
    text = _trimmed(lines, author)
    names = one_line(author_at).lower() if author_at is not None else (author or "").lower()
    deleted = is_deletion(text) or (not text and author is not None and is_deletion(author))
    gone = author is not None and is_deletion(author)
    return Parts(None if gone else author, names, created_at, date_at is not None, "" if deleted else text, deleted)


def signature_of(block: etree._Element) -> tuple[str | None, datetime | None]:
    """Return the author and the date named in an element, as far as found."""
    below = list(own(block, frozenset()))
    author = find_author(block, below)[0]
    return None if author is not None and is_deletion(author) else author, _date(below)[0]


def marked_text(block: etree._Element) -> str:
    """Return the text of the elements in an element whose class says that they hold it; empty if there are none."""
    below = list(own(block, frozenset()))
    marked = [each for each in (find_author(block, below)[1], _date(below)[1]) if each is not None]
    return _marked_body(below, marked, frozenset())


def _date(below: list[etree._Element]) -> tuple[datetime | None, etree._Element | None]:
    shown: tuple[datetime | None, etree._Element] | None = None
    for element in below:
        for name in (
            "datetime",
            "content" if "date" in (element.get("itemprop") or "").lower() else "datetime",
            "title",
        ):
            moment = parse_date(element.get(name))
            if moment is not None:
                return moment, element
        for name in ("data-time", "data-timestamp", "data-utime", "data-epoch"):
            seconds = element.get(name) or ""
            if re.fullmatch(r"1\d{9}(?:\d{3})?", seconds):
                return datetime.fromtimestamp(int(seconds[:10]), tz=UTC), element
        if shown is None and (text := _short_text(element)) and date_alone(text):
            found = find_date(text)
            shown = (found[2] if found else None, element)
    return shown or (None, None)


def _short_text(element: etree._Element) -> str:
    """Return the text of an element that has little below it: the innermost around a date."""
    if len(element) > 3 or (element.text is None and len(element) == 0):
        return ""
    text = one_line(element)
    return text if len(text) <= 100 else ""


def _body(
    block: etree._Element, below: list[etree._Element], marked: list[etree._Element], inner: frozenset[etree._Element]
) -> str:
    """Return the text of the element that holds the text, or else of all that is not around it."""
    around = {above for each in marked for above in each.iterancestors()}

    def beside(element: etree._Element) -> bool:
        if element.tag in {"h2", "h3", "h4", "h5"} and is_heading(one_line(element)):  # of comments on this one
            return True
        signed = not SIGNATURES.isdisjoint(tokens(element))
        return element in inner or element in marked or signed or _is_around(element, around)

    return _marked_body(below, marked, inner) or element_text(block, leave_out=beside)


def _marked_body(below: list[etree._Element], marked: list[etree._Element], inner: frozenset[etree._Element]) -> str:
    around = {above for each in marked for above in each.iterancestors()}

    def within(element: etree._Element) -> bool:
        names = tokens(element)
        boxed = any(each in SIGNATURES or set(words_of(each)) & _IN_BODY for each in names)
        return element in inner or element in marked or boxed

    covered = set(marked)
    texts: dict[tuple[etree._Element | None, str | None], list[str]] = {}
    for element in below:
        if element in around or not _is_body(element) or not covered.isdisjoint([element, *element.iterancestors()]):
            continue
        covered.add(element)
        # a text may be several elements of one class side by side
        texts.setdefault((element.getparent(), element.get("class")), []).append(
            element_text(element, leave_out=within)
        )
    return max(("\n\n".join(filter(None, each)) for each in texts.values()), key=len, default="")


def _is_body(element: etree._Element) -> bool:
    if element.get("itemprop") in {"text", "commentText", "description", "articleBody", "reviewBody"}:
        return True
    if any(token.lower() in _BODY_TOKENS for token in tokens(element)):
        return True
    found = words(element)
    named = found & _BODY_WORDS or any(words_of(token) == ("post", "message") for token in tokens(element))
    return bool(named) and not found & (_AROUND | _BESIDE_BODY)


def _is_around(element: etree._Element, around: set[etree._Element]) -> bool:
    if is_silent(element) or words(element) & _STUBS or _LEVEL.fullmatch(element.text or ""):
        return True
    if element in around:
        # the element holds author or date: passed over if it is a head or foot, not if it is the whole comment
        return element.tag in {"header", "footer"} and not any(each.tag == "p" for each in element.iter("p"))
    if element.tag in {"p", "blockquote", "pre", "ul", "ol"} and not element.get("class"):
        return False
    return element.tag == "footer" or any(
        set(words_of(token)) & _AROUND and not _is_body(element) for token in tokens(element)
    )


def _trimmed(lines: list[str], author: str | None) -> str:
    """Leave out furniture before and behind the text, and the buttons that unfold quotations."""
    lines = [line for line in lines if not _EXPAND.fullmatch(line)]

    def shown(line: str) -> bool:
        bare = line.strip()
        return bool(bare) and not is_furniture(bare) and not date_alone(bare) and bare.rstrip(" :,") != author

    first = next((i for i, line in enumerate(lines) if shown(line)), len(lines))
    while len(lines) > first and (not lines[-1].strip() or is_furniture(lines[-1])):
        lines.pop()
    return "\n".join(lines[first:])
