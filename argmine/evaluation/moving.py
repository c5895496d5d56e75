"""Replies put under the post of another thread: off-topic by construction, and synthetic.

Where a reply goes is decided by a hash of its name, so that the same file gives the same moves, whatever else is
done.  The pairs are laid out by topic and, within it, by thread; "anywhere but in one's own topic" is then a
stretch of a ring, and a draw from it costs nothing, however many topics there are.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Literal, NamedTuple, TypeVar

from argmine.evaluation.pairs import Pair

#: Where a reply goes: to another topic, to another thread of its topic, or to any other thread.
Move = Literal["far", "near", "any"]

_Key = TypeVar("_Key", bound=Hashable)

_TRIES = 20  # draws before a reply stays where it is


class _Stretch(NamedTuple):
    """The places of a topic or a thread in the layout."""

    start: int
    end: int


def thread_of(pair: Pair) -> str:
    """Return what names the thread of a pair: its ``thread``, or else the text of the post that it answers."""
    return f"thread {pair.thread}" if pair.thread is not None else f"post {pair.parent}"


def move_replies(pairs: Sequence[Pair], *, to: Move) -> list[Pair]:
    """Put each reply under the post of another pair.

    Parameters
    ----------
    pairs : sequence of Pair
        Real replies of one corpus.
    to : str
        ``"far"``: a post of another topic; ``"near"``: one of the same topic in another thread; ``"any"``: one in
        any other thread, for pairs whose topic is not known.  For the first two, replies without a topic stay out.

    Returns
    -------
    list of Pair
        One for each reply that could be moved, in their order, with the id ``"far:ID"`` or the like, the label
        ``off-topic``, and the thread that the reply comes from.  The post and the title are never those that the
        reply had.
    """
    placed = [pair for pair in pairs if to == "any" or pair.topic is not None]
    layout = sorted(placed, key=lambda pair: (_topic(pair, to), thread_of(pair), _draw(pair, "layout")))
    topics = _stretches([_topic(pair, to) for pair in layout])
    threads = _stretches([(_topic(pair, to), thread_of(pair)) for pair in layout])
    moved = []
    for pair in placed:
        topic = topics[_topic(pair, to)]
        if to == "far":
            around, own = _Stretch(0, len(layout)), topic
        else:
            around, own = topic, threads[_topic(pair, to), thread_of(pair)]
        host = _host(pair, layout, around, own, to)
        if host is not None:
            moved.append(_moved(pair, host, to))
    return moved


def _topic(pair: Pair, to: Move) -> str:
    return "" if to == "any" else str(pair.topic)


def _stretches(keys: Iterable[_Key]) -> dict[_Key, _Stretch]:
    """Return where each key begins and ends among sorted keys."""
    found: dict[_Key, _Stretch] = {}
    for place, key in enumerate(keys):
        found[key] = _Stretch(found[key].start if key in found else place, place + 1)
    return found


def _host(pair: Pair, layout: Sequence[Pair], around: _Stretch, own: _Stretch, to: Move) -> Pair | None:
    """Draw a pair from around that is not in one's own stretch, and whose post and title are others."""
    width = around.end - around.start
    free = width - (own.end - own.start)
    if free == 0:
        return None
    for attempt in range(_TRIES):
        step = own.end - around.start + _draw(pair, f"{to} {attempt}") % free
        host = layout[around.start + step % width]
        other_title = pair.context is None or pair.context != host.context
        if thread_of(pair) != thread_of(host) and pair.parent != host.parent and other_title:
            return host
    return None


def _moved(pair: Pair, host: Pair, to: Move) -> Pair:
    return replace(
        host,
        id=f"{to}:{pair.id}",
        reply=pair.reply,
        reply_author=pair.reply_author,
        label="off-topic",
        thread=pair.thread,
        weight=None,
    )


def _draw(pair: Pair, purpose: str) -> int:
    return int.from_bytes(sha256(f"{purpose}\0{pair.corpus}\0{pair.id}".encode()).digest()[:8])
