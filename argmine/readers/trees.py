"""Threads that have no name but their opening post, and posts of several of them in one file, told apart."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from argmine.thread import Post, Repair, Thread


def thread_of(
    posts: Iterable[Post], *, notes: Iterable[Repair] = (), titles: Mapping[str, str] | None = None
) -> Thread:
    """Return the thread of some posts, mended where needed, with the id and address of its opening post.

    Parameters
    ----------
    posts : iterable of Post
        At least one.
    notes : iterable of Repair
        Notes of the reader.
    titles : mapping of str to str, optional
        Titles by the id of the opening post.

    Returns
    -------
    Thread
        As from :meth:`Thread.repaired`.
    """
    thread = Thread.repaired(posts, notes=notes)
    opening = thread.opening_post
    title = (titles or {}).get(opening.id) or None
    # an id that is an address is that of the post itself; its url may be what it is about
    address = opening.id if opening.id.startswith(("https://", "http://")) else opening.url
    return thread.model_copy(update={"id": opening.id, "url": address, "title": title})


def threads_of(
    posts: Iterable[Post], *, notes: Iterable[Repair] = (), titles: Mapping[str, str] | None = None
) -> Iterator[Thread]:
    """Yield a thread for each tree of replies, in the order of their first posts.

    Parameters
    ----------
    posts : iterable of Post
        Of any number of threads.
    notes : iterable of Repair
        Those of a post go with its thread, all others with the first thread.
    titles : mapping of str to str, optional
        Titles by the id of the opening post.

    Yields
    ------
    Thread
        As from :func:`thread_of`.
    """
    trees = split_trees(list(posts))
    place = {post.id: i for i, tree in enumerate(trees) for post in tree}
    by_tree: dict[int, list[Repair]] = {}
    for note in notes:
        by_tree.setdefault(place.get(note.post or "", 0), []).append(note)
    for i, tree in enumerate(trees):
        yield thread_of(tree, notes=by_tree.get(i, ()), titles=titles)


def split_trees(posts: Sequence[Post]) -> list[list[Post]]:
    """Return the posts parted by reply tree, in their order; those that answer the same missing post are together.

    Examples
    --------
    >>> posts = [Post(id="a"), Post(id="b"), Post(id="c", reply_to="a"), Post(id="d", reply_to="x")]
    >>> [[post.id for post in tree] for tree in split_trees(posts)]
    [['a', 'c'], ['b'], ['d']]
    """
    towards: dict[str, str] = {}  # a forest in which the posts of one thread come to one end

    def end(name: str) -> str:
        while (above := towards.setdefault(name, name)) != name:
            towards[name] = towards[above]
            name = towards[name]
        return name

    for post in posts:
        if post.reply_to is not None:
            towards[end(post.id)] = end(post.reply_to)
    trees: dict[str, list[Post]] = {}
    for post in posts:
        trees.setdefault(end(post.id), []).append(post)
    return list(trees.values())
