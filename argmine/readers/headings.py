"""Headings of comment sections, in English: "3 responses to …", "Comments (3)", "Reader comments"."""

import re

from argmine.thread import Repair

_NUMBER_WORDS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_KIND = r"(?:comments?|responses?|repl(?:y|ies)|thoughts?|answers?|reactions?|opinions?)"
_READERS = r"(?:(?:reader|readers'|user|visitor|new|your) )?"
_COUNTED = re.compile(
    rf"(?:showing |all |view )?(?P<count>\d[\d,.]*|{'|'.join(_NUMBER_WORDS)}) {_READERS}{_KIND}"
    r"(?: (?:so far|yet|posted|found))?(?: (?:to|on|for|about)\b.*)?"
    rf"|{_READERS}(?:{_KIND}|discussion) ?[(\[:]? ?(?P<behind>\d[\d,.]*)[)\]]?",
    re.IGNORECASE,
)
_PLAIN = re.compile(rf"{_READERS}(?:comments|responses|replies)(?: (?:to|on|for) .*)?", re.IGNORECASE)
_WEAK = re.compile(r"discussion|feedback|conversation|reactions|thoughts|answers|opinions", re.IGNORECASE)
_TITLE = re.compile(r"\b(?:to|on|for|about)\W+(?P<title>.+)", re.IGNORECASE)


def is_heading(line: str) -> bool:
    """Return whether a line could be the heading of a comment section."""
    bare = _bare(line) if 0 < len(line) <= 300 else ""
    return any(pattern.fullmatch(bare) for pattern in (_COUNTED, _PLAIN, _WEAK))


def is_weak_heading(line: str) -> bool:
    """Return whether a heading could as well be that of a chapter."""
    return _WEAK.fullmatch(_bare(line)) is not None


def announced_count(line: str) -> int | None:
    """Return how many comments a heading announces, or ``None`` if it gives no number or is no heading."""
    match = _COUNTED.fullmatch(_bare(line)) if len(line) <= 300 else None
    if match is None:
        return None
    count = (match["count"] or match["behind"]).lower()
    return _NUMBER_WORDS.index(count) if count in _NUMBER_WORDS else int(re.sub(r"\D", "", count)[:9])


def repeated_title(line: str) -> str | None:
    """Return the title of the article that a heading repeats ("3 responses to …")."""
    match = _TITLE.search(_bare(line))
    return match["title"] if match else None


def letters_of(text: str) -> str:
    """Return the letters and digits alone: a title repeated elsewhere has other quotation marks and dashes."""
    return re.sub(r"[\W_]+", "", text).lower()


def count_notes(announced: int | None, found: int) -> list[Repair]:
    """Return a note if a page announces another number of comments than were found, or has none."""
    if announced is not None and announced != found:
        detail = f"the page announces {announced} comments, {found} were found"
    elif not found:
        detail = "no comments found: the article alone"
    else:
        return []
    return [Repair(kind="reader_note", detail=detail)]


def _bare(line: str) -> str:
    return line.strip(' \t\u00a0*#=_-–—:.…!»«“”"')
