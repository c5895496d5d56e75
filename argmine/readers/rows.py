"""Rows of named cells, one for each post, made into threads: what tables, frames and ConvoKit have in common.

The cells may be of any type; missing is what is empty, ``None``, ``NaN``, ``NaT`` or ``NA``.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from math import isnan
from numbers import Integral, Real
from typing import Any, NamedTuple

from argmine.errors import ReadError
from argmine.readers.dates import parse_date, parse_moment, with_zone, zone_notes
from argmine.readers.source import clean_id, clean_url, decode
from argmine.thread import Post, Repair, Thread

_GONE = re.compile(r"\s*\[\s*(?:deleted|removed)(?: by [^]]*)?\s*\]\s*", re.IGNORECASE)
#: What programs write into cells that name nothing.
_NOTHING = {"nan", "none", "null", "nat", "na", "n/a", "<na>"}
#: A row takes memory besides that for its texts.
_ROW_SIZE = 100


class Row(NamedTuple):
    """One post, as a row says it is; what is missing is empty."""

    #: Place in the table, from 1, and the line where it begins, if it has one.
    number: int
    line: int | None
    thread: str
    id: str
    reply_to: str
    #: Whether the table says at all what a row answers.
    linked: bool
    author: str
    text: str
    title: str
    url: str
    created_at: datetime | None
    notes: tuple[str, ...]

    @property
    def size(self) -> int:
        """About the memory that it takes, in bytes."""
        return _ROW_SIZE + sum(len(value) for value in self if isinstance(value, str))


def row_from(cells: Mapping[str, Any], number: int, *, line: int | None = None, notes: Iterable[str] = ()) -> Row:
    """Return the row with these cells.

    Parameters
    ----------
    cells : mapping
        By our names of the columns; those that the table does not have are left out.
    number : int
        Place in the table, from 1.
    line : int, optional
        The line where it begins.
    notes : iterable of str
        What was assumed while it was read.
    """
    names = ("thread", "id", "reply_to", "author", "text", "title", "url")
    found = {name: _plain(cells.get(name)) for name in names}
    said = [*notes, *(f"several values in {name}: left out" for name, text in found.items() if text is None)]
    if "thread" in cells and not _named(found["thread"] or ""):
        said.append("no thread named: those are read as one")
    moment = _moment(cells.get("created_at"))
    dated = _plain(cells.get("created_at"))
    if moment is None and (dated is None or _named(dated)):
        said.append("a date that could not be read: left out")
    plain = {name: text or "" for name, text in found.items()}
    return Row(
        number=number,
        line=line,
        thread=_writable(_named(plain["thread"])),
        id=_writable(clean_id(plain["id"])),
        reply_to=_writable(clean_id(plain["reply_to"])),
        linked="reply_to" in cells,
        author="" if _GONE.fullmatch(plain["author"]) else plain["author"].strip(),
        text=plain["text"],
        title=plain["title"].strip(),
        url=clean_url(plain["url"]),
        created_at=moment,
        notes=tuple(said),
    )


def grouped(rows: Iterable[Row], *, limit: int | None, error: Callable[..., ReadError]) -> Iterator[list[Row]]:
    """Yield the rows of each thread together, in the order in which the threads begin.

    Parameters
    ----------
    rows : iterable of Row
        In any order, as long as all of them take less memory than the limit.  Of more, each thread has to be within
        a stretch that does.
    limit : int or None
        In bytes; ``None`` to hold all rows, which are in memory anyway.
    error : callable
        Makes the error to raise of a problem, a line and a hint.

    Raises
    ------
    ReadError
        If a thread is larger than the limit, or its rows are too far apart.
    """
    held: dict[str, list[Row]] = {}
    sizes: Counter[str] = Counter()
    total = 0
    done: set[str] = set()
    for row in rows:
        if row.thread in done:
            raise error(
                f"the rows of thread {row.thread!r} are too far apart (row {row.number})",
                line=row.line,
                hint="Sort the table by thread.",
            )
        held.setdefault(row.thread, []).append(row)
        sizes[row.thread] += row.size
        total += row.size
        if limit is None or total <= limit:
            continue
        if sizes[row.thread] > limit:
            hint = "" if row.thread else "A column named thread would part it."
            raise error(f"a thread takes more than {limit >> 20} MiB (row {row.number})", line=row.line, hint=hint)
        growing = held.pop(row.thread)
        yield from held.values()
        done.update(held)
        total = sizes[row.thread]
        held, sizes = {row.thread: growing}, Counter({row.thread: total})
    yield from held.values()


def thread_from_rows(rows: list[Row], *, name: str) -> Thread:
    """Return the thread of rows that belong together.

    Parameters
    ----------
    rows : list of Row
        In reading order, at least one.
    name : str
        Id of the thread if the rows do not name it.
    """
    ids = _ids(rows)
    known = set(ids)
    linked = any(row.linked for row in rows)
    posts: list[Post] = []
    for row, post_id in zip(rows, ids, strict=True):
        text, deleted = ("", True) if _GONE.fullmatch(row.text) else (row.text, False)
        if not posts and not deleted and not text.strip():
            text = row.title or text  # it is all that the post says
        posts.append(
            Post(
                id=post_id,
                author=row.author or None,
                text=text,
                reply_to=_answered(row.reply_to, known) if linked else ids[0] if posts else None,
                created_at=with_zone(row.created_at),
                url=row.url or None,
                deleted=deleted,
            )
        )
    title = next((row.title for row in rows if row.title), None)
    return Thread.repaired(posts, id=rows[0].thread or name, title=title, url=posts[0].url, notes=_notes(rows, linked))


def _ids(rows: list[Row]) -> list[str]:
    """Return the ids of rows; those that have none are called by their place in the table."""
    shape = "row-{}" if any(row.id for row in rows) else "{}"
    return [row.id or shape.format(row.number) for row in rows]


def _answered(reply_to: str, known: set[str]) -> str | None:
    """Return the id of the post that a row answers, as the post itself writes it.

    Whole numbers may have become 12.0 on one side, and Reddit writes ``t1_abc`` where the post itself says ``abc``.
    """
    if not reply_to:
        return None
    forms = [reply_to, reply_to.removesuffix(".0"), f"{reply_to}.0", re.sub(r"\At[1-6]_", "", reply_to)]
    return next((form for form in forms if form in known), _named(reply_to)) or None


def _notes(rows: list[Row], linked: bool) -> list[Repair]:
    """Return what was assumed of these rows, each thing once, with the number of rows that it is true of."""
    said = Counter(note for row in rows for note in row.notes)
    nameless = sum(not row.id for row in rows)
    if nameless:
        said["no id: called by the number of the row"] = nameless
    found = [f"{note} ({count} of {len(rows)} rows)" for note, count in said.items()]
    if not linked and len(rows) > 1:
        found.append("nothing says what the rows answer: all of them the first")
    notes = [Repair(kind="reader_note", detail=detail) for detail in found]
    return [*notes, *zone_notes([row.created_at for row in rows])]


def _plain(value: Any) -> str | None:
    """Return a cell as text, empty if it is missing; ``None`` if it holds several values."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return decode(value)[0]
    if isinstance(value, bool) or not isinstance(value, Real):
        return None if isinstance(value, Iterable) else str(value)
    if isinstance(value, Integral):
        return str(int(value))
    number = float(value)
    if isnan(number):
        return ""
    return str(int(number)) if number.is_integer() else str(number)


def _writable(name: str) -> str:
    return re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", name)  # as in a Thread


def _named(text: str) -> str:
    return "" if text.strip().lower() in _NOTHING else text.strip()


def _moment(value: Any) -> datetime | None:
    """Return a date, without a time zone if it came without one."""
    if isinstance(value, Real) and not isinstance(value, bool):
        return parse_moment(int(value) if isinstance(value, Integral) else float(value))
    text = value.isoformat() if isinstance(value, date) else value
    if not isinstance(text, str):
        return None
    if re.fullmatch(r"\s*\d+(\.\d+)?\s*", text):
        return parse_moment(text)
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return parse_date(text)
