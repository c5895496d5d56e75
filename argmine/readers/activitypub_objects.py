"""One object of ActivityPub, such as a note or a page, as a post."""

from typing import Any
from urllib.parse import urlsplit

from argmine.readers.dates import parse_moment
from argmine.readers.html_fragment import fragment_text
from argmine.readers.source import clean_id, clean_url
from argmine.thread import Post

#: Types of objects that somebody has said something in.
POSTS = {"Article", "Audio", "Event", "Note", "Page", "Question", "Video"}
#: Their summary is the warning that is shown before they are opened; that of others repeats what they say.
_WARNING = {"Note", "Question"}


def type_of(value: dict[str, Any]) -> str:
    """Return the first type of an object; empty if it has none."""
    return next((each for each in many(value.get("type")) if isinstance(each, str)), "")


def many(value: Any) -> list[Any]:
    """Return the values of a property, which is one value or a list of them."""
    return value if isinstance(value, list) else [] if value is None else [value]


def id_of(value: Any) -> str | None:
    """Return the id of an object, or of what stands for it: an address, an object, or a list whose first is taken."""
    first = next(iter(many(value)), None)
    name = first.get("id") if isinstance(first, dict) else first
    return clean_id(name) or None if isinstance(name, str) else None


def post_of(value: dict[str, Any], *, number: int) -> Post:
    """Return an object as a post; ``number`` names it where it has no id."""
    return Post(
        id=id_of(value) or str(number),
        author=_author(value),
        text=_text(value),
        reply_to=id_of(value.get("inReplyTo")),
        created_at=parse_moment(value.get("published")),
        url=_address(value),
        deleted=type_of(value) == "Tombstone",
    )


def title_of(value: dict[str, Any]) -> str:
    """Return the title of an object as plain text; empty if it has none."""
    return " ".join(_line(value.get("name")).split())


def handle_of(actor: str) -> str:
    """Return the name of an account from its address, as one writes to it.

    Examples
    --------
    >>> handle_of("https://isle.example/users/nadia")
    'nadia@isle.example'
    """
    try:
        parts = urlsplit(actor.strip())
        host = parts.hostname or ""
    except ValueError:
        return actor.strip()
    last = parts.path.rstrip("/").rpartition("/")[2].removeprefix("@")
    return f"{last}@{host}" if last and host and "@" not in last else last or actor.strip()


def _author(value: dict[str, Any]) -> str | None:
    actors = many(value.get("attributedTo")) or many(value.get("actor"))
    # PeerTube names the account and the channel
    persons = [each for each in actors if isinstance(each, dict) and type_of(each) == "Person"]
    for actor in [*persons, *actors]:
        if isinstance(actor, str) and actor.strip():
            return handle_of(actor)
        if isinstance(actor, dict):
            name = _line(actor.get("preferredUsername")) or _line(actor.get("name"))
            address = actor.get("id")
            if name or (isinstance(address, str) and address.strip()):
                return name or handle_of(str(address))
    return None


def _text(value: dict[str, Any]) -> str:
    """Return what an object says: its content or its source, and failing both its summary or its title."""
    kind, summary, title = type_of(value), _line(value.get("summary")), title_of(value)
    if kind == "Tombstone":
        return ""
    body = _content(value) or _source(value.get("source"))
    if kind in _WARNING:
        return "\n\n".join(part for part in (summary, body) if part) or title
    return body or summary or title


def _content(value: dict[str, Any]) -> str:
    content, by_language = value.get("content"), value.get("contentMap")
    if not isinstance(content, str) and isinstance(by_language, dict):
        content = next((each for each in by_language.values() if isinstance(each, str)), None)
    return _plain(content, value.get("mediaType"), default="text/html")


def _source(source: Any) -> str:
    """Return what an object was written as, in Markdown or the like, as written."""
    if isinstance(source, dict):
        return _plain(source.get("content"), source.get("mediaType"), default="text/plain")
    return _plain(source, None, default="text/plain")


def _plain(content: Any, media_type: Any, *, default: str) -> str:
    if not isinstance(content, str):
        return ""
    kind = media_type if isinstance(media_type, str) else default
    return fragment_text(content) if kind.strip().lower().startswith("text/html") else content.strip("\r\n")


def _line(value: Any) -> str:
    return fragment_text(value).strip() if isinstance(value, str) and value.strip() else ""


def _address(value: dict[str, Any]) -> str | None:
    """Return the address of the page of an object, or of the page that it is about, or else its id."""
    attached = [each for each in many(value.get("attachment")) if isinstance(each, dict) and type_of(each) == "Link"]
    links = [*many(value.get("url")), *attached]
    # videos list their files, too
    pages = [each for each in links if not isinstance(each, dict) or each.get("mediaType") in {None, "text/html"}]
    for link in [*pages, value.get("id")]:
        href = link.get("href") if isinstance(link, dict) else link
        if isinstance(href, str) and href.strip():
            return clean_url(href)
    return None
