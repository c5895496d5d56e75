"""Lines that say who wrote a comment, and when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from argmine.readers.dates import find_date

_SAYS = re.compile(
    r"(?P<name>.+?),? (?:says|said|writes|wrote|replies|replied|responds|responded|comments|commented|answered|posted)"
    r"(?: this)?(?P<tail>(?: (?:on|at) .*)?[\s:.…]*)",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:(?:posted|written|published|submitted|comment(?:ed)?|reply|response)\s+)?(?:by|from)[:\s]\s*(?P<name>.+)",
    re.IGNORECASE,
)
#: Words and signs that join name and date.
_JOINTS = re.compile(
    r"(?:[\s|·•,:;–—\-()\[\]#@…]|\b(?:on|at|in|posted|published|written|submitted|updated|date)\b)+",
    re.IGNORECASE,
)
_BUTTONS = re.compile(
    r"(?:[\s|·•,/–—\-()\[\]#]*\b(?:reply|permalink|link|edit|report|quote|share|flag|like|edited|"
    r"\d+ (?:likes?|points?|votes?))\b|[\s|·•#]+#?\d+)+[\s)\]]*$",
    re.IGNORECASE,
)
_NO_NAMES = {
    "i", "we", "you", "he", "she", "it", "they", "this", "that", "these", "those", "who", "what", "which", "where",
    "when", "why", "how", "the", "a", "an", "my", "our", "your", "his", "her", "their", "its", "and", "but", "or",
    "so", "if", "as", "like", "then", "there", "here", "no", "not", "nobody", "everyone", "everybody", "someone",
    "somebody", "one", "many", "some", "people", "also", "just", "still", "again", "in", "on", "at", "from", "for",
    "with", "of", "to", "is", "was", "edit", "update", "updated", "since", "until", "after", "before",
}  # fmt: skip
_SMALL_WORDS = {
    "van", "von", "de", "der", "den", "la", "le", "da", "di", "du", "del", "al", "bin", "of", "the", "and", "from",
    "in", "y", "e",
}  # fmt: skip


@dataclass(frozen=True)
class Byline:
    """Who and when.

    Parameters
    ----------
    author : str or None
        Name as shown.
    created_at : datetime or None
        Naive if no time zone is given.
    lines : int
        How many lines, blank ones between them included, it takes.
    sure : bool
        Whether it could hardly be anything else: there is a date, or a verb of saying at the end of the line.
    """

    author: str | None
    created_at: datetime | None
    lines: int
    sure: bool = True


def find_byline(lines: Sequence[str], at: int = 0) -> Byline | None:
    """Return the byline that begins at a line, or ``None``.

    It is one line ("Jane Doe | March 3, 2012 at 5:10 pm | Reply", "Jane Doe says:", "Posted by Jane on …"), or a name
    or a verb of saying on one line and the date on the next.
    """
    line = lines[at].strip()
    if not line or len(line) > 160:
        return None
    after = _next_line(lines, at)
    date_below = after is not None and date_alone(lines[after])
    name = _said_by(line)
    if name is not None:
        if after is not None and date_below:
            return Byline(name, _date_in(lines[after]), after + 1 - at)
        return Byline(name, _date_in(line), 1)
    found = find_date(line)
    if found is not None:
        start, end, moment = found
        name = _name_beside(line[:start], _BUTTONS.sub("", line[end:]))
        return None if name is None else Byline(name or None, moment, 1)
    if after is not None and date_below and _is_name(name := _by(_BUTTONS.sub("", line)), strict=False):
        return Byline(name, _date_in(lines[after]), after + 1 - at)
    return None


def find_article_byline(line: str) -> Byline | None:
    """Return the byline in a line under the title of an article, where "by Jane Doe" alone is one too."""
    match = _BY.fullmatch(line.strip())
    if match and find_date(line) is None and _is_name(match["name"].strip(" .,|"), strict=True):
        return Byline(match["name"].strip(" .,|"), None, 1)
    return find_byline([line])


def date_alone(line: str) -> bool:
    """Return whether a line is a date and nothing else."""
    found = find_date(line) if len(line) <= 160 else None
    if found is None:
        return False
    start, end, _ = found
    return not _JOINTS.sub("", line[:start]).strip() and not _JOINTS.sub("", _BUTTONS.sub("", line[end:])).strip()


def _next_line(lines: Sequence[str], at: int) -> int | None:
    """Return the next line that is not blank, skipping at most one blank."""
    return next((i for i in range(at + 1, min(at + 3, len(lines))) if lines[i].strip()), None)


def _date_in(line: str) -> datetime | None:
    found = find_date(line)
    return found[2] if found else None


def _said_by(line: str) -> str | None:
    match = _SAYS.fullmatch(_BUTTONS.sub("", line))
    if match is None or not (match["tail"].strip(" .") or find_date(line)):
        return None  # "as Jane said" at the end of a line is no byline: a colon or a date belongs to one
    name = _by(match["name"])
    return name if _is_name(name, strict=False) else None


def _by(text: str) -> str:
    match = _BY.fullmatch(text.strip())
    return (match["name"] if match else text).strip(" \t,;|·•–—-:#@")


def _name_beside(before: str, after: str) -> str | None:
    """Return the name that stands before or behind a date, "" if there is nothing else, ``None`` if it is no byline."""
    joined = bool(re.search(r"[|·•,(–—-]\s*$", before))
    left = _by(_JOINTS.sub(" ", f" {before} ").strip())
    right = _JOINTS.sub(" ", after).strip()
    right = re.sub(r" (?:says|said|writes|wrote)$", "", _by(right), flags=re.IGNORECASE)
    if left and right:
        return None
    name = left or right
    if not name:
        return ""
    return name if _is_name(name, strict=not joined) else None


def _is_name(text: str, *, strict: bool) -> bool:
    """Return whether a text could be a name; strictly: every word but small ones begins like a name."""
    words = text.split()
    if not words or len(words) > 5 or len(text) > 60 or words[0].lower() in _NO_NAMES or not re.search(r"\w", text):
        return False
    if re.search(r"[?!;:<>\"“”]|\.\s+[a-z]|https?//", text):
        return False
    lower = [word for word in words if word[0].islower() and word.lower() not in _SMALL_WORDS]
    return not lower if strict else len(lower) <= 1 or len(words) <= 2
