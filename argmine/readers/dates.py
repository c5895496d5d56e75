"""Dates as pages show them, in English and in ISO 8601.

A date without a time zone gives a naive ``datetime``; :func:`with_zone` takes those as UTC, which a reader notes.
Relative dates ("3 days ago") and day and month that cannot be told apart ("3/4/2012") are recognised as dates, but
give no ``datetime``.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from argmine.thread import Repair

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,? )?"
_TIME = (
    r"(?:,? ?(?:at|@|[-–—·|])?,? ?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?(?: ?(?P<zone>utc|gmt|z)\b)?)?"
)
_AGO = (
    r"(?:about |over |almost |around )?(?:\d{1,3}|an?|one|two|three|a few|few|several) ?"
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|[smhdwy]|mo)\.? ago(?: \(edited\))?"
)

_FORMS = [
    rf"{_WEEKDAY}(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}}){_TIME}",
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH}),? (?P<year>\d{{4}}){_TIME}",
    rf"(?P<year>\d{{4}})[-/](?P<number>\d\d)[-/](?P<day>\d\d){_TIME}",
    rf"(?P<day>\d{{1,2}})\.(?P<number>\d{{1,2}})\.(?P<year>\d{{4}}){_TIME}",
    rf"(?P<first>\d{{1,2}})(?P<sign>[/-])(?P<second_>\d{{1,2}})(?P=sign)(?P<year>\d{{4}}|\d\d){_TIME}",
]
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?(?: ?(Z|UTC|GMT|[+-]\d\d:?\d\d)(?!\w))?",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    rf"\b(?:{_AGO}|(?:yesterday|today)(?:,? (?:at )?\d{{1,2}}:\d\d(?: ?[ap]m)?)?|just now)(?!\w)",
    re.IGNORECASE,
)
#: A number of seconds would be in the year 5138.
_MILLISECONDS = 1e11
_COMPILED = [re.compile(rf"(?<![\w/.-]){form}(?!\w|[./-]\d)", re.IGNORECASE) for form in _FORMS]


def find_date(text: str) -> tuple[int, int, datetime | None] | None:
    """Find the first date in a line.

    Returns
    -------
    (int, int, datetime or None) or None
        Where it starts and ends, and its value if it has one, naive if no time zone is given; ``None`` if there
        is no date.
    """
    found = [match for pattern in (_ISO, *_COMPILED, _RELATIVE) if (match := pattern.search(text))]
    if not found:
        return None
    match = min(found, key=lambda each: (each.start(), -each.end()))
    return match.start(), match.end(), _value(match)


def parse_date(text: str | None) -> datetime | None:
    """Return the date in an attribute such as ``<time datetime="…">``, or ``None``."""
    found = find_date(text.strip()) if text else None
    return found[2] if found and found[0] == 0 else None


def with_zone(moment: datetime | None) -> datetime | None:
    """Return the moment, taken as UTC if it has no time zone."""
    return moment if moment is None or moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def zone_notes(dates: Sequence[datetime | None]) -> list[Repair]:
    """Return a note if there are dates without a time zone, which are taken as UTC."""
    naive = sum(date is not None and date.tzinfo is None for date in dates)
    detail = f"{naive} of {len(dates)} dates came without a time zone: taken as UTC"
    return [Repair(kind="reader_note", detail=detail)] if naive else []


def parse_moment(value: Any) -> datetime | None:
    """Return the moment that a value in JSON or XML gives: seconds since 1970, or ISO 8601 (UTC if it names no zone).

    Milliseconds are told from seconds by their size.  What is no date gives ``None``.
    """
    if isinstance(value, str) and not re.fullmatch(r"\s*\d+(\.\d+)?\s*", value):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        seconds = float(value)
        return datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS else seconds, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _value(match: re.Match[str]) -> datetime | None:
    try:
        if match.re is _ISO:
            return _iso(*match.groups())
        if match.re is _RELATIVE:
            return None
        return _spelled(match.groupdict())
    except (ValueError, OverflowError):  # the 31st of February
        return None


def _iso(day: str, time: str, zone: str | None) -> datetime:
    moment = datetime.fromisoformat(f"{day}T{time}")
    if zone is None:
        return moment
    if zone.upper() in {"Z", "UTC", "GMT"}:
        return moment.replace(tzinfo=UTC)
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return moment.replace(tzinfo=timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes)))


def _spelled(parts: dict[str, str | None]) -> datetime | None:
    year = int(parts["year"] or 0)
    year += 2000 if year < 100 else 0
    if parts.get("month"):
        month, day = _MONTHS.index(str(parts["month"])[:3].lower()) + 1, int(parts["day"] or 0)
    elif parts.get("number"):
        month, day = int(parts["number"] or 0), int(parts["day"] or 0)
    else:
        first, second = int(parts["first"] or 0), int(parts["second_"] or 0)
        if first <= 12 and second <= 12 and first != second:
            return None
        month, day = (second, first) if first > 12 else (first, second)
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"].lower() == "p" else 0)
    zone = UTC if parts["zone"] else None
    return datetime(year, month, day, hour, int(parts["minute"] or 0), int(parts["second"] or 0), tzinfo=zone)
