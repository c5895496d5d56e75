"""Threads: a post and its tree of replies, as frozen pydantic models.

A :class:`Thread` that exists is sound: one opening post, unique ids, every reply answers a post of the thread,
no cycles, and every post stands after the post that it answers.  Data found in the wild is seldom sound;
:meth:`Thread.repaired` mends it and says what it mended.

Nothing here recurses, so a chain of 50,000 replies is as good as any other thread.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    StringConstraints,
    field_validator,
)
from pydantic_core import PydanticCustomError

#: Claim ids are ``"{post id}#{n}"``: a post whose own id has that shape could not be told from a claim.
_CLAIM_LIKE = re.compile(r"#\d+\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")

RepairKind = Literal[
    "missing_parent",
    "duplicate_post",
    "self_reply",
    "reply_cycle",
    "several_roots",
    "no_root",
    "omitted_replies",
    "reader_note",
]


def _without_surrogates(text: str) -> str:
    """Replace lone surrogates, which are no characters and can be neither tokenised nor written."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


#: Text as written, except that each lone surrogate becomes one U+FFFD (no offset moves).
Text = Annotated[str, AfterValidator(_without_surrogates)]


class Post(BaseModel):
    """One post: the opening post of a thread, or a reply.

    Parameters
    ----------
    id : str
        Unique within the thread.  Must not end in ``#`` and digits, which is how claims are named.
    author : str, optional
        Name as shown.
    text : str
        The text as written.  Lines that begin with ``>`` are quotations of earlier posts.
    reply_to : str, optional
        Id of the post that this one answers; ``None``, or an empty text, for the opening post alone.
    created_at : datetime, optional
        With a time zone.
    url : str, optional
        Address of the post.
    deleted : bool
        Whether the post was deleted or removed, or is only known because others answer it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[Text, StringConstraints(min_length=1)]
    author: Text | None = None
    text: Text = ""
    reply_to: Text | None = None
    created_at: AwareDatetime | None = None
    url: Text | None = None
    deleted: bool = False

    @field_validator("reply_to", mode="before")
    @classmethod
    def _none_if_empty(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("id", "reply_to")
    @classmethod
    def _not_claim_like(cls, value: str | None) -> str | None:
        if value is not None and _CLAIM_LIKE.search(value):
            raise PydanticCustomError(
                "claim_like_id", "post id '{post}' ends like a claim id ('#' and a number)", {"post": value}
            )
        return value


class Repair(BaseModel):
    """One thing that was mended, or left out, while a thread was read.

    Parameters
    ----------
    kind : str
        What was wrong, as a slug: ``missing_parent``, ``duplicate_post``, ``self_reply``, ``reply_cycle``,
        ``several_roots``, ``no_root``, ``omitted_replies`` or ``reader_note``.
    post : str, optional
        Id of the post concerned.
    detail : str
        What was done, in words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: RepairKind
    post: Text | None = None
    detail: Text


