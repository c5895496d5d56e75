"""How stances look, in all formats that are drawn.

The four line colours can be told apart with every common kind of colour blindness (they are close to those of
M. Okabe and K. Ito, "Color Universal Design", 2008, darkened for thin lines on white).  Line styles and arrows
tell the stances apart in print without colour.
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
    "agreement": Look("#00805e", "#d2efe5", "solid", "filled"),
    "rebuttal": Look("#c04a00", "#fbdfcd", "dashed", "bar"),
    "neutral": Look("#0067a8", "#d4e7f5", "dotted", "open"),
    "off-topic": Look("#767676", "#e6e6e6", "dash-dot", "none"),
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
