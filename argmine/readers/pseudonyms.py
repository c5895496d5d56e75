"""Threads with pseudonyms in place of the names of their authors.

What gets a pseudonym: authors; ``@name`` in texts and titles where an author of the thread has that name; the exact
name of an author in the line that says whose words a quotation below it is ("Ann wrote:").  Addresses that hold the
name of an author are dropped, and ids that do are replaced.

What stays: names inside running text, names of people who wrote nothing in the thread, and the texts themselves, which
can be searched for on the web.  Whoever has the salt can find out which pseudonym a name has.
"""

import hmac
import re
from collections.abc import Iterator
from urllib.parse import unquote

from argmine.errors import ArgmineError
from argmine.thread import Post, Repair, Thread

_DIGITS = 10
_ID_DIGITS = 16  # two posts of a thread must never get the same id
_LONGEST_NAME = 100
_AT = re.compile(r"(?<![\w@])@(?=\S)")
_WORD = re.compile(r"(?<!\w)\S")
_PART = re.compile(r"[^\W_]+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_QUOTE_MARK = re.compile(r"[ \t]*(?:>[ \t]?)*")
#: A line that may say whose words follow: it ends in a colon, or begins as forums begin such lines.
_ATTRIBUTION = re.compile(r".{1,300}:|(?:originally )?(?:posted|said|written) by\b.{1,100}", re.IGNORECASE)


def pseudonymised(thread: Thread, salt: str) -> Thread:
    """Return a thread with pseudonyms in place of the names of its authors.

    The pseudonym of a name is ``user-`` and ten hexadecimal digits of its HMAC-SHA256 under the salt, so that a name
    has the same pseudonym in every thread read with the same salt, and another one with any other.

    Parameters
    ----------
    thread : Thread
        Any thread.
    salt : str
        Keep it secret, or throw it away: with it, anybody can try names until a pseudonym comes out.

    Returns
    -------
    Thread
        With the same posts and replies; offsets into texts with names differ.

    Raises
    ------
    ArgmineError
        If the salt is empty.

    Examples
    --------
    >>> from argmine.thread import Post
    >>> thread = Thread(posts=[
    ...     Post(id="a", author="Ann", text="Cats are better."),
    ...     Post(id="b", author="Ben", text="@ann No, dogs are.", reply_to="a"),
    ... ])
    >>> [(post.author, post.text) for post in pseudonymised(thread, "a long secret").posts]
    [('user-d3e9dbf348', 'Cats are better.'), ('user-d2fa6d5727', '@user-d3e9dbf348 No, dogs are.')]
    """
    names = _Names(sorted({post.author for post in thread.posts if post.author}), checked_salt(salt))
    ids = {post.id: names.id(post.id) for post in thread.posts}
    return Thread(
        id=names.id(thread.id),
        title=None if thread.title is None else names.in_text(thread.title),
        url=names.url(thread.url),
        posts=tuple(_post(post, names, ids) for post in thread.posts),
        repairs=tuple(_repair(repair, names) for repair in thread.repairs),
    )


def checked_salt(salt: str) -> str:
    """Return the salt; ``ArgmineError`` if it is empty."""
    if not salt.strip():
        raise ArgmineError("the salt for pseudonyms is empty", "Give a long text that nobody can guess.")
    return salt


def _post(post: Post, names: "_Names", ids: dict[str, str]) -> Post:
    return post.model_copy(
        update={
            "id": ids[post.id],
            "author": names.pseudonym(post.author) if post.author else post.author,
            "text": names.in_text(post.text),
            "reply_to": None if post.reply_to is None else ids[post.reply_to],
            "url": names.url(post.url),
        }
    )


def _repair(repair: Repair, names: "_Names") -> Repair:
    # details name posts between quotation marks
    detail = re.sub(r"'([^']+)'", lambda match: f"'{names.id(match[1])}'", repair.detail)
    post = None if repair.post is None else names.id(repair.post)
    return repair.model_copy(update={"post": post, "detail": detail})


class _Names:
    """The authors of a thread, and what stands for each."""

    def __init__(self, authors: list[str], salt: str) -> None:
        self._salt = salt.encode("utf-8", "surrogatepass")
        bare = [name for author in authors if (name := _bare(author)) and len(name) <= _LONGEST_NAME]
        self._exact = {name: self.pseudonym(name) for name in bare}
        self._any_case: dict[str, str] = {}
        # an address may be shorter than the name: without its spaces, or without the server of an account
        for form in (str, lambda name: name.replace(" ", ""), lambda name: name.partition("@")[0]):
            for name, pseudonym in self._exact.items():
                self._any_case.setdefault(form(name).casefold(), pseudonym)
        self._lengths = sorted({len(name) for name in [*self._exact, *self._any_case]} - {0}, reverse=True)
        self._joined = {joined for name in bare if (joined := "".join(_PART.findall(name.casefold())))}
        self._longest_joined = max(map(len, self._joined), default=0)

    def pseudonym(self, name: str) -> str:
        """Return what stands for a name, be it with or without an ``@``."""
        return f"user-{self._digest(_bare(name))[:_DIGITS]}"

    def _digest(self, name: str) -> str:
        return hmac.digest(self._salt, name.encode("utf-8", "surrogatepass"), "sha256").hex()

    def in_text(self, text: str) -> str:
        """Return a text with pseudonyms where it addresses an author or says whose words it quotes."""
        found = [(match.end(), True) for match in _AT.finditer(text)]
        for start, end in _attributions(text):
            found += [(match.start(), False) for match in _WORD.finditer(text, start, end)]
        parts, done = [], 0
        for start, is_address in sorted(found):
            length, pseudonym = self._name_at(text, start, any_case=is_address) if start >= done else (0, "")
            if length:
                parts += [text[done:start], pseudonym]
                done = start + length
        return "".join([*parts, text[done:]])

    def url(self, address: str | None) -> str | None:
        """Return an address, unless it holds the name of an author."""
        return None if address is None or self._is_in(address) else address

    def id(self, name: str) -> str:
        """Return an id, or another in its place if it holds the name of an author."""
        return f"post-{self._digest(name)[:_ID_DIGITS]}" if self._is_in(name) else name

    def _name_at(self, text: str, start: int, *, any_case: bool) -> tuple[int, str]:
        """Return the length of the longest name that begins at a place, and its pseudonym; 0 if none does."""
        for length in self._lengths:
            name = text[start : start + length]
            if len(name) < length or _goes_on(name, text[start + length : start + length + 1]):
                continue
            pseudonym = self._exact.get(name) or (self._any_case.get(name.casefold()) if any_case else None)
            if pseudonym:
                return length, pseudonym
        return 0, ""

    def _is_in(self, address: str) -> bool:
        """Whether some neighbouring words of an address are together the name of an author."""
        words = _PART.findall(unquote(address).casefold())
        for first in range(len(words)):
            joined = ""
            for place in range(first, len(words)):
                joined += words[place]
                if joined in self._joined:
                    return True
                if len(joined) > self._longest_joined:
                    break
        return any(name in address for name in self._exact if not _PART.search(name))


def _goes_on(name: str, after: str) -> bool:
    """Whether a name is only the beginning of a longer word."""
    return re.search(r"\w\Z", name) is not None and re.match(r"\w", after) is not None


def _bare(name: str) -> str:
    return name.strip().lstrip("@")


def _attributions(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the lines begin and end that may say whose words a quotation is: above it, or its own first line."""
    if ">" not in text:
        return
    # for each line that is not blank where it begins and ends, and how deep its quotation is
    lines: list[tuple[int, int, int]] = []
    for match in _LINE.finditer(text):
        mark = _QUOTE_MARK.match(text, match.start(), match.end())
        start = mark.end() if mark else match.start()
        end = match.start() + len(match[0].rstrip())
        if start < end:
            lines.append((start, end, text.count(">", match.start(), start)))
    for place, (start, end, depth) in enumerate(lines[:-1]):
        depth_before = lines[place - 1][2] if place else 0
        depth_after = lines[place + 1][2]
        is_above = depth_after > depth
        is_first = depth_before < depth <= depth_after
        if (is_above or is_first) and _ATTRIBUTION.fullmatch(text, start, end):
            # "On Monday, Ann" may stand on a line of its own above "wrote:"
            is_second = depth_before == depth and place and text.startswith(("On ", "on "), lines[place - 1][0])
            yield (lines[place - 1][0] if is_second else start), end
