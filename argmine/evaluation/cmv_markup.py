"""The markup of change-my-view-modes, read forgivingly: title, posts, and the annotated stretches of each.

Some files of the corpus are no sound XML (bare ``&``, a reply that is never closed, annotations behind the
end), and a recovering XML parser drops text.  So the few tags of the format are read for themselves, and
everything between them is text.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape

_TOKEN = re.compile(r"<!--.*?-->|<\?.*?\?>|<(/?)(thread|title|source|OP|reply|claim|premise)\b([^<>]*)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|amp|lt|gt|quot|apos);")
_ROLES = ("claim", "premise")


@dataclass
class Unit:
    """An annotated stretch of a part; ``start`` and ``end`` are character offsets into the part's text.

    Parameters
    ----------
    role : str
        ``claim`` or ``premise``.
    attributes : dict
        Of its tag.
    start, end : int
        ``end`` is -1 while the stretch is not closed.
    """

    role: str
    attributes: dict[str, str]
    start: int
    end: int = -1


@dataclass
class Part:
    """The title, the source, the opening post or a reply.

    Parameters
    ----------
    tag : str
        ``title``, ``source``, ``OP`` or ``reply``.
    attributes : dict
        Of its tag.
    text : str
        Without markup and outer white space.
    units : list of Unit
        By their beginnings, longer ones first, without outer white space.
    """

    tag: str
    attributes: dict[str, str]
    text: str = ""
    units: list[Unit] = field(default_factory=list)


def read_parts(content: str, notes: Counter[str]) -> tuple[dict[str, str], list[Part]]:
    """Cut the content of a file into parts.

    Parameters
    ----------
    content : str
        Of the file.
    notes : Counter
        Is filled with what was met that is not as it should be.

    Returns
    -------
    attributes : dict
        Of the thread as a whole.
    parts : list of Part
        In the order of the file.
    """
    root: dict[str, str] = {}
    parts: list[Part] = []
    here: Part | None = None
    position = 0
    for token in _TOKEN.finditer(content):
        if here is not None:
            here.text += _decoded(content[position : token.start()])
        position = token.end()
        closing, tag, inside = token.groups()
        if tag is None:
            notes["comment of the annotators left out"] += token.group().startswith("<!--")
        elif tag in _ROLES:
            _read_unit(here, tag, bool(closing), inside, notes)
        elif tag == "thread":
            root = root or _attributes(inside)
            here = None if closing else here
        elif closing:
            notes["closing tag without an opening one"] += here is None or here.tag != tag
            here = None
        else:
            notes["post without a closing tag"] += here is not None
            here = Part(tag, _attributes(inside))
            parts.append(here)
    for part in parts:
        _trim(part, notes)
    return root, parts


def _decoded(text: str) -> str:
    return _ENTITY.sub(lambda match: unescape(match.group()), text)


def _attributes(inside: str) -> dict[str, str]:
    return {name: _decoded(one or two) for name, one, two in _ATTRIBUTE.findall(inside)}


def _read_unit(here: Part | None, role: str, closing: bool, inside: str, notes: Counter[str]) -> None:
    if here is None:
        notes["annotation outside the posts left out"] += not closing
        return
    still_open = [unit for unit in here.units if unit.end < 0]
    if not closing:
        notes["annotation inside another"] += bool(still_open)
        here.units.append(Unit(role, _attributes(inside), len(here.text)))
        return
    opened = next((unit for unit in reversed(still_open) if unit.role == role), None)
    notes["closing tag without an opening one"] += opened is None
    if opened is not None:
        opened.end = len(here.text)


def _trim(part: Part, notes: Counter[str]) -> None:
    """Take outer white space from the text and from each stretch; a stretch without words is left out."""
    shift = len(part.text) - len(part.text.lstrip())
    kept = []
    for unit in part.units:
        notes["annotation without a closing tag"] += unit.end < 0
        inside = part.text[unit.start : unit.end if unit.end >= 0 else len(part.text)]
        unit.start += len(inside) - len(inside.lstrip()) - shift
        unit.end = unit.start + len(inside.strip())
        has_words = any(char.isalnum() for char in inside)
        notes["annotation without words left out"] += not has_words
        if has_words:
            kept.append(unit)
    part.text = part.text.strip()
    part.units = sorted(kept, key=lambda unit: (unit.start, -unit.end))
