"""Small files shaped like those of the fediverse and of chats, with texts of their own."""

from typing import Any

NADIA, EMIL = "https://isle.example/users/nadia", "https://shore.example/u/emil"


def status(number: int, content: str, *, answers: int | None = None, by: str = "nadia", **more: Any) -> dict[str, Any]:
    """Return a status as the API of Mastodon serves it."""
    return {
        "id": str(number),
        "created_at": f"2023-05-01T10:{number % 60:02}:00.000Z",
        "in_reply_to_id": None if answers is None else str(answers),
        "in_reply_to_account_id": None,
        "spoiler_text": "",
        "url": f"https://isle.example/@{by}/{number}",
        "content": content,
        "reblog": None,
        "account": {"id": "1", "username": by, "acct": by, "display_name": by.title()},
        "media_attachments": [],
    } | more


CONTEXT = {
    "ancestors": [status(11, "<p>The library should open on Sundays.</p>")],
    "descendants": [
        status(13, "<p>Then hire two people.</p>", answers=12, by="emil@shore.example"),
        status(14, "<p>Who pays them?</p>", answers=13, spoiler_text="Money"),
        status(15, "<p>I would come.</p>", answers=12),
    ],
}
STATUS = status(12, "<p>Nobody works there on Sundays,<br>as it is.</p>", answers=11, by="emil@shore.example")


def note(number: int, content: str, *, answers: Any = None, **more: Any) -> dict[str, Any]:
    """Return a note of ActivityPub."""
    return {
        "@context": ["https://www.w3.org/ns/activitystreams"],
        "id": f"https://isle.example/notes/{number}",
        "type": "Note",
        "inReplyTo": f"https://isle.example/notes/{answers}" if isinstance(answers, int) else answers,
        "published": f"2023-05-01T10:{number:02}:00Z",
        "attributedTo": NADIA,
        "content": content,
    } | more


PAGE = note(
    1,
    "<p>Bread from the village oven keeps for a <em>week</em>.</p>",
    type="Page",
    name="Is the oven worth it?",
    attributedTo=[{"type": "Group", "id": "https://isle.example/c/food"}, {"type": "Person", "id": EMIL}],
)
CREATE = {
    "type": "Create",
    "id": "https://shore.example/a/1",
    "actor": EMIL,
    "object": note(2, "<p>So?</p>", answers=1),
}
LIKE = {"type": "Like", "id": "https://shore.example/a/2", "actor": EMIL, "object": "https://isle.example/notes/1"}
OUTBOX = {
    "@context": "https://www.w3.org/ns/activitystreams",
    "type": "OrderedCollection",
    "orderedItems": [PAGE, CREATE, LIKE, note(5, "<p>Rain at last.</p>"), note(3, "<p>Not mine.</p>", answers=2)],
}


def comment(path: str, content: str, *, by: str = "nadia", **more: Any) -> dict[str, Any]:
    """Return the view of a comment as Lemmy serves it."""
    number = int(path.rpartition(".")[2])
    inner = {"id": number, "post_id": 12, "content": content, "path": path, "deleted": False, "removed": False}
    inner |= {"published": "2023-05-01T10:00:00.123456Z", "ap_id": f"https://isle.example/comment/{number}"}
    return {"comment": inner | more, "creator": {"name": by, "local": True}, "post": POST}


POST = {
    "id": 12,
    "name": "Should the mill run at night?",
    "body": "It is *loud*.\n\n> It always was.",
    "ap_id": "https://isle.example/post/12",
    "published": "2023-05-01T09:00:00Z",
}
POST_VIEW = {"post": POST, "creator": {"name": "wren", "local": True}, "counts": {"comments": 4}}
LEMMY = {
    "post_view": POST_VIEW,
    "comments": [
        comment("0.34", "No, people sleep."),
        comment("0.34.35", "Not on the hill.", by="emil"),
        comment("0.12", "Yes.", deleted=True),
        comment("0.34.36.37", "Windows can be shut."),
    ],
}


def message(number: int, text: str, *, root: int | None = None, **more: Any) -> dict[str, Any]:
    """Return a message of Slack."""
    found: dict[str, Any] = {"type": "message", "user": f"U{number}", "text": text, "ts": f"150000000{number}.000100"}
    return found | ({} if root is None else {"thread_ts": f"150000000{root}.000100"}) | more


SLACK = {
    "ok": True,
    "messages": [
        message(3, "&gt; Tea?\n<@U1|ann>: no, R&amp;D says <https://tea.example/a|this>", root=1),
        message(2, "Unrelated."),
        message(1, "Tea for the office?", root=1, user_profile={"display_name": "Ann", "real_name": "Ann Lee"}),
        message(4, "Yes, <!here> in <#C1|kitchen>", root=1),
    ],
    "has_more": False,
}


def channel_post(number: int, text: str, *, root: int | None = None, **more: Any) -> dict[str, Any]:
    """Return a post of Mattermost."""
    return {
        "id": f"post{number}",
        "create_at": 1500000000000 + number,
        "delete_at": 0,
        "user_id": f"user{number}",
        "channel_id": "kitchen",
        "root_id": "" if root is None else f"post{root}",
        "message": text,
    } | more


MATTERMOST = {
    "order": ["post3", "post2", "post1"],
    "posts": {
        "post3": channel_post(3, "gone", root=1, delete_at=5),
        "post2": channel_post(2, "Yes.", root=1),
        "post1": channel_post(1, "Tea for the office?"),
    },
}
SAMPLES: dict[str, Any] = {
    "mastodon": CONTEXT,
    "activitypub": [PAGE, CREATE, LIKE, note(3, "<p>Not mine.</p>", answers=2)],
    "lemmy": LEMMY,
    "chat": SLACK,
}
