"""What each comment of a page answers.

The signs, the surest first: the comment lies inside another; an attribute names the parent; a link in a quotation or
in an "in reply to" names it; a class, an attribute or the indentation gives the depth; in a page without any of these,
the text begins with "@name".
"""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from argmine.readers.html_parts import Parts, own
from argmine.readers.html_text import is_quote
from argmine.readers.html_words import tokens, words, words_of
from argmine.readers.source import clean_id

_PARENT_ATTRIBUTES = [
    "data-parentid", "data-parent-id", "data-parent", "data-parent-comment-id", "data-reply-to", "data-in-reply-to",
    "data-replyto", "parentid",
]  # fmt: skip
_ID_ATTRIBUTES = [
    "data-id", "data-comment-id", "data-commentid", "data-post-id", "data-postid", "data-message-id", "data-permid",
    "data-fullname", "thingid", "name",
]  # fmt: skip
_DEPTH_ATTRIBUTES = [
    "data-depth", "data-level", "data-nesting", "depth", "indent", "data-indent", "aria-level",
]  # fmt: skip
_DEPTH_TOKEN = re.compile(
    r"\A(?:[a-z-]*[_-])?(?:depth|level|indent|nested|nesting|indentation)[_-]?(?:level)?[_-]?(\d{1,2})\Z", re.IGNORECASE
)
_INDENT_STYLE = re.compile(r"(?:margin|padding)-left\s*:\s*(\d+(?:\.\d+)?)\s*(px|em|rem|%)", re.IGNORECASE)
_LEVEL_TEXT = re.compile(r"\s*level (\d{1,2})\s*", re.IGNORECASE)
_REPLY_WORDS = {"rebuttal", "reply", "replying", "replied", "inreplyto", "parent", "response", "answering"}
_CHILD_WORDS = {
    "children", "replies", "reply", "thread", "threaded", "subthread", "nested", "responses", "child", "sub", "indent",
    "indented",
}  # fmt: skip
_NUMBERS = re.compile(r"\d+|t1_\w+")


def own_ids(blocks: Sequence[etree._Element]) -> list[str | None]:
    """Return the id that the page itself gives each comment; ``None`` where there is none, or a second time."""
    seen: set[str | None] = set()
    ids: list[str | None] = []
    for block in blocks:
        own_id = _own_id(block)
        ids.append(None if own_id in seen else own_id)
        seen.add(own_id)
    return ids


def numbers_of(parents: Sequence[int | None]) -> list[str]:
    """Return the place of each comment as a number: "2" is the second direct comment, "2.1" the first reply to it."""
    numbers: list[str] = []
    children: dict[int | None, int] = {}
    for i, parent in enumerate(parents):
        if parent is not None and parent >= i:  # it answers one further down the page
            parent = None  # noqa: PLW2901
        children[parent] = children.get(parent, 0) + 1
        numbers.append(f"{numbers[parent]}.{children[parent]}" if parent is not None else str(children[parent]))
    return numbers


def _own_id(block: etree._Element) -> str | None:
    for name in _ID_ATTRIBUTES:
        if (value := (block.get(name) or "").strip()) and value != "0":
            return clean_id(value)
    return clean_id(block.get("id") or "") or None


def parents_of(
    blocks: Sequence[etree._Element], parts: Sequence[Parts], ids: Sequence[str | None], *, opener: str
) -> list[int | None]:
    """Return for each comment the index of the one it answers, or ``None`` where it answers the opening post.

    Parameters
    ----------
    blocks : sequence of lxml element
        The comments in reading order.
    parts : sequence of Parts
        What each holds.
    ids : sequence of str or None
        Their own ids.
    opener : str
        Name of the author of the opening post, where that is not the first of the comments.

    Returns
    -------
    list of int or None
        Never the comment itself.
    """
    signs = zip(_by_containment(blocks), _by_reference(blocks, ids), _by_depth(blocks), strict=True)
    found = [next((parent for parent in each if parent is not None), None) for each in signs]
    return found if any(parent is not None for parent in found) else _by_mention(parts, opener)


def _by_containment(blocks: Sequence[etree._Element]) -> list[int | None]:
    index = {block: i for i, block in enumerate(blocks)}
    return [next((index[above] for above in block.iterancestors() if above in index), None) for block in blocks]


def _by_reference(blocks: Sequence[etree._Element], ids: Sequence[str | None]) -> list[int | None]:
    known: dict[str, int] = {}
    for i, (block, own_id) in enumerate(zip(blocks, ids, strict=True)):
        for name in [own_id or "", *(block.get(each) or "" for each in ["id", *_ID_ATTRIBUTES])]:
            if name:
                known.setdefault(name, i)
            if numbers := _NUMBERS.findall(name):
                known.setdefault(numbers[-1], i)
    inner = frozenset(blocks)
    found: list[int | None] = []
    for i, block in enumerate(blocks):
        named = (known.get(reference) for reference in _references(block, inner))
        found.append(next((at for at in named if at is not None and at != i), None))
    return found


