"""How stances look, in all formats that are drawn.

Green, orange and purple, close to those of M. Okabe and K. Ito ("Color Universal Design", 2008) and darkened for thin
lines on white, and a grey can be told apart with every common kind of colour blindness.  Line styles and arrows tell
the stances apart in print without colour.  The page to read (``page/page.css``) has the same colours.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Look(NamedTuple):
    """How one stance is drawn."""

    line: str
    """Colour of lines, ``#rrggbb``."""
    fill: str
    """Light tint of the colour, for what has black text on it."""
    style: str
    """``solid``, ``dashed``, ``dotted`` or ``dash-dot``."""
    arrow: str
    """``filled``, ``bar``, ``open`` or ``none``."""


LOOKS = {
    "agreement": Look("#006e55", "#d2efe5", "solid", "filled"),
    "rebuttal": Look("#b23f00", "#fbdfcd", "dashed", "bar"),
    "neutral": Look("#57606a", "#e8ebee", "dotted", "open"),
    "off-topic": Look("#8b3f86", "#f3e3f2", "dash-dot", "none"),
}
#: Of everything without a stance: posts, opening claims, ``contains`` and ``supports`` edges.
PLAIN = Look("#4d4d4d", "#ffffff", "solid", "filled")
FAINT = Look("#b8b8b8", "#ffffff", "solid", "none")


def look_of(attributes: Mapping[str, Any]) -> Look:
    """Return how to draw a node or an edge."""
    if attributes.get("kind") == "contains":
        return FAINT
    return LOOKS.get(attributes.get("stance", ""), PLAIN)


def red_green_blue(colour: str) -> tuple[int, int, int]:
    """Return the three parts of a colour, each of 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
