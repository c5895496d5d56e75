"""Posts that came in any order: whose thread each belongs to, and the order in which a page shows them."""

from collections.abc import Mapping, Sequence

from argmine.thread import Post


def root_of(post_id: str, parents: Mapping[str, str | None], roots: dict[str, str]) -> str:
    """Return the id of the topmost post above a post, be it there or only named by a reply.

    Parameters
    ----------
    post_id : str
        The post.
    parents : mapping of str to str or None
        What each post answers.
    roots : dict of str to str
        What was found so far, to which this adds; begin with an empty one.

    Returns
    -------
    str
        In a cycle the post that was asked for first.
    """
    path: dict[str, None] = {}  # an ordered set
    here = post_id
    while here not in roots and here not in path:
        path[here] = None
        here = parents.get(here) or here
    root = roots.get(here, here)
    roots.update(dict.fromkeys(path, root))
    return root


def in_reading_order(root: str, posts: Sequence[Post], *, ranks: Mapping[str, Sequence[str]]) -> list[Post]:
    """Return the posts of a thread, each followed by the replies to it.

    Parameters
    ----------
    root : str
        Id of the post above all others.
    posts : sequence of Post
        All below it, as :func:`root_of` finds them.
    ranks : mapping of str to sequence of str
        The ids of the replies to a post, in order, if known; other replies follow as they came.

    Examples
    --------
    >>> posts = [Post(id="c", reply_to="a"), Post(id="d", reply_to="b"), Post(id="b", reply_to="a"), Post(id="a")]
    >>> [post.id for post in in_reading_order("a", posts, ranks={"a": ["b"]})]
    ['a', 'b', 'd', 'c']
    """
    by_id: dict[str, list[Post]] = {}
    replies: dict[str, dict[str, None]] = {}
    for post in posts:
        by_id.setdefault(post.id, []).append(post)
        if post.reply_to is not None:
            replies.setdefault(post.reply_to, {})[post.id] = None
    ordered: list[Post] = []
    waiting = [root]
    seen = set()
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        ordered += by_id.get(here, [])
        place = {reply: number for number, reply in enumerate(ranks.get(here, ()))}
        waiting += sorted(replies.get(here, ()), key=lambda reply: place.get(reply, len(place)))[::-1]
    return ordered