class Thread(BaseModel):
    """A discussion thread: one opening post and the tree of its replies.

    Parameters
    ----------
    id : str
        Names the thread.
    title : str, optional
        Title of the page or topic.
    url : str, optional
        Address of the thread.
    posts : sequence of Post
        In reading order.  A post that stands before the post it answers is moved to just behind it.
    repairs : sequence of Repair
        What was mended when the thread was read.

    Raises
    ------
    pydantic.ValidationError
        With one of the types ``no_root``, ``several_roots``, ``duplicate_post``, ``dangling_reply``
        or ``reply_cycle``, and the id of the post at fault.

    Examples
    --------
    >>> thread = Thread(posts=[
    ...     Post(id="a", author="Ann", text="Cats are better."),
    ...     Post(id="b", author="Ben", text="No, dogs are.", reply_to="a"),
    ... ])
    >>> [post.id for post in thread.children("a")]
    ['b']
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Text = "thread"
    title: Text | None = None
    url: Text | None = None
    posts: tuple[Post, ...]
    repairs: tuple[Repair, ...] = ()

    @field_validator("posts")
    @classmethod
    def _one_reply_tree(cls, posts: tuple[Post, ...]) -> tuple[Post, ...]:
        _check_roots(posts)
        known = _check_ids(posts)
        for post in posts:
            if post.reply_to is not None and post.reply_to not in known:
                raise PydanticCustomError(
                    "dangling_reply",
                    "post '{post}' replies to '{reply_to}', which is not in the thread",
                    {"post": post.id, "reply_to": post.reply_to},
                )
        ordered = _parents_first(posts)
        if len(ordered) < len(posts):
            placed = {post.id for post in ordered}
            stuck = next(post.id for post in posts if post.id not in placed)
            raise PydanticCustomError(
                "reply_cycle", "post '{post}' answers itself through its own replies", {"post": stuck}
            )
        return tuple(ordered)

    @classmethod
    def repaired(
        cls,
        posts: Iterable[Post],
        *,
        id: str = "thread",  # noqa: A002 - the field's own name
        title: str | None = None,
        url: str | None = None,
        notes: Iterable[Repair] = (),
    ) -> Self:
        """Build a thread from posts that need not form a tree, and say what was mended.

        Nothing is refused and no post with text of its own is left out.  The rules, in this order:

        1. A second post with an id already used is left out if its text is the same, else kept under the id
           ``"{id}~2"`` (``~3``, …); replies stay with the first.
        2. A post that answers itself loses that link and is treated as a root.
        3. A missing parent becomes an empty post with ``deleted=True``.
        4. In a cycle, the post that stands first loses its link and is treated as a root.
        5. Of several roots the first post that came without a parent is the opening post, or failing that the
           first placeholder, or failing that the first post; the other roots answer it.

        Parameters
        ----------
        posts : iterable of Post
            At least one.
        id, title, url : str
            As for :class:`Thread`.
        notes : iterable of Repair
            Notes of the reader, put before the repairs made here.

        Returns
        -------
        Thread
            Sound, with ``repairs`` filled.
        """
        repairs = list(notes)
        mended = _mend_links(_without_duplicates(posts, repairs), repairs)
        return cls(id=id, title=title, url=url, posts=tuple(mended.values()), repairs=tuple(repairs))

    @cached_property
    def _by_id(self) -> dict[str, Post]:
        return {post.id: post for post in self.posts}

    @cached_property
    def _children(self) -> dict[str, tuple[Post, ...]]:
        found: dict[str, list[Post]] = {post.id: [] for post in self.posts}
        for post in self.posts:
            if post.reply_to is not None:
                found[post.reply_to].append(post)
        return {key: tuple(value) for key, value in found.items()}

    @cached_property
    def _depths(self) -> dict[str, int]:
        depths: dict[str, int] = {}
        for post in self.posts:  # parents stand first
            depths[post.id] = 0 if post.reply_to is None else depths[post.reply_to] + 1
        return depths

    @property
    def opening_post(self) -> Post:
        """The post that every other one answers, directly or not."""
        return self.posts[0]

    def post(self, id: str) -> Post:  # noqa: A002 - the field's own name
        """Return the post with this id; ``KeyError`` if there is none."""
        return self._by_id[id]

    def children(self, id: str) -> tuple[Post, ...]:  # noqa: A002
        """Return the direct replies to a post, in reading order."""
        return self._children[id]

    def ancestors(self, id: str) -> Iterator[Post]:  # noqa: A002
        """Yield the posts above a post, the nearest first, the opening post last."""
        parent = self._by_id[id].reply_to
        while parent is not None:
            yield self._by_id[parent]
            parent = self._by_id[parent].reply_to

    def depth(self, id: str) -> int:  # noqa: A002
        """Return the number of replies between a post and the opening post; 0 for the opening post."""
        return self._depths[id]

    def walk(self) -> Iterator[Post]:
        """Yield every post, each one's replies right behind it (depth first), as an indented page shows them."""
        waiting = [self.opening_post]
        while waiting:
            post = waiting.pop()
            yield post
            waiting.extend(reversed(self._children[post.id]))

    def branches(self) -> Iterator["Thread"]:
        """Yield, for each direct reply to the opening post, a thread of the opening post and that reply's subtree."""
        branch_of: dict[str, int] = {}
        branches: list[list[Post]] = []
        for post in self.posts[1:]:
            if post.reply_to == self.opening_post.id:
                branch_of[post.id] = len(branches)
                branches.append([self.opening_post])
            else:
                branch_of[post.id] = branch_of[str(post.reply_to)]
            branches[branch_of[post.id]].append(post)
        for posts in branches:
            yield Thread(id=f"{self.id}/{posts[1].id}", title=self.title, url=self.url, posts=tuple(posts))


