"""A small corpus of labelled replies, spam and forum threads of our own, and a recipe that names all of it."""

import json
import lzma
from pathlib import Path
from typing import Any

MATTERS = {
    "bus lane": "traffic",
    "tram stop": "traffic",
    "bicycle shed": "traffic",
    "village choir": "culture",
    "open-air cinema": "culture",
    "harvest fair": "culture",
}
SAYINGS = {
    "agreement": "Quite so, everyone in our street wants the {matter} kept as it is, number {number}.",
    "rebuttal": "No, the {matter} costs far too much and helps nobody at all, number {number}.",
    "neutral": "Does anyone know when the council will talk about the {matter}, item {number}?",
}

RECIPE = """
[settings]
epochs = 2
batch_tokens = 300

[[replies]]
file = "replies.jsonl"
weight = 2
moved = 0.5

[[replies]]
file = "sides.jsonl"
passes = 1

[[spam]]
file = "spam.jsonl"
where = { label = "spam" }
weight = 0.5

[[openers]]
files = "forum-*.jsonl.xz"
most = 10
leave_out = ["dev.jsonl"]
topics = ["weather"]
weight = 0.5

[[quotations]]
files = "forum-*.jsonl.xz"
most = 10
leave_out = ["dev.jsonl"]
topics = ["weather"]

[[dev]]
file = "dev.jsonl"
"""


def write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    if path.suffix == ".xz":
        path.write_bytes(lzma.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")


def pairs(corpus: str, threads: int, *, labels: tuple[str, ...] = tuple(SAYINGS)) -> list[dict[str, Any]]:
    """Return pairs: each thread is about one matter, and has one reply of each label."""
    rows = []
    for thread in range(threads):
        matter, topic = list(MATTERS.items())[thread % len(MATTERS)]
        for label in labels:
            rows.append(
                {
                    "id": f"{thread}-{label}",
                    "corpus": corpus,
                    "thread": f"{corpus} {thread}",
                    "context": f"The {matter}, talk {thread} of {corpus}",
                    "topic": topic,
                    "parent": f"The {matter} must stay, said the {corpus} meeting number {thread} this spring.",
                    "reply": SAYINGS[label].format(matter=matter, number=f"{corpus} {thread}"),
                    "label": label,
                }
            )
    return rows


def forum_thread(name: str, *, topic: str = "traffic") -> dict[str, Any]:
    """Return a thread of four posts: one agrees, one disagrees, and one quotes a sentence of the first."""
    first = (
        f"The ferry of {name} leaves too early in the morning. The ticket has become dear for families. "
        f"The landing stage is slippery when it rains."
    )
    quoted = "The ticket has become dear for families."
    answer = " That is because the diesel for the engine has doubled in price since last year."
    return {
        "thread": name,
        "title": f"The ferry of {name}",
        "topic": topic,
        "posts": [
            {"id": 1, "parent": None, "author": "ida", "text": first, "quotes": []},
            {
                "id": 2,
                "parent": 1,
                "author": "tom",
                "text": "I agree. My children miss the first lesson because of the late boat.",
                "quotes": [],
            },
            {
                "id": 3,
                "parent": 1,
                "author": "eve",
                "text": "Nonsense, that boat has been leaving on time since the new captain came.",
                "quotes": [],
            },
            {
                "id": 4,
                "parent": 3,
                "author": "jon",
                "text": quoted + answer,
                "quotes": [{"start": 0, "end": len(quoted), "source_post": 1, "source_author": "ida"}],
            },
        ],
    }


def write_corpora(folder: Path) -> Path:
    """Write the corpora below a folder, and the recipe into it; return the path of the recipe."""
    folder.mkdir(exist_ok=True)
    write_lines(folder / "replies.jsonl", pairs("replies", 12))
    write_lines(folder / "sides.jsonl", pairs("sides", 6, labels=("agreement", "rebuttal")))
    spam = [{"text": f"Cheap watches, order now, offer {n}", "label": "spam"} for n in range(3)]
    write_lines(folder / "spam.jsonl", [*spam, {"text": "A real comment on the fair", "label": "ham"}])
    write_lines(folder / "dev.jsonl", pairs("dev", 3))
    write_lines(folder / "forum-0.jsonl.xz", [forum_thread(f"Norwick {n}") for n in range(4)])
    write_lines(
        folder / "forum-1.jsonl.xz",
        [forum_thread("Sandhaven", topic="weather"), {**forum_thread("x"), "thread": "dev 1"}],
    )
    recipe = folder / "recipe.toml"
    recipe.write_text(RECIPE, encoding="utf-8")
    return recipe
