"""Files that come from places of discussion, and hold none: said plainly, before a reader makes something of them."""

import re

#: How such a file begins, what it is, and what to do.
_REFUSALS = [
    (
        re.compile(r"\s*(?:---\s*)?interactions:\s*\n\s*- +request:"),
        "this is a recording of exchanges with a server (a VCR cassette), not what the server gave",
        "Save the body of one answer as a file of its own.",
    ),
    (
        re.compile(r'\s*\{(?=[\s\S]*?"questions"\s*:\s*\[)(?=[\s\S]*?"answer_ids"\s*:\s*\[)'),
        "this is a list of questions from the API of Askbot, with summaries and without answers and comments",
        "Save the pages of the questions as HTML.",
    ),
]


def refusal_of(head: str) -> tuple[str, str] | None:
    """Return why a file that begins so is not read, and what to do; ``None`` if nothing is known against it."""
    return next(((problem, hint) for pattern, problem, hint in _REFUSALS if pattern.match(head)), None)
