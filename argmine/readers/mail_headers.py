"""Headers of e-mail messages: text in encoded words, names, dates, ids, whatever their bytes are."""

import codecs
import re
from datetime import datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

from argmine.readers.source import clean_id, clean_url, decode

#: So much of a header is looked at for a name or a date, and for a text.
_LONGEST_NAME = 1000
_LONGEST_TEXT = 10_000
_ENCODED = re.compile(r"=\?[\w*.+:-]+\?[bq]\?[^?]*\?=(?:\s*=\?[\w*.+:-]+\?[bq]\?[^?]*\?=)*", re.IGNORECASE)
_ADDRESS = re.compile(r"([\w.+%'=/~-]+)(?:@[\w.-]*|\s(?:at|\(at\))\s[\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)
_VIA_LIST = re.compile(r"\s+via\s+[\w.-]+\Z")
_ID = re.compile(r"<([^<>]+)>")
#: Encodings that senders name for a larger one, as browsers know.
_LARGER = {
    "ascii": "utf-8", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "euc_kr": "cp949", "iso8859-9": "cp1254", "tis-620": "cp874",
}  # fmt: skip
_NO_CHARSET = {"unicode-escape", "raw-unicode-escape", "undefined", "idna", "punycode"}


def header_of(parsed: Message, name: str) -> str:
    """Return a header in one line, with its encoded words as they are; empty if there is none."""
    value = str(parsed.get(name, ""))
    return " ".join(decode(value.encode("utf-8", "surrogateescape"))[0].split())


def in_words(text: str) -> str:
    """Return a header with its encoded words decoded."""
    return " ".join(_ENCODED.sub(_decoded_words, text[:_LONGEST_TEXT]).split())


def _decoded_words(match: re.Match[str]) -> str:
    try:
        parts = decode_header(match[0])
    except (MessageError, ValueError):
        return match[0]
    return "".join(
        part if isinstance(part, str) else decode(part, declared=encoding_of((charset or "").partition("*")[0]))[0]
        for part, charset in parts
    )


def encoding_of(name: str | None) -> str | None:
    """Return the encoding that is meant by the name of a character set; ``None`` if Python has no such encoding."""
    try:
        found = codecs.lookup(name or "").name if re.fullmatch(r"[\w.:+-]{1,40}", name or "") else ""
    except (LookupError, ValueError):
        return None
    return None if found in _NO_CHARSET else _LARGER.get(found, found) or None


def author_of(header: str) -> str | None:
    """Return the name in ``Name <address>`` or ``address (Name)``, or else the address before its ``@``."""
    header = header[:_LONGEST_NAME]
    match = re.match(r"([^<>]*)<([^<>]*)>?\s*(?:\((.*)\))?", header)
    behind = re.fullmatch(r"(\S+(?: at \S+)?) *\((.+)\)", header)
    if match is not None:
        name, address = match[1].strip() or match[3] or "", match[2]
    elif behind is not None:
        address, name = behind[1], behind[2]
    else:
        name, address = ("", header) if _ADDRESS.search(header) else (header, "")
    name = re.sub(r"\\(.)", r"\1", re.sub(r"\A([\"'])(.*)\1\Z", r"\2", in_words(name)))
    name = _VIA_LIST.sub("", _ADDRESS.sub(r"\1", name)).strip()
    return name or re.split(r"@|\s", in_words(address).strip())[0] or None


def date_of(header: str) -> tuple[datetime | None, list[str]]:
    """Return the date, naive if it has no time zone, and a note if there is one that cannot be read."""
    if not header:
        return None, []
    try:
        return parsedate_to_datetime(header[:_LONGEST_NAME]), []
    except (ArithmeticError, IndexError, TypeError, ValueError):
        return None, ["the date cannot be read"]


def ids_in(header: str) -> list[str]:
    """Return the ids in angle brackets, also where an archive has written `` at `` for ``@``."""
    found = ("".join(re.sub(r" at ", "@", name).split()) for name in _ID.findall(header))
    return [clean_id(name) for name in found if name]


def url_in(header: str) -> str | None:
    """Return the first address of a page in a header."""
    match = re.search(r"https?://[^\s<>]+", header)
    return clean_url(match[0]) if match else None
