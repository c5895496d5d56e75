"""Subjects of messages, without what mail programs and lists put before them."""

import re

_REPLY = (
    r"(?:re|aw|antw?|antwort|sv|vs|res|rif|odp|ynt|ref|回复|答复|fwd?|wg|tr|enc|rv|doorst|vl)"
    r"(?:\s?[\[(^*]\s?\d{1,3}\s?[\])]?)?\s?[:：]"
)
#: What a message is for stays in the title; other words in brackets name the list.
_KEPT = r"(?:patch|rfc|ann|announce(?:ment)?|vote|result|proposal|discuss(?:ion)?|question|ot|poll|solved|bug|pull)\b"
_LIST = r"\[[^\[\]\s][^\[\]]{0,60}\]"
_BEFORE_TOPIC = re.compile(rf"(?:{_REPLY}|{_LIST}|\s)+", re.IGNORECASE)
_BEFORE_TITLE = re.compile(rf"(?:{_REPLY}|(?!\[{_KEPT}){_LIST}|\s)+", re.IGNORECASE)
_BEFORE_REPLY = re.compile(rf"(?:{_LIST}|\s)*{_REPLY}", re.IGNORECASE)
_FORWARDED_BEHIND = re.compile(r"\s*\((?:fwd?|was:.{0,200})\)\Z", re.IGNORECASE)
_LONGEST = 1000


def is_reply_subject(subject: str) -> bool:
    """Return whether a subject has the mark of a reply or of a forwarded message."""
    return _BEFORE_REPLY.match(subject[:_LONGEST]) is not None


def topic_of(subject: str) -> tuple[str, str | None]:
    """Return a subject in a form to compare, and as a title.

    Examples
    --------
    >>> topic_of("[garden] Re: AW: [RFC] Where to plant the Pear tree?")
    ('where to plant the pear tree?', '[RFC] Where to plant the Pear tree?')
    """
    subject = subject[:_LONGEST]
    topic = _FORWARDED_BEHIND.sub("", _without(_BEFORE_TOPIC, subject))
    return " ".join(topic.casefold().split()), _without(_BEFORE_TITLE, subject).strip() or None


def _without(prefixes: re.Pattern[str], subject: str) -> str:
    match = prefixes.match(subject)
    return subject[match.end() :] if match else subject
