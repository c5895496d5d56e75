"""One e-mail message or news article: who wrote it, when, what it answers, and its text.

Python's ``email`` package takes messages apart.  Headers are taken as they were sent and decoded here, because the
package's own reading of addresses and dates raises on many that are damaged.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message as Parsed
from email.parser import BytesHeaderParser
from email.policy import Compat32
from typing import NamedTuple

from argmine.readers.html_fragment import fragment_text
from argmine.readers.mail_headers import author_of, date_of, encoding_of, header_of, ids_in, in_words, url_in
from argmine.readers.mail_subject import is_reply_subject, topic_of
from argmine.readers.mail_text import plain_text
from argmine.readers.source import MAX_PAGE_BYTES, clean_id, decode

#: What the package raises on messages that are damaged or nested without end.
_TROUBLE = (ArithmeticError, AttributeError, LookupError, MessageError, RecursionError, TypeError, ValueError)
_SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}


class Message(NamedTuple):
    """What a thread needs of a message.

    ``answers`` are the ids of messages that it refers to, the nearest first; ``topic`` is its subject in a form to
    compare; ``left_out`` counts attachments; ``notes`` say what was guessed; ``is_page`` tells a web page saved as
    mail.
    """

    id: str
    has_id: bool
    answers: tuple[str, ...]
    title: str | None
    topic: str
    is_reply: bool
    author: str | None
    created_at: datetime | None
    url: str | None
    text: str
    left_out: int
    notes: tuple[str, ...]
    is_page: bool


class _AsSent(Compat32):
    """Headers as text, whatever bytes they are made of."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_POLICY = _AsSent()


def read_message(raw: bytes, *, number: int, in_utf8: bool) -> Message | None:
    """Take a message apart.

    Parameters
    ----------
    raw : bytes
        Headers and body.
    number : int
        Its place in the file, which is its id if it has none.
    in_utf8 : bool
        Whether what is not encoded is UTF-8, whatever the message declares.

    Returns
    -------
    Message or None
        ``None`` for what is no message: without headers, or the entry in which mail programs keep their own data.
    """
    try:
        parsed: Parsed = message_from_bytes(raw, policy=_POLICY)
        text, left_out, notes = _body(parsed, in_utf8=in_utf8)
    except _TROUBLE:
        parsed = BytesHeaderParser(policy=_POLICY).parsebytes(raw)
        text, left_out, notes = _undivided(parsed)
    if not parsed.keys():
        return None
    subject = in_words(header_of(parsed, "Subject"))
    if parsed["X-IMAP"] is not None or "FOLDER INTERNAL DATA" in subject:
        return None
    created_at, date_notes = date_of(header_of(parsed, "Date"))
    ids = ids_in(header_of(parsed, "Message-ID"))
    own = ids[0] if ids else clean_id("".join(header_of(parsed, "Message-ID").strip("<> ").split()))
    topic, title = topic_of(subject)
    answers = _answers(parsed)
    return Message(
        id=own or str(number),
        has_id=bool(own),
        answers=tuple(answer for answer in answers if answer != own),
        title=title,
        topic=topic,
        is_reply=bool(answers) or is_reply_subject(subject) or re.search(r"^>", text, re.MULTILINE) is not None,
        author=author_of(header_of(parsed, "From")),
        created_at=created_at,
        url=url_in(header_of(parsed, "Archived-At")),
        text=text,
        left_out=left_out,
        notes=(*notes, *date_notes),
        is_page=parsed["Snapshot-Content-Location"] is not None or "<Saved by " in header_of(parsed, "From"),
    )


def _answers(parsed: Parsed) -> list[str]:
    named = [*ids_in(header_of(parsed, "In-Reply-To")), *reversed(ids_in(header_of(parsed, "References")))]
    return list(dict.fromkeys(named))


def _body(parsed: Parsed, *, in_utf8: bool) -> tuple[str, int, list[str]]:
    """Return the text of a message, how many attachments it has besides, and notes."""
    texts: dict[int, tuple[str, str]] = {}  # of each group of alternatives the plain text, or failing that the page
    notes: list[str] = []
    left_out = 0
    for group, part in _leaves(parsed):
        kind = part.get_content_type()
        if _is_attached(part, alone=part is parsed):
            left_out += kind not in _SIGNATURES
            continue
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        if kind == "text/html" and len(data) > MAX_PAGE_BYTES:
            left_out += 1
            continue
        encoded = header_of(part, "Content-Transfer-Encoding").lower() in {"base64", "quoted-printable"}
        declared = "utf-8" if in_utf8 and not encoded and not data.isascii() else part.get_content_charset()
        text, guesses = decode(data, declared=encoding_of(declared))
        if text.strip() and (group not in texts or (kind == "text/plain" and texts[group][0] == "text/html")):
            texts[group] = kind, text
            notes.extend(guess.detail for guess in guesses)
    plain = (_page_text(text) if kind == "text/html" else text for kind, text in texts.values())
    whole, scrubbed = plain_text("\n\n".join(plain))
    return whole, left_out + scrubbed, notes


def _page_text(markup: str) -> str:
    # no blank stands at the end of a line of text from HTML, so the mark of a signature lacks its own
    return re.sub(r"^--$", "-- ", fragment_text(markup), flags=re.MULTILINE)


def _undivided(parsed: Parsed) -> tuple[str, int, list[str]]:
    """Return the body of a message that cannot be taken apart."""
    payload = str(parsed.get_payload()).encode("utf-8", "surrogateescape")
    text, scrubbed = plain_text(decode(payload)[0])
    return text, scrubbed, ["the message cannot be taken apart: its body as it is"]


def _leaves(parsed: Parsed) -> Iterator[tuple[int, Parsed]]:
    """Yield the parts that hold no others, each with a number that alternatives of the same text share."""
    waiting: list[tuple[int | None, Parsed]] = [(None, parsed)]
    number = 0
    while waiting:
        group, part = waiting.pop()
        number += 1
        kind = part.get_content_type()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            if kind == "multipart/alternative" and group is None:
                group = number
            inside = [each for each in part.get_payload() if isinstance(each, Parsed)]
            waiting.extend((group, each) for each in reversed(inside))
        else:
            yield number if group is None else group, part


def _is_attached(part: Parsed, *, alone: bool) -> bool:
    if part.is_multipart():  # a message inside the message
        return True
    kind = part.get_content_type()
    if part.get_content_maintype() == "multipart":
        return False  # so it says, but it has no parts
    if alone and part.get_content_maintype() == "text":
        return False
    return (
        kind not in {"text/plain", "text/html"}
        or part.get_content_disposition() == "attachment"
        or part.get_filename() is not None
    )
