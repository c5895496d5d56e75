"""Which posts must be mined again when a thread has changed, and which others they are judged by.

What is mined of a post depends on its own text, author and quotations and on a few earlier posts: the opening post,
the post that it answers, those that it quotes or addresses, and those that these answer (a reader reads them
together).  No stage of argmine looks at later posts, or counts words of the thread.  What a quotation or an address
points to is asked of the quote stage itself; it may change with any earlier post.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from argmine.doc import PostView, Source
from argmine.pipeline.quotes import Quote, Quotes
from argmine.thread import Post

_MOST = 0.5  # of the posts: to mine more of them apart would cost more than to mine the thread


class KnownPost(NamedTuple):
    """What a graph holds of a post, as far as other posts depend on it."""

    id: str
    author: str | None
    reply_to: str | None
    text: str


class Affected(NamedTuple):
    """Places of the posts that must be mined ``again`` and of those ``around`` them that they are judged by.

    ``quotes`` are the quotations of each of them, with sources in the whole thread; of the other posts there are none.
    """

    again: list[int]
    around: list[int]
    quotes: dict[int, list[Quote]]


def find_affected(before: Sequence[KnownPost], after: Sequence[Post], stage: Quotes | None) -> Affected | None:
    """Compare two states of a thread.

    Parameters
    ----------
    before, after : sequence of KnownPost or Post
        The posts in reading order.
    stage : Quotes, optional
        The quote stage of the pipeline, if it has one.

    Returns
    -------
    Affected or None
        ``None`` if so much has changed that the whole thread must be mined.
    """
    start = _first_difference(before, after)
    if start == 0:
        return None  # every post is judged by the opening post
    views = _views(after)
    later = range(start, len(after))
    quotes = _quotes(stage, views, later)
    changed = set(later) - _unchanged(before, after, quotes, stage, start)
    again = {index for index in later if index in changed or _looked_at(views, index, quotes[index]) & changed}
    if len(again) > _MOST * len(after):
        return None
    around = {0}.union(*(_looked_at(views, index, quotes[index]) for index in again)) - again
    quotes |= _quotes(stage, views, around - set(later))
    return Affected(sorted(again), sorted(around), quotes)


def _first_difference(before: Sequence[KnownPost], after: Sequence[Post]) -> int:
    pairs = enumerate(zip(before, after, strict=False))
    return next((place for place, (old, new) in pairs if old != _known(new)), min(len(before), len(after)))


def _known(post: Post) -> KnownPost:
    return KnownPost(post.id, post.author, post.reply_to, post.text)


def _unchanged(
    before: Sequence[KnownPost],
    after: Sequence[Post],
    quotes: dict[int, list[Quote]],
    stage: Quotes | None,
    start: int,
) -> set[int]:
    """Return the places, from ``start`` on, of the posts that were there before with the same quotations."""
    old_place = {post.id: place for place, post in enumerate(before[start:], start)}
    same = {
        place: old_place[post.id]
        for place, post in enumerate(after[start:], start)
        if post.id in old_place and before[old_place[post.id]] == _known(post)
    }
    old_quotes = _quotes(stage, _views(before), same.values()) if same else {}
    return {place for place, old in same.items() if _by_id(quotes[place], after) == _by_id(old_quotes[old], before)}


def _by_id(quotes: list[Quote], posts: Sequence[KnownPost | Post]) -> list[tuple[Quote, list[str]]]:
    """Name the sources of quotations by the ids of their posts, as places differ between two states."""
    return [
        (quote._replace(sources=[source._replace(post=0) for source in quote.sources]), _ids(quote.sources, posts))
        for quote in quotes
    ]


def _ids(sources: list[Source], posts: Sequence[KnownPost | Post]) -> list[str]:
    return [posts[source.post].id for source in sources]


def _looked_at(views: list[PostView], index: int, quotes: list[Quote]) -> set[int]:
    """Return the earlier posts that a post is judged by."""
    nearest = {views[index].parent, 0, *(source.post for quote in quotes for source in quote.sources)}
    found = {place for near in nearest if near is not None for place in (near, views[near].parent)}
    return {place for place in found if place is not None}


def _quotes(stage: Quotes | None, views: list[PostView], places: Collection[int]) -> dict[int, list[Quote]]:
    if stage is None or not places:
        return {place: [] for place in places}
    found = stage.find(views, only=frozenset(places))
    return {place: found[place] for place in places}


def _views(posts: Sequence[KnownPost | Post]) -> list[PostView]:
    """Return posts as the quote stage reads them, without a Doc."""
    place_of = {post.id: place for place, post in enumerate(posts)}
    views: list[PostView] = []
    for index, post in enumerate(posts):
        parent = None if post.reply_to is None else place_of[post.reply_to]
        depth = 0 if parent is None else views[parent].depth + 1
        views.append(PostView(index, post.id, post.author, parent, depth, post.text, 0))
    return views
