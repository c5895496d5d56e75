"""Which message answers which: by the ids that their headers name, and failing that by their subjects.

A message answers the nearest of the messages it names that is in the file: the one in ``In-Reply-To``, then those in
``References``, the last first.  If none is, but other messages name the same missing one, they answer it together.
Otherwise a reply answers the first earlier message with the same subject.  A message is taken for a reply if its
subject has a mark such as ``Re:``, if it names messages or if it quotes, so that the monthly reminders of a list do
not become one thread.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from argmine.readers.mail_message import Message
from argmine.thread import Repair


class Link(NamedTuple):
    """A message by its place, and the id of what it answers."""

    place: int
    reply_to: str | None


class _Parent(NamedTuple):
    """What a message answers: a message by its place, or a missing one by its id; both ``None`` if it answers none."""

    place: int | None = None
    missing: str | None = None
    by_subject: bool = False
    is_far: bool = False  # a nearer one is missing


def threads_of(messages: Sequence[Message]) -> Iterator[tuple[list[Link], list[Repair]]]:
    """Yield for each thread its messages, in the order of the file, and what was assumed."""
    parents = _parents(messages)
    for places in _grouped(messages, parents):
        links = []
        for place in places:
            parent = parents[place]
            reply_to = parent.missing if parent.place is None else messages[parent.place].id
            links.append(Link(place, reply_to))
        yield links, _notes(messages, [(place, parents[place]) for place in places])


def _parents(messages: Sequence[Message]) -> list[_Parent]:
    places = _first_places(messages)
    missing = _missing(messages, places)
    by_topic: dict[str, int] = {}
    found: list[_Parent] = []
    for place, message in enumerate(messages):
        known = next((answer for answer in message.answers if answer in places), None)
        parent = _Parent()
        if known is not None:
            parent = _Parent(places[known], is_far=known != message.answers[0])
        elif place in missing:
            parent = _Parent(missing=missing[place])
        elif message.is_reply and message.topic in by_topic:
            parent = _Parent(by_topic[message.topic], by_subject=True)
        found.append(parent)
        if message.topic:
            by_topic.setdefault(message.topic, place)
    return found


def _first_places(messages: Sequence[Message]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, message in enumerate(messages):
        if message.has_id:
            places.setdefault(message.id, place)
    return places


def _missing(messages: Sequence[Message], places: dict[str, int]) -> dict[int, str]:
    """Return for messages that name missing ones alone the one that most others name, if any other does."""
    lost = {
        place: message.answers
        for place, message in enumerate(messages)
        if message.answers and not any(answer in places for answer in message.answers)
    }
    named = Counter(answer for answers in lost.values() for answer in answers)
    chosen = {place: max(answers, key=named.__getitem__) for place, answers in lost.items()}  # the nearest of equals
    answered = Counter(chosen.values())
    return {place: answer for place, answer in chosen.items() if answered[answer] > 1}


def _grouped(messages: Sequence[Message], parents: Sequence[_Parent]) -> list[list[int]]:
    """Return the places of each thread's messages, joined by what they answer and by ids that came twice."""
    leaders = list(range(len(messages)))

    def leader_of(place: int) -> int:
        while leaders[place] != place:
            leaders[place] = leaders[leaders[place]]
            place = leaders[place]
        return place

    firsts = _first_places(messages)
    met: dict[str, int] = {}
    for place, (message, parent) in enumerate(zip(messages, parents, strict=True)):
        joined = [firsts[message.id]] if message.has_id else []
        if parent.place is not None:
            joined.append(parent.place)
        elif parent.missing is not None:
            joined.append(met.setdefault(parent.missing, place))
        for other in joined:
            one, two = sorted((leader_of(place), leader_of(other)))
            leaders[two] = one
    groups: dict[int, list[int]] = {}
    for place in range(len(messages)):
        groups.setdefault(leader_of(place), []).append(place)
    return list(groups.values())


def _notes(messages: Sequence[Message], members: Sequence[tuple[int, _Parent]]) -> list[Repair]:
    by_subject = sum(parent.by_subject for _, parent in members)
    far = sum(parent.is_far for _, parent in members)
    lost = sum(bool(messages[place].answers) and parent.place is None for place, parent in members)
    details = {
        "put below the first message of the same subject, which is an assumption": by_subject,
        "put below an earlier message, because the one answered is not in the file": far,
        "without what they answer, which is not in the file": lost,
    }
    return [Repair(kind="reader_note", detail=f"{what} (messages: {n})") for what, n in details.items() if n]
