"""Quotations in messages: what is written above them, and older messages quoted whole without marks."""

from collections.abc import Sequence
from typing import NamedTuple

from argmine.readers import mail_words as words

#: An attribution is broken into so many lines at most, and is not longer.
_ATTRIBUTION_LINES = 3
_LONGEST_ATTRIBUTION = 300


class Line(NamedTuple):
    """A line without its marks of quotation, and how many of them it had."""

    depth: int
    text: str


def with_tails_quoted(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with what stands under "-----Original Message-----", or such headers, one quotation deeper."""
    kept: list[Line] = []
    bases: list[int] = []  # the depths at which tails began that have not ended
    at = 0
    while at < len(lines):
        line = lines[at]
        while bases and line.depth < bases[-1]:
            bases.pop()
        behind = _behind_tail_mark(lines, at)
        if behind > at:
            following = next((each for each in lines[behind : behind + 5] if each.text), None)
            if following is not None and following.depth == line.depth:  # else it has marks of its own
                bases.append(line.depth)
            if kept and words.RULE.fullmatch(kept[-1].text):
                kept.pop()
            kept.append(Line(0, ""))
            at = behind
            continue
        kept.append(line._replace(depth=line.depth + len(bases)))
        at += 1
    return kept


def _behind_tail_mark(lines: Sequence[Line], at: int) -> int:
    """Return the place behind the mark of a tail and the headers below it; ``at`` if no tail begins there."""
    depth = lines[at].depth
    marked = words.TAIL.fullmatch(lines[at].text) is not None
    if not marked and (words.LABEL.match(lines[at].text) is None or not _begins_block(lines, at)):
        return at
    end = at + marked
    while marked and end < min(len(lines), at + 3) and not lines[end].text:
        end += 1
    found: list[str | None] = []
    while end < len(lines) and lines[end].depth == depth:
        label = words.LABEL.match(lines[end].text)
        if label is None and not (found and lines[end].text[:1] in {" ", "\t"}):
            break
        found.append(label.lastgroup if label else None)
        end += 1
    if marked:
        return end
    return end if found[0] == "from" and "sent" in found and "other" in found else at


def _begins_block(lines: Sequence[Line], at: int) -> bool:
    return at == 0 or not lines[at - 1].text or words.RULE.fullmatch(lines[at - 1].text) is not None


def without_attributions(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without those that say whose words the quotation right below them is."""
    lines = _rejoined(lines)
    kept: list[Line] = []
    for line in lines:
        if line.depth and line.text:
            _drop_attribution(kept, depth=line.depth)
        kept.append(line)
    return kept


def _rejoined(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with attributions mended whose last line, ``> wrote:``, came to look like a quotation."""
    kept: list[Line] = []
    for line in lines:
        if (
            kept
            and line.depth == kept[-1].depth + 1
            and words.SAID_ALONE.fullmatch(line.text)
            and kept[-1].text.rfind("<") > kept[-1].text.rfind(">")
        ):
            kept[-1] = kept[-1]._replace(text=f"{kept[-1].text}> {line.text}")
        else:
            kept.append(line)
    return kept


def _drop_attribution(kept: list[Line], *, depth: int) -> None:
    """Take an attribution, and the blank lines below it, from the end of lines before a quotation of some depth."""
    end = len(kept)
    while end and len(kept) - end < 2 and not kept[end - 1].text:
        end -= 1
    if not end or not kept[end - 1].text or kept[end - 1].depth >= depth:
        return
    run = 1
    while (
        run < _ATTRIBUTION_LINES
        and run < end
        and kept[end - run - 1].text
        and kept[end - run - 1].depth == kept[end - 1].depth
    ):
        run += 1
    for size in range(run, 0, -1):
        if _is_attribution([line.text for line in kept[end - size : end]]):
            del kept[end - size :]
            return


def _is_attribution(lines: Sequence[str]) -> bool:
    whole = " ".join(line.strip() for line in lines)
    if len(whole) > _LONGEST_ATTRIBUTION or not whole.endswith((":", "]")):
        return False
    if words.DATED.fullmatch(whole):
        return len(lines) == 1 or words.DATED_BEGINNING.match(lines[0].strip()) is not None
    if len(lines) > 1:
        return False
    named = words.NAMED.fullmatch(whole)
    return words.NAMED_FIRST.fullmatch(whole) is not None or (named is not None and _is_name(named["who"]))


def _is_name(text: str) -> bool:
    """Return whether words are a name, perhaps with an address or a remark in brackets behind it."""
    parts = text.partition("<")[0].partition("(")[0].partition("[")[0].split()
    if not parts:
        return bool(text)
    if any("@" in part for part in parts) or parts[1:2] == ["at"]:
        return len(parts) <= 3
    bare = [part.strip("\"'“”‘’*,.") for part in parts]
    if len(bare) > 6 or bare[0].lower() in words.NO_NAMES:
        return False
    return all(part[:1].isupper() or part.lower() in words.PARTICLES or not part for part in bare)