def _check_roots(posts: tuple[Post, ...]) -> None:
    roots = [post.id for post in posts if post.reply_to is None]
    if not roots:
        raise PydanticCustomError("no_root", "no opening post: a thread needs one post without reply_to")
    if len(roots) > 1:
        raise PydanticCustomError(
            "several_roots",
            "post '{post}' answers nothing, but post '{root}' already opens the thread",
            {"post": roots[1], "root": roots[0]},
        )


def _check_ids(posts: tuple[Post, ...]) -> set[str]:
    counts = Counter(post.id for post in posts)
    for post_id, count in counts.items():
        if count > 1:
            raise PydanticCustomError(
                "duplicate_post", "{count} posts have the id '{post}'", {"count": count, "post": post_id}
            )
    return set(counts)


def _parents_first(posts: tuple[Post, ...]) -> list[Post]:
    """Order posts so that parents stand first, moving as few as possible; posts in a cycle are left out."""
    ordered: list[Post] = []
    placed: set[str] = set()
    waiting: dict[str, list[Post]] = {}
    for post in posts:
        if post.reply_to is not None and post.reply_to not in placed:
            waiting.setdefault(post.reply_to, []).append(post)
            continue
        stack = [post]
        while stack:
            here = stack.pop()
            ordered.append(here)
            placed.add(here.id)
            stack.extend(reversed(waiting.pop(here.id, [])))
    return ordered


def _without_duplicates(posts: Iterable[Post], repairs: list[Repair]) -> dict[str, Post]:
    kept: dict[str, Post] = {}
    for post in posts:
        if post.id not in kept:
            kept[post.id] = post
            continue
        if post.text == kept[post.id].text:
            repairs.append(Repair(kind="duplicate_post", post=post.id, detail="the same post again: left out"))
            continue
        number = 2
        while (new_id := f"{post.id}~{number}") in kept:
            number += 1
        kept[new_id] = post.model_copy(update={"id": new_id})
        repairs.append(
            Repair(kind="duplicate_post", post=new_id, detail=f"another post with the id '{post.id}': renamed")
        )
    return kept


def _mend_links(posts: dict[str, Post], repairs: list[Repair]) -> dict[str, Post]:
    """Return the posts as one reply tree (rules 2 to 5 of ``Thread.repaired``)."""
    natural_root = next((post.id for post in posts.values() if post.reply_to is None), None)
    linked: dict[str, Post] = {}
    placeholders: set[str] = set()
    for post in posts.values():
        parent = post.reply_to
        if parent == post.id:
            linked[post.id] = post.model_copy(update={"reply_to": None})
            repairs.append(Repair(kind="self_reply", post=post.id, detail="answered itself: link cut"))
            continue
        if parent is not None and parent not in posts and parent not in placeholders:
            placeholders.add(parent)
            linked[parent] = Post(id=parent, deleted=True)
            repairs.append(
                Repair(
                    kind="missing_parent",
                    post=parent,
                    detail=f"answered by '{post.id}' but missing: put in empty",
                )
            )
        linked[post.id] = post
    _cut_cycles(linked, repairs)
    root = natural_root or next((key for key in linked if key in placeholders), None) or next(iter(linked), None)
    if root is None:
        return linked
    if natural_root is None:
        linked[root] = linked[root].model_copy(update={"reply_to": None})
        repairs.append(Repair(kind="no_root", post=root, detail="no opening post: this one was taken"))
    for post in list(linked.values()):
        if post.reply_to is None and post.id != root:
            linked[post.id] = post.model_copy(update={"reply_to": root})
            if post.id not in placeholders:
                repairs.append(Repair(kind="several_roots", post=post.id, detail=f"made a reply to '{root}'"))
    return linked


def _cut_cycles(posts: dict[str, Post], repairs: list[Repair]) -> None:
    done: set[str] = set()
    for start in posts:
        path: dict[str, None] = {}  # an ordered set
        here: str | None = start
        while here is not None and here not in done:
            if here in path:
                # the loop is the path from `here` on; `start` scans in order, so `here` stands first in it
                posts[here] = posts[here].model_copy(update={"reply_to": None})
                repairs.append(
                    Repair(kind="reply_cycle", post=here, detail="answered itself through its replies: link cut")
                )
                break
            path[here] = None
            here = posts[here].reply_to
        done.update(path)