def _references(block: etree._Element, inner: frozenset[etree._Element]) -> Iterator[str]:
    """Yield what may be the id, or the number in the id, of the comment that this one answers."""
    for name in _PARENT_ATTRIBUTES:
        value = block.get(name) or ""
        yield from [value, *_NUMBERS.findall(value)[-1:]] if value not in {"", "0"} else []
    for element in own(block, inner):
        if not (is_quote(element) or words(element) & _REPLY_WORDS or _says_in_reply(element)):
            continue
        for each in [element, *element.iter("a")]:
            for name in ("data-source", "data-quote", "cite", "href"):
                yield from _NUMBERS.findall(each.get(name) or "")[-1:]
            # scripts are called with other numbers too: only those long enough to be ids
            yield from re.findall(r"\d{4,}", each.get("onclick") or "")


def _says_in_reply(element: etree._Element) -> bool:
    text = (element.text or "").strip().lower()
    return text.startswith(("in reply to", "replying to", "in response to", "parent")) and len(text) < 60


def _by_depth(blocks: Sequence[etree._Element]) -> list[int | None]:
    """Return the parents that the depths shown by the page amount to; a comment answers the last one less deep."""
    covered: dict[etree._Element, int] = {}
    for block in blocks:
        for above in block.iterancestors():
            covered[above] = covered.get(above, 0) + 1
    inner = frozenset(blocks)
    alone = [[block, *_while_alone(block, covered)] for block in blocks]
    signs = ([sign(each, inner) for each in alone] for sign in _DEPTH_SIGNS)
    depths = next((found for found in signs if len(set(found)) > 1), None)
    if depths is None:
        return [None] * len(blocks)
    lowest = min(depth for depth in depths if depth is not None)
    parents: list[int | None] = []
    stack: list[tuple[float, int]] = []
    for i, depth in enumerate(lowest if depth is None else depth for depth in depths):
        while stack and stack[-1][0] >= depth:
            stack.pop()
        parents.append(stack[-1][1] if stack else None)
        stack.append((depth, i))
    return parents


def _while_alone(block: etree._Element, covered: dict[etree._Element, int]) -> Iterator[etree._Element]:
    for above in block.iterancestors():
        if covered[above] > 1:
            return
        yield above


def _depth_in_names(elements: Sequence[etree._Element], _: frozenset[etree._Element]) -> float | None:
    for element in elements:
        for token in tokens(element):
            if match := _DEPTH_TOKEN.match(token):
                return float(match[1])
        for name in _DEPTH_ATTRIBUTES:
            if re.fullmatch(r"\d{1,2}", element.get(name) or ""):
                return float(element.get(name) or 0)
    return None


def _depth_in_text(elements: Sequence[etree._Element], inner: frozenset[etree._Element]) -> float | None:
    levels = (
        _LEVEL_TEXT.fullmatch(element.text) for element in own(elements[0], inner) if element.text and len(element) == 0
    )
    return next((float(level[1]) for level in levels if level), None)


def _depth_in_style(elements: Sequence[etree._Element], inner: frozenset[etree._Element]) -> float | None:
    for element in elements:
        if match := _INDENT_STYLE.search(element.get("style") or ""):
            return float(match[1])
    # tables are indented by an empty cell or picture of some width
    for element in list(own(elements[0], inner))[:12]:
        width = element.get("width") or ""
        if (
            re.fullmatch(r"\d{1,4}", width)
            and not (element.text or "").strip()
            and element.get("height", "1") in {"1", "0"}
        ):
            return float(width)
    return None


def _depth_in_containers(elements: Sequence[etree._Element], _: frozenset[etree._Element]) -> float | None:
    """Count the containers for replies that a comment lies in."""
    depth = 0
    for above in elements[0].iterancestors():
        found = [set(words_of(token)) for token in tokens(above)]
        depth += above.tag not in {"html", "body"} and any(each & _CHILD_WORDS for each in found)
    return float(depth)


_DEPTH_SIGNS = [_depth_in_names, _depth_in_text, _depth_in_style, _depth_in_containers]


def _by_mention(parts: Sequence[Parts], opener: str) -> list[int | None]:
    """Return the last comment by whom the text addresses; who addresses the opener answers the opening post."""
    last: dict[str, int | None] = {}
    found: list[int | None] = []
    for i, each in enumerate(parts):
        match = re.match(r"@([\w.-]*\w)", each.text)
        found.append(last.get(match[1].lower()) if match else None)
        for name in re.findall(r"[\w.-]*\w", each.names):
            last[name] = i
        last.update(dict.fromkeys(re.findall(r"[\w.-]*\w", opener.lower())))
    return found
