"""E-mail: mailboxes (mbox), archives of mailing lists as pipermail offers them, single messages, NNTP articles.

A mailbox is split at its ``From `` lines: those with a date in them and a header behind them.  Its messages are put
into threads by what their headers refer to (:mod:`argmine.readers.mail_threading`).  A file that begins with the
headers of a message is one message.

A reply may stand anywhere in a mailbox, so all texts are held to thread them, :data:`MAX_BYTES` of them at most.
Attachments are not held, so the file may be larger; a single message may not.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from argmine.readers.dates import with_zone, zone_notes
from argmine.readers.mail_message import Message, read_message
from argmine.readers.mail_threading import Link, threads_of
from argmine.readers.source import MAX_BYTES, Source
from argmine.thread import Post, Repair, Thread

NAME = "mbox"
DESCRIPTION = "e-mail: a mailbox, a pipermail archive of a list, a single message, an NNTP article"

_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?"
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
#: With the sender, or what stands for it, and a date as ``ctime`` writes it, or as e-mail does.
_SEPARATOR = re.compile(
    rb"From (?:[^\r\n]{1,300} )?" + _DAY + rb" +(?:" + _MONTH + rb" +\d\d?|\d\d? +" + _MONTH + rb" +\d{4}) +"
    rb"\d\d?:\d\d(?::\d\d)?(?: +[\w+:-]{1,9}){0,2}\s*"
)
_HEADER = re.compile(rb"([!-9;-~]{1,80}):|>From ")
_ESCAPED = re.compile(rb">+From ")
#: Headers that only e-mail and news have.
_MAIL_ALONE = {
    b"message-id", b"received", b"return-path", b"in-reply-to", b"references", b"mime-version", b"newsgroups", b"path",
}  # fmt: skip
#: What a message takes up besides its text, and each id that it names.
_BYTES_PER_MESSAGE = 1000
_BYTES_PER_ID = 60


def recognises(head: str) -> bool:
    """Return whether a file begins with the ``From `` line of a mailbox, or with the headers of a message."""
    lines = head.lstrip("\ufeff \t\r\n").encode("utf-8", "replace").splitlines()
    if len(lines) > 1 and _is_separator(lines[0], lines[1]):
        return True
    names: set[bytes] = set()
    for line in lines:
        match = _HEADER.match(line)
        if match is None and not (names and line[:1] in b" \t"):
            return False  # before an empty line there are headers alone
        if not line.strip():
            break
        names.add((match[1] or b"").lower() if match else b"")
    return b"from" in names and (bool(names & _MAIL_ALONE) or {b"date", b"subject"} <= names)


def read(source: Source) -> Iterator[Thread]:
    """Yield the threads of a mailbox in the order of their first messages; one thread for a single message."""
    messages = _messages(source)
    if not messages:
        raise source.no_thread("there is no message in it")
    for links, notes in threads_of(messages):
        yield _thread(messages, links, notes)


def _messages(source: Source) -> list[Message]:
    in_utf8 = source.head.startswith(codecs.BOM_UTF8)
    found: list[Message] = []
    held = 0
    for line, raw in _split(source):
        message = read_message(raw, number=len(found) + 1, in_utf8=in_utf8)
        if message is None:
            continue
        if message.is_page:
            raise source.error("this is a web page saved as MHTML", line=line, hint="Save it as HTML.")
        held += _BYTES_PER_MESSAGE + len(message.text) + sum(_BYTES_PER_ID + len(answer) for answer in message.answers)
        if held > MAX_BYTES:
            raise _too_large(source, "its messages hold", line=line)
        found.append(message)
    return found


def _too_large(source: Source, what: str, *, line: int) -> Exception:
    problem = f"{what} more than {MAX_BYTES >> 20} MiB, the most that is held to put messages into threads"
    return source.error(problem, line=line, hint="Split it, for example by year.")


def _split(source: Source) -> Iterator[tuple[int, bytes]]:
    """Yield each message with the number of its first line; all of a file that does not begin as a mailbox does."""
    message = bytearray()
    start = 1
    is_mailbox = False
    held: bytes | None = None  # a separator, if a header follows
    for number, given in source.lines():
        line = given.removeprefix(codecs.BOM_UTF8) if number == 1 else given
        if held is not None:
            if _is_separator(held, line):
                if message:
                    yield start, bytes(message)
                message, start, is_mailbox = bytearray(), number, True
            else:
                message += held
            held = None
        if (is_mailbox or not message) and line.startswith(b"From ") and _SEPARATOR.fullmatch(line):
            held = line
        elif message or line.strip():
            message += line[1:] if is_mailbox and _ESCAPED.match(line) else line
            if len(message) > MAX_BYTES:
                raise _too_large(source, "one message holds", line=start)
    if message:
        yield start, bytes(message) + (held or b"")


def _is_separator(line: bytes, following: bytes) -> bool:
    return _SEPARATOR.fullmatch(line) is not None and _HEADER.match(following) is not None


def _thread(messages: list[Message], links: list[Link], notes: list[Repair]) -> Thread:
    first = messages[links[0].place]
    members = [messages[link.place] for link in links]
    posts = [_post(messages[link.place], link.reply_to, title=first.title) for link in links]
    dates = [message.created_at for message in members if message.created_at is not None]
    return Thread.repaired(
        posts,
        id=first.id,
        title=first.title,
        url=first.url,
        notes=[*notes, *zone_notes(dates), *_counts(members)],
    )


def _post(message: Message, reply_to: str | None, *, title: str | None) -> Post:
    text = message.text
    if reply_to is None and not text and not message.left_out:
        text = title or ""  # it is all that the message says
    return Post(
        id=message.id,
        author=message.author,
        text=text,
        reply_to=reply_to,
        created_at=with_zone(message.created_at),
        url=message.url,
    )


def _counts(members: Iterable[Message]) -> Iterator[Repair]:
    """Yield a note for what was left out, and one for each way in which messages were not as they should be."""
    left_out = sum(message.left_out for message in members)
    if left_out:
        yield Repair(kind="reader_note", detail=f"attachments left out: {left_out}")
    for detail, count in Counter(detail for message in members for detail in message.notes).items():
        yield Repair(kind="reader_note", detail=f"{detail} (messages: {count})")
