"""Find the elements of a page that are the comments of a discussion.

Comments look alike: elements of one tag that share a class ("comment", "message--post"), a numbered id ("comment-12") or a
schema.org type, each with a text and with an author or a date.  Every such group is a candidate; the one whose name
says most plainly that it holds comments, and which has most of them, is taken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from argmine.readers.html_parts import Parts, parts_of
from argmine.readers.html_words import tokens, words, words_of

#: Words that name a comment under an article, and what they say; and those that name a message, the first of which
#: opens the thread.
_COMMENT_WORDS = {
    "comment": 4, "comments": 4, "comtr": 4, "commentaire": 4, "kommentar": 4, "comentario": 4, "reply": 3, "response": 3, "answer": 3, "argument": 3, "opinion": 3,
}  # fmt: skip
_MESSAGE_WORDS = {
    "post": 2,
    "message": 2,
    "status": 2,
    "msg": 2,
    "postcontainer": 2,
    "postbit": 2,
    "topic": 1,
    "entry": 1,
}
#: Words that may stand beside them.
_NEUTRAL = {
    "item", "items", "wrap", "wrapper", "container", "block", "box", "single", "node", "row", "thing", "threaded",
    "thread", "view", "element", "card", "unit", "public", "js", "type", "crawler", "d", "c", "li", "media", "odd",
    "even", "parent", "child", "hentry", "h", "u", "p", "top", "level", "root", "forum", "user", "reader", "byuser",
    "div", "section", "article", "wp", "ui", "list", "renderer", "ytd", "react", "component", "panel", "tree",
    "main", "full",
}  # fmt: skip
_ELSEWHERE = {
    "pingback", "trackback", "recent", "related", "popular", "trending", "recentcomments", "respond", "commentform",
    "sidebar", "breadcrumb", "breadcrumbs",
}  # fmt: skip
_ID_NUMBER = re.compile(r"\A(?P<name>[a-zA-Z][a-zA-Z_-]{0,30}?)[-_]?\d{1,20}\Z")
_COMMENT_TYPE = re.compile(r"schema\.org/(?:Comment|UserComments|Answer)/?\Z")
_SAMPLE = 30


@dataclass(frozen=True)
class Group:
    """The elements of the comments of a page.

    Parameters
    ----------
    blocks : list of lxml element
        In reading order; a reply may lie inside the comment it answers.
    parts : list of Parts
        What each holds.
    opens : bool
        Whether the first of them opens the thread, as in forums; otherwise they stand under an article.
    """

    blocks: list[etree._Element]
    parts: list[Parts]
    opens: bool


def find_group(root: etree._Element) -> Group | None:
    """Find the comments of a page, or ``None``.

    Parameters
    ----------
    root : lxml element
        The page.

    Returns
    -------
    Group or None
        ``None`` if nothing on the page looks like comments.
    """
    candidates = _candidates(root)
    for strength in sorted({strength for strength, _, _ in candidates}, reverse=True):
        found = [(blocks, opens) for its, blocks, opens in candidates if its == strength]
        scored = [(_score(blocks, strength), blocks, opens) for blocks, opens in found]
        score, blocks, opens = max(scored, key=lambda each: each[0])
        if score > 0:
            return _taken_apart(blocks, opens=opens)
    return None


def _taken_apart(blocks: list[etree._Element], *, opens: bool) -> Group:
    inner = frozenset(blocks)
    parts = [parts_of(block, inner) for block in blocks]
    kept = [i for i, each in enumerate(parts) if each.text or each.deleted or each.author or each.dated]
    return Group([blocks[i] for i in kept], [parts[i] for i in kept], opens=opens)


def _candidates(root: etree._Element) -> list[tuple[int, list[etree._Element], bool]]:
    """Return groups of elements that look alike, each with the strength of its name and whether it opens the thread."""
    groups: dict[tuple[str, str], list[etree._Element]] = {}
    kinds: dict[tuple[str, str], tuple[int, bool]] = {}
    for element in _shown(root):
        for name, strength, opens in set(_names(element)):
            key = (str(element.tag), name)
            groups.setdefault(key, []).append(element)
            kinds[key] = (strength, opens)
    return [(*kinds[key][:1], blocks, kinds[key][1]) for key, blocks in groups.items()]


def _shown(root: etree._Element) -> Iterator[etree._Element]:
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        elsewhere = element.tag not in {"html", "body"} and words(element) & _ELSEWHERE
        if element.tag in {"head", "script", "style", "nav", "template", "svg"} or elsewhere:
            walk.skip_subtree()
        elif element.tag not in {
            "a",
            "span",
            "p",
            "button",
            "input",
            "i",
            "b",
            "img",
            "time",
            "h1",
            "h2",
            "h3",
            "h4",
            "ul",
            "ol",
            "td",
        }:
            yield element


def _names(element: etree._Element) -> Iterator[tuple[str, int, bool]]:
    if _COMMENT_TYPE.search(element.get("itemtype") or ""):
        yield "itemtype", 5, False
    for token in tokens(element):
        found = words_of(token)
        units = [word for word in found if word in _COMMENT_WORDS or word in _MESSAGE_WORDS]
        if units and all(word in _NEUTRAL or word in units for word in found) and found[-1] != "comments":
            strength = max(_COMMENT_WORDS.get(word, 0) or _MESSAGE_WORDS[word] for word in units)
            yield " ".join(found), strength, not any(word in _COMMENT_WORDS for word in units)
    match = _ID_NUMBER.match(element.get("id") or "")
    if match:
        yield f"#{match['name']}", 0, False


def _score(blocks: list[etree._Element], strength: int) -> float:
    """Return how many of the elements are comments: have a text, and an author or (weak names: and) a date."""
    if len(blocks) < (1 if strength >= 4 else 2 if strength else 3):
        return 0
    inner = frozenset(blocks)
    sample = blocks[:: max(1, len(blocks) // _SAMPLE)]
    good, merit, teasers = 0, 0.0, 0
    for block in sample:
        parts = parts_of(block, inner)
        signed = (parts.author is not None, parts.dated)
        if (parts.text or parts.deleted) and (all(signed) if strength == 0 else any(signed)):
            good += 1
            merit += sum(signed) / 2
        teasers += strength <= 2 and _is_teaser(block, parts.author)
    if good * 2 < len(sample) or teasers * 2 >= len(sample):
        return 0
    return len(blocks) * merit / len(sample)


def _is_teaser(block: etree._Element, author: str | None) -> bool:
    """Return whether a block has a heading that is a link, and not to its author: a teaser of another page."""
    linked = block.xpath(".//*[self::h1 or self::h2 or self::h3 or self::h4][.//a[@href] or ancestor::a]")
    return any(one_line(each) != author for each in linked)
