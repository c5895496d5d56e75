"""The text of a message without what mail programs and lists add: quotations become lines after ``> ``.

Attributions right before a quotation ("On Monday, Ann Lee wrote:"), signatures, footers of lists and PGP armour are
left out; the message quoted whole under "-----Original Message-----" becomes a quotation.  The phrases are data in
:mod:`argmine.readers.mail_words`.  Everything else stays as it was written.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from argmine.readers import mail_words as words
from argmine.readers.mail_quotes import Line, with_tails_quoted, without_attributions

#: A line is written with so many marks at most.
_DEEPEST = 100
_MARKS = re.compile(r" ?(?:> ?)+")
_BARS = re.compile(r" ?(?:\| ?)+")
_NAME_MARK = re.compile(r" {0,3}([A-Z][\w.'-]{0,19})(>{1,5})(?: |$)")
#: Longer ones are no signatures; and without the blank behind ``--`` it takes less to be a list of something else.
_SIGNATURE_LINES = 10
_DOUBTFUL_SIGNATURE_LINES = 4
_FOOTER_LINES = 8


def plain_text(text: str) -> tuple[str, int]:
    r"""Return the text of a message, and how many attachments an archive has taken from it.

    Examples
    --------
    >>> plain_text("On Monday, Ann wrote:\n>> Pears?\n> Plums!\n\nBoth.\n-- \nBen\n")
    ('> > Pears?\n> Plums!\n\nBoth.', 0)
    """
    lines = _marked(text)
    lines, scrubbed = _without_stubs(lines)
    lines = _without_armour(lines)
    lines = without_attributions(with_tails_quoted(lines))
    lines = _without_signatures(_without_footers(lines))
    return _written(lines), scrubbed


def _marked(text: str) -> list[Line]:
    """Return each line with its depth of quotation, whatever marks say so."""
    given = [line if line in {"-- ", "- -- "} else line.rstrip() for line in re.split(r"\r\n|\r|\n", text)]
    prefixes = Counter(match[1] for line in given if (match := _NAME_MARK.match(line)))
    names = {name for name, count in prefixes.items() if count > 1 and name not in words.PROMPTS}
    lines = []
    for has_bars, run in groupby(given, key=lambda line: line.lstrip(" ").startswith("|")):
        block = list(run)
        quoted = has_bars and not any("|" in _BARS.sub("", line, count=1) for line in block)  # no table
        lines += [_line(line, names=names, bars=quoted) for line in block if not words.SUPERCITE.fullmatch(line)]
    return lines


def _line(line: str, *, names: set[str], bars: bool) -> Line:
    depth = 0
    named = _NAME_MARK.match(line)
    if named is not None and named[1] in names:
        depth, line = len(named[2]), line[named.end() :]
    elif bars and (match := _BARS.match(line)):
        depth, line = match[0].count("|"), line[match.end() :]
    if match := _MARKS.match(line):
        depth, line = depth + match[0].count(">"), line[match.end() :]
    return Line(depth, line)


def _without_stubs(lines: Sequence[Line]) -> tuple[list[Line], int]:
    """Return the lines without what pipermail wrote where a part of the message was, and the number of attachments."""
    kept: list[Line] = []
    scrubbed = 0
    in_stub = after_rule = False
    for line in lines:
        if words.NEXT_PART.fullmatch(line.text):
            in_stub, after_rule = False, True
            continue
        match = words.SCRUBBED.fullmatch(line.text) if after_rule else None
        if match is not None:
            in_stub, after_rule = True, False
            scrubbed += line.depth == 0 and match["kind"] not in {None, "HTML"}
            continue
        in_stub = in_stub and words.SCRUBBED_DETAIL.fullmatch(line.text) is not None
        if line.text:
            after_rule = False
        if not in_stub:
            kept.append(line)
    return kept, scrubbed


def _without_armour(lines: Sequence[Line]) -> list[Line]:
    marks = [(at, match) for at, line in enumerate(lines) if (match := words.ARMOUR.fullmatch(line.text))]
    ends = [at for at, match in marks if match[1] == "END"]
    gone: set[int] = set()
    dashed: set[int] = set()
    past = 0
    for number, (at, match) in enumerate(marks):
        if match[1] == "END" or at < past:
            continue
        if match[2] == "SIGNED MESSAGE":
            behind = marks[number + 1][0] if number + 1 < len(marks) else len(lines)
            headers = next((i for i in range(at + 1, behind) if not lines[i].text.startswith("Hash:")), behind)
            gone.update(range(at, headers))
            dashed.update(range(headers, behind))
        elif (place := bisect_left(ends, at)) < len(ends):
            past = ends[place] + 1
            gone.update(range(at, past))
    return [
        line._replace(text=line.text[2:]) if at in dashed and line.text.startswith("- -") else line
        for at, line in enumerate(lines)
        if at not in gone
    ]


def _without_footers(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without the blocks below a rule that speak of the mailing list."""
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        end = at + 1
        if words.RULE.fullmatch(lines[at].text):
            last = min(len(lines), at + _FOOTER_LINES + 2)
            while end < last and lines[end].text and lines[end].depth == lines[at].depth:
                end += 1
            block = " ".join(line.text for line in lines[at + 1 : end])
            if end - at > _FOOTER_LINES + 1 or not words.LIST_FOOTER.search(block):
                end = at + 1
                kept.append(lines[at])
        else:
            kept.append(lines[at])
        at = end
    return kept


def _without_signatures(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without each short run from ``-- `` to the end of the message or quotation it stands in."""
    kept: list[Line] = []
    for _, group in groupby(lines, key=lambda line: line.depth):
        run = list(group)
        size, end = 0, len(run)
        for at in range(len(run) - 1, -1, -1):
            text = run[at].text
            if text == "-- " or (text == "--" and run[at].depth and size <= _DOUBTFUL_SIGNATURE_LINES):
                end = at
            size += bool(text)
            if size > _SIGNATURE_LINES:
                break
        kept += run[:end]
        if end < len(run):
            kept.append(run[end]._replace(text=""))
    return kept


def _written(lines: Sequence[Line]) -> str:
    """Return the lines as text, without blank lines around it, at the end of a quotation and more than one in a row."""
    kept: list[Line] = []
    for line in lines:
        while kept and kept[-1].depth > line.depth and not kept[-1].text.strip():
            kept.pop()
        if line.text.strip() or (kept and kept[-1].text.strip()):
            kept.append(line)
    while kept and not kept[-1].text.strip():
        kept.pop()
    return "\n".join(f"{'> ' * min(line.depth, _DEEPEST)}{line.text}".rstrip() for line in kept)
