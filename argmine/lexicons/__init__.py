"""Cue phrases as data: one TOML file per stage, read and compiled here.

A phrase is written as it is said.  A space stands for any white space, an apostrophe for a straight one, a curly one
or none ("don't" finds "dont"), ``...`` for up to four words between, ``(a|b)`` for a choice, and ``s?`` makes the
letter before the mark optional; nothing else is special.  Phrases match whole words in any case.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_lexicon(name: str) -> dict[str, Any]:
    """Return the lexicon of this name as plain data.

    Parameters
    ----------
    name : str
        Name of a TOML file in this folder, without its ending.
    """
    return tomllib.loads((files("argmine.lexicons") / f"{name}.toml").read_text(encoding="utf-8"))


def phrase_pattern(phrase: str) -> str:
    """Return the regular expression of one phrase, without word boundaries."""
    pattern = re.escape(phrase)
    for mark in "()|?":
        pattern = pattern.replace("\\" + mark, mark)
    pattern = pattern.replace("(", "(?:").replace("'", "['’]?")
    pattern = pattern.replace(r"\ \.\.\.\ ", r"\s+(?:[^\s.!?]+\s+){0,4}?")
    return re.sub(r"(?:\\ )+", r"\\s+", pattern)


def compile_phrases(phrases: Iterable[str]) -> re.Pattern[str]:
    """Compile phrases into one pattern that prefers the longest phrase; no phrases match nothing."""
    patterns = sorted((phrase_pattern(phrase) for phrase in phrases), key=len, reverse=True)
    if not patterns:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)
