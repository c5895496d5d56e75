"""Stack Exchange: questions with their answers and comments, as the API serves them.

Answers reply to the question, comments to what they stand under.  Questions and answers share one series of numbers,
comments have their own, so the kind goes before the number: ``q123``, ``a456``, ``c789``.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any, NamedTuple

from argmine.readers.dates import parse_moment
from argmine.readers.html_fragment import fragment_text
from argmine.readers.json_values import JsonValue, count_of, id_of, json_values, objects, text_of, unwrapped
from argmine.readers.reply_order import root_of
from argmine.readers.source import Source, clean_url
from argmine.thread import Post, Repair, Thread

NAME = "stackexchange"
DESCRIPTION = "Stack Exchange API JSON: questions with their answers and comments"

_KIND = re.compile(r'"(?:question|answer|comment)_id"\s*:\s*\d')
_MARK = re.compile(r'"(?:owner"\s*:\s*\{|creation_date"\s*:\s*\d|quota_(?:max|remaining)"\s*:\s*\d)')


def recognises(head: str) -> bool:
    """Return whether a file begins like an answer of the API, a question, or a list of questions."""
    return (
        re.match(r"\s*\[?\s*\{", head) is not None and _KIND.search(head) is not None and _MARK.search(head) is not None
    )


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each question."""
    found = False
    for entry in json_values(source):
        for thread in _threads(source, entry):
            yield thread
            found = True
    if not found:
        raise source.no_thread("there is no question in it")


class _Part(NamedTuple):
    post: Post
    data: dict[str, Any]


def _threads(source: Source, entry: JsonValue) -> Iterator[Thread]:
    """Yield the threads of one value: a question, a list of them, or what the API wraps such a list in."""
    items: list[tuple[str, list[_Part]]] = []
    has_more = False
    for value in entry.value if isinstance(entry.value, list) else [entry.value]:
        data = unwrapped(value)
        has_more |= data.get("has_more") is True
        for item in objects(data["items"]) if "items" in data else [data]:
            kind = next((kind for kind in ("comment", "answer", "question") if f"{kind}_id" in item), None)
            if kind is None:
                raise source.no_thread("it holds what is no question, answer or comment", line=entry.line)
            items.append((kind, _unfolded(item, kind)))
    questions = _by_question(items)
    for number, (question, parts) in enumerate(questions, 1):
        notes = entry.notes if number == 1 else []
        if has_more and number == len(questions):
            detail = "the API has more items than are in the file (has_more)"
            notes = [*notes, Repair(kind="reader_note", detail=detail)]
        yield _thread(question, parts, notes=notes)


def _by_question(items: list[tuple[str, list[_Part]]]) -> list[tuple[str, list[_Part]]]:
    """Return each question with what stands under it, and what came without its question under the id of that."""
    parents = {part.post.id: part.post.reply_to for _, parts in reversed(items) for part in parts}
    roots: dict[str, str] = {}
    questions = [(parts[0].post.id, parts) for kind, parts in items if kind == "question"]
    known = dict(reversed(questions))
    for kind, parts in items:
        root = root_of(parts[0].post.id, parents, roots)
        if kind != "question" and root not in known:
            known[root] = []
            questions.append((root, known[root]))
        if kind != "question":
            known[root] += parts
    return questions


def _unfolded(data: dict[str, Any], kind: str, above: str | None = None, number: int = 1) -> list[_Part]:
    """Return a question, answer or comment, and what stands under it, which is never deeper than that."""
    post = _post(data, kind, above, number)
    parts = [_Part(post, data)]
    for place, comment in enumerate(objects(data.get("comments")) if kind != "comment" else [], 1):
        parts += _unfolded(comment, "comment", post.id, place)
    for place, answer in enumerate(objects(data.get("answers")) if kind == "question" else [], 1):
        parts += _unfolded(answer, "answer", post.id, place)
    return parts


def _post(data: dict[str, Any], kind: str, above: str | None, number: int) -> Post:
    name = id_of(data.get(f"{kind}_id")) or f"{above or ''}-{number}"
    question = id_of(data.get("question_id"))
    if kind == "answer" and above is None and question:
        above = f"q{question}"
    elif kind == "comment" and above is None and (answered := id_of(data.get("post_id"))):
        above = f"{'a' if data.get('post_type') == 'answer' else 'q'}{answered}"
    owner = data.get("owner")
    author = unescape(text_of(owner.get("display_name"))) if isinstance(owner, dict) else ""
    text = _text(data) or (_title(data) if kind == "question" else "")
    return Post(
        id=f"{kind[0]}{name}",
        author=author or None,
        text=text,
        reply_to=above,
        created_at=parse_moment(data.get("creation_date")),
        url=_url(data),
    )


def _text(data: dict[str, Any]) -> str:
    """Return the body as text, or else the Markdown, in which the API encodes HTML entities."""
    body = text_of(data.get("body"))
    return fragment_text(body) if body else unescape(text_of(data.get("body_markdown")))


def _title(data: dict[str, Any]) -> str:
    return unescape(text_of(data.get("title"))).strip()


def _url(data: dict[str, Any]) -> str | None:
    return clean_url(text_of(data.get("link")) or text_of(data.get("share_link"))) or None


def _thread(question: str, parts: list[_Part], *, notes: list[Repair]) -> Thread:
    opening = next((part.data for part in parts if part.post.id == question), {})
    notes = [*notes, *_left_out(parts)]
    bare = sum("body" not in part.data and "body_markdown" not in part.data for part in parts)
    if bare:
        detail = f"{bare} posts came without their text: the API gives it with filter=withbody"
        notes.append(Repair(kind="reader_note", detail=detail))
    posts = [part.post for part in parts]
    return Thread.repaired(posts, id=question, title=_title(opening) or None, url=_url(opening), notes=notes)


def _left_out(parts: list[_Part]) -> Iterator[Repair]:
    """Yield a note for each post that has more answers or comments than are in the file."""
    found = Counter((part.post.reply_to, part.post.id[0]) for part in parts)
    for part in parts:
        for kind in ("answer", "comment"):
            missing = count_of(part.data.get(f"{kind}_count")) - found[part.post.id, kind[0]]
            if missing > 0:
                detail = f"{missing} {kind}s are not in the file"
                yield Repair(kind="omitted_replies", post=part.post.id, detail=detail)
