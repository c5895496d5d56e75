"""WordPress exports (WXR, an RSS file with elements of WordPress), read post by post, so they may have any size.

Every published post and page is a thread of its own, with its approved comments.  Texts are HTML in which line ends
count, as WordPress shows them; shortcodes such as ``[caption]`` stay as they stand.  Pingbacks and comments that are
not approved are left out, with a note, and so is what is no published post or page: attachments, menus, drafts,
private posts, and kinds of post that plugins bring.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from html import unescape

from lxml import etree

from argmine.readers.dates import parse_date, with_zone, zone_notes
from argmine.readers.html_fragment import fragment_text
from argmine.readers.page_comments import left_out_note
from argmine.readers.source import Source, clean_id, clean_url
from argmine.readers.xml_stream import elements
from argmine.thread import Post, Thread

NAME = "wordpress"
DESCRIPTION = "WordPress export (WXR): posts and pages with their comments"

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_TAG = re.compile(r"(<[a-zA-Z/!][^<>]*>)")
#: Elements that begin and end a line by themselves, so that a line end beside them means nothing.
_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|center|d[dlt]|div|fig(?:ure|caption)|footer|form|h[1-6r]|header|li|main|"
    r"nav|ol|p|pre|section|table|t(?:body|foot|head|[dhr])|ul)\b",
    re.IGNORECASE,
)
_PRE = re.compile(r"<(/?)pre\b", re.IGNORECASE)
_BR = re.compile(r"<br\b", re.IGNORECASE)


def recognises(head: str) -> bool:
    """Return whether a file begins like XML with the namespace of WordPress exports."""
    return re.match(r"\s*<[?!r]", head) is not None and (
        re.search(r"<rss\b[^<>]*\bxmlns:wp\s*=\s*[\"']https?://wordpress\.org/export/", head) is not None
    )


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of each published post and page; the last one has the note on what was left out."""
    names: dict[str, str] = {}
    left_out: Counter[str] = Counter()
    last: Thread | None = None
    for element in elements(source, "item", "{*}author"):
        if element.tag != "item":
            names.setdefault(_word(element, "author_login"), _word(element, "author_display_name"))
            continue
        kind = _word(element, "post_type") or "post"
        status = _word(element, "status") or "publish"
        if kind not in {"post", "page"}:
            left_out[kind] += 1
        elif status != "publish":
            left_out[f"{status} {kind}"] += 1
        else:
            if last is not None:
                yield last
            last = _thread(element, names)
    if last is None:
        raise source.no_thread("there is no published post or page in it")
    notes = left_out_note("items of the export", left_out)
    yield last.model_copy(update={"repairs": (*notes, *last.repairs)}) if notes else last


def _thread(item: etree._Element, names: dict[str, str]) -> Thread:
    number = clean_id(_word(item, "post_id"))
    title = " ".join(fragment_text(item.findtext("title") or "").split())
    address = clean_url(item.findtext("link") or "") or None
    login = unescape(_word(item, "creator"))
    moments = [_moment(item, "post_date")]
    opening = Post(
        id=f"post-{number}" if number else "post",
        author=names.get(login) or login or None,
        text=_text(item.findtext(_CONTENT) or "") or title,
        created_at=with_zone(moments[0]),
        url=address,
    )
    left_out: Counter[str] = Counter()
    comments: list[Post] = []
    for element in item.iterchildren("{*}comment"):
        if why := _why_left_out(element):
            left_out[why] += 1
            continue
        moments.append(_moment(element, "comment_date"))
        comments.append(_comment(element, len(comments) + 1, opening.id, with_zone(moments[-1])))
    notes = [*left_out_note("comments", left_out), *zone_notes(moments)]
    return Thread.repaired([opening, *comments], id=number or "post", title=title or None, url=address, notes=notes)


def _why_left_out(comment: etree._Element) -> str:
    """Return why a comment is none of the discussion; nothing if it is."""
    kind = _word(comment, "comment_type")
    if kind in {"pingback", "trackback"}:
        return kind
    approved = _word(comment, "comment_approved") or "1"
    return {"1": "", "spam": "spam", "trash": "trash"}.get(approved, "not approved")


def _comment(element: etree._Element, number: int, opening: str, moment: datetime | None) -> Post:
    parent = clean_id(_word(element, "comment_parent"))
    return Post(
        id=clean_id(_word(element, "comment_id")) or f"comment-{number}",
        author=unescape(_word(element, "comment_author")) or None,
        text=_text(_raw(element, "comment_content")),
        reply_to=parent if parent not in {"", "0"} else opening,
        created_at=moment,
    )


def _raw(element: etree._Element, name: str) -> str:
    return element.findtext(f"{{*}}{name}") or ""


def _word(element: etree._Element, name: str) -> str:
    return _raw(element, name).strip()


def _moment(element: etree._Element, name: str) -> datetime | None:
    """Return a date, which has no time zone if only the blog's own time is given."""
    universal = parse_date(_word(element, f"{name}_gmt"))
    return with_zone(universal) if universal else parse_date(_word(element, name))


def _text(content: str) -> str:
    if "<" in content or "&" in content:
        return fragment_text(_with_line_ends(content))
    # without markup, as most comments are, the same is had sooner
    lines = [re.sub(r"[ \t\f]+", " ", line).strip(" ") for line in re.split(r"\r\n?|\n", content)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip("\n"))


def _with_line_ends(content: str) -> str:
    r"""Return HTML of WordPress with ``<br>`` for the line ends that count.

    They do outside ``<pre>`` and not beside an element that stands on lines of its own, and nowhere in posts made of
    blocks, which say all by elements.

    Examples
    --------
    >>> _with_line_ends("One\ntwo\n<ul>\n<li>three</li>\n</ul>\nfour")
    'One<br>two<ul><li>three</li></ul>four'
    """
    if "<!-- wp:" in content:
        return content
    parts = ["", *_TAG.split(content.replace("\r\n", "\n").replace("\r", "\n").strip()), ""]
    in_pre = 0
    for place, part in enumerate(parts[1:-1], start=1):
        if mark := _PRE.match(part):
            in_pre = max(0, in_pre + (-1 if mark[1] else 1))
        elif place % 2 and "\n" in part and not in_pre:
            parts[place] = _between(part, parts[place - 1], parts[place + 1])
    return "".join(parts)


def _between(text: str, before: str, after: str) -> str:
    """Return a stretch of text with ``<br>`` for its line ends, given the tags around it."""
    if _BLOCK.match(before):
        text = text.lstrip()
    elif _BR.match(before):
        text = re.sub(r"\A[ \t]*\n", "", text)
    if _BLOCK.match(after):
        text = text.rstrip()
    return text.replace("\n", "<br>")
