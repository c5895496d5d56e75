"""The comments below an article in plain text: where each begins, what it answers, who wrote it.

Two layouts are known: a list, numbered or bulleted, whose indentation gives the nesting; and blocks that begin with a
byline.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from argmine.readers.bylines import Byline, find_byline
from argmine.readers.furniture import begins_comment_form, begins_page_foot, is_furniture
from argmine.thread import Repair

_MARKER = re.compile(
    r"(?P<indent>[ \u00a0]*)(?:(?P<number>\(?\d{1,5}[.):]|\(\d{1,5}\)|#\d{1,5}[.):]?)"
    r"|(?P<bullet>[•◦▪▫‣·●○■□➢►–—]|[*+-]{1,6}|o(?=  )))[ \t\u00a0]+(?P<text>\S.*)"
)
#: So many lines may stand between a heading and the first comment: a form, "Sort by", an advertisement.
_LINES_BEFORE_FIRST = 12


@dataclass(frozen=True)
class Comment:
    """One comment.

    Parameters
    ----------
    number : str
        Its place: "2" is the second direct comment, "2.1" the first reply to it.
    answers : str or None
        The number of the comment that it answers; ``None`` if it answers the article.
    lines : list of str
        The text.
    author : str or None
        Name as shown.
    created_at : datetime or None
        Naive if no time zone is given.
    """

    number: str
    answers: str | None
    lines: list[str]
    author: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True)
class _Start:
    """The line where a comment begins; ``left`` and ``right`` are the columns of its marker."""

    line: int
    left: int
    right: int
    numbered: bool = False
    text: str = ""
    byline: Byline | None = None

    def is_inside(self, other: "_Start") -> bool:
        """Return whether this comment is indented under another; numbers may be aligned on either side."""
        both_numbered = self.numbered and other.numbered
        return self.left > other.left and not (both_numbered and self.right == other.right)


def find_comments(lines: Sequence[str]) -> list[Comment]:
    """Find the comments in the lines below a heading.

    Parameters
    ----------
    lines : sequence of str
        Without tabs and without white space at their ends.

    Returns
    -------
    list of Comment
        In the order of the page; empty if neither list markers nor bylines are found.
    """
    starts: list[_Start] = []
    shown = 0
    for i, line in enumerate(lines):
        if not line or is_furniture(line) or begins_comment_form(line):
            continue
        if _marker(lines, i) is not None:
            starts = _list_starts(lines, i)
            break
        if _block_start(lines, i) is not None:
            starts = _block_starts(lines, i)
            break
        shown += 1
        if shown == _LINES_BEFORE_FIRST or begins_page_foot(line):
            break
    starts = _before_foot(lines, starts)
    return _comments(lines[: _end(lines, starts)], starts)


def first_byline(lines: Sequence[str]) -> int | None:
    """Return where comments begin that have no heading: at the first of several bylines, below some article text."""
    shown = [i for i, line in enumerate(lines) if line][3:]
    found = [i for i in shown if _block_start(lines, i) is not None]
    return found[0] if len(found) > 1 else None


def unmarked_comments(lines: Sequence[str], *, announced: int) -> tuple[list[Comment], list[Repair]]:
    """Return the comments of a section that has neither list nor bylines.

    Each paragraph is one if there are as many as the heading announces; otherwise the section is one comment.
    """
    ends = (i for i, line in enumerate(lines) if begins_comment_form(line) or begins_page_foot(line))
    end = next(ends, len(lines))
    kept = tidied([line for line in lines[:end] if not is_furniture(line)])
    if not kept or not announced:
        return [], []
    paragraphs = [part.split("\n") for part in "\n".join(kept).split("\n\n")]
    if len(paragraphs) == announced:
        return [Comment(str(number), None, part) for number, part in enumerate(paragraphs, start=1)], []
    note = Repair(kind="reader_note", post="1", detail="the comments could not be told apart: read as one")
    return [Comment("1", None, kept)], [note]


def tidied(lines: Sequence[str]) -> list[str]:
    """Return lines without their common indentation, blank lines around them and more than one blank line in a row."""
    indents = [_indent(line) for line in lines if line]
    common = min(indents, default=0)
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line[common:])
    return kept[:-1] if kept and not kept[-1] else kept


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \u00a0"))


def _marker(lines: Sequence[str], at: int) -> _Start | None:
    match = _MARKER.fullmatch(lines[at])
    if match is None:
        return None
    sign = match["number"] or match["bullet"]
    left = match.end("indent")
    if match["bullet"]:  # "--" stands deeper than "-"
        left += len(sign) - 1
    right = match.end("indent") + len(sign)
    return _Start(at, left, right, numbered=bool(match["number"]), text=match["text"])


def _list_starts(lines: Sequence[str], first: int) -> list[_Start]:
    """Return the list items that are comments; the others belong to a list inside a comment."""
    items = [item for i in range(first, len(lines)) if lines[i] and (item := _marker(lines, i)) is not None]
    items = [replace(item, byline=find_byline([item.text, *lines[item.line + 1 : item.line + 4]])) for item in items]
    top = [item for item in items if not item.is_inside(items[0])]
    named = sum(item.byline is not None for item in top) * 2 > len(top)
    if named:
        return [item for item in items if item.byline is not None]
    loose = any(not _is_tight(lines, item.line) for item in items[1:])
    top_loose = any(not _is_tight(lines, item.line) for item in top[1:])
    starts: list[_Start] = []
    run: int | None = None  # the column of the list, inside a comment, whose items are being passed over
    for item, after in zip(items, [*items[1:], None], strict=True):
        tight = _is_tight(lines, item.line)
        begins_run = after is not None and after.left == item.left and _is_tight(lines, after.line)
        if item.is_inside(items[0]):
            listed = begins_run and (loose or _line_before(lines, item.line).endswith(":"))
            inner = listed or (tight and (loose or run == item.left))
        else:
            inner = tight and top_loose and bool(starts)
        run = item.left if inner else None
        if not inner:
            starts.append(item)
    return starts


def _is_tight(lines: Sequence[str], at: int) -> bool:
    """Return whether the line right above is text: no blank line, no furniture."""
    return at > 0 and bool(lines[at - 1]) and not is_furniture(lines[at - 1])


def _line_before(lines: Sequence[str], at: int) -> str:
    return next((lines[i] for i in range(at - 1, max(at - 4, -1), -1) if lines[i]), "")


def _block_start(lines: Sequence[str], at: int) -> _Start | None:
    """Return the start of a comment whose first line is a byline."""
    if not lines[at] or _is_tight(lines, at) or is_furniture(lines[at]):
        return None
    byline = find_byline(lines, at)
    if byline is None or byline.author is None:
        return None
    return _Start(at, _indent(lines[at]), _indent(lines[at]), text=lines[at], byline=byline)


def _block_starts(lines: Sequence[str], first: int) -> list[_Start]:
    return [start for i in range(first, len(lines)) if (start := _block_start(lines, i)) is not None]


def _before_foot(lines: Sequence[str], starts: list[_Start]) -> list[_Start]:
    """Leave out what stands below the comment form, unless the comments plainly go on there."""
    if not starts:
        return starts
    sure = [start.line for start in starts if start.byline or (start.numbered and start.left == starts[0].left)]
    last = max([starts[0].line, *sure])
    feet = (i for i in range(last + 1, len(lines)) if begins_comment_form(lines[i]) or begins_page_foot(lines[i]))
    foot = next(feet, len(lines))
    return [start for start in starts if start.line < foot]


def _end(lines: Sequence[str], starts: Sequence[_Start]) -> int:
    """Return where the comments end: at the comment form, the foot of the page, or text outside the list."""
    if not starts:
        return len(lines)
    margin = min(start.left for start in starts)

    def outside(i: int) -> bool:
        return bool(lines[i]) and _indent(lines[i]) < margin and not lines[i - 1]

    last = starts[-1].line
    # where paragraphs inside the comments stand at the margin too, indentation says nothing about the end
    between = any(outside(i) and not is_furniture(lines[i]) for i in range(starts[0].line + 1, last))
    ends: list[Callable[[int], bool]] = [
        lambda i: begins_comment_form(lines[i]),
        lambda i: begins_page_foot(lines[i]),
    ]
    if not between:
        ends.append(outside)
    return next((i for i in range(last + 1, len(lines)) if any(end(i) for end in ends)), len(lines))


def _comments(lines: Sequence[str], starts: Sequence[_Start]) -> list[Comment]:
    comments: list[Comment] = []
    above: list[tuple[_Start, str]] = []
    children: dict[str, int] = {}
    ends = [start.line for start in starts[1:]]
    for start, end in zip(starts, [*ends, len(lines)], strict=False):
        while above and not start.is_inside(above[-1][0]):
            above.pop()
        parent = above[-1][1] if above else ""
        children[parent] = children.get(parent, 0) + 1
        number = f"{parent}.{children[parent]}" if parent else str(children[parent])
        above.append((start, number))
        author, created_at, text = _content(start, lines[start.line + 1 : end])
        comments.append(Comment(number, parent or None, text, author, created_at))
    return comments


def _content(start: _Start, below: Sequence[str]) -> tuple[str | None, datetime | None, list[str]]:
    byline, first = start.byline, start.text
    if byline is not None:
        below, first = below[byline.lines - 1 :], ""
    kept = [line for line in below if not (is_furniture(line) or begins_comment_form(line))]
    # wrapped lines hang under the marker, so their indentation is taken off apart from the first line
    gap = [""] if first and kept and not kept[0] else []
    text = tidied([first, *gap, *tidied(kept)])
    return (byline.author, byline.created_at, text) if byline else (None, None, text)
