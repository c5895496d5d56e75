"""What a run was begun with: written into its folder, and compared when it is gone on with."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from spacy.language import Language

from argmine.batch.inputs import Input
from argmine.errors import ArgmineError

_SAME = "Give the inputs and options that the run was begun with, or name a new folder."


def facts_of(
    inputs: Iterable[Input], nlp: Language, *, version: str, pseudonyms: str | None, **options: object
) -> dict[str, Any]:
    """Return what decides what a run writes, as plain values.

    The salt for pseudonyms is not among them, but something made of it that cannot be undone.
    """
    secret = None if pseudonyms is None else hmac.digest(pseudonyms.encode(), b"a run of argmine", "sha256").hex()[:16]
    return {
        "argmine_version": version,
        "pipeline": f"{nlp.meta['name']} {nlp.meta['version']}",
        "pipeline_config": hashlib.sha256(nlp.config.to_str().encode()).hexdigest()[:16],
        **options,
        "pseudonyms": secret,
        "inputs": [_input_facts(given, list(each)) for given, each in groupby(inputs, key=lambda one: one.given)],
    }


def _input_facts(given: str, files: list[Input]) -> dict[str, Any]:
    listed = json.dumps([[each.name, each.size, each.digest] for each in files]).encode()
    return {
        "path": given,
        "files": len(files),
        "bytes": sum(each.size for each in files),
        "fingerprint": hashlib.sha256(listed).hexdigest(),
    }


def check_same(before: dict[str, Any], now: dict[str, Any], folder: str) -> None:
    """Raise an ArgmineError that names what is not as it was when a run was begun."""
    for name, given in now.items():
        then = before.get(name)
        if name == "inputs" or then == given:
            continue
        told = "" if name in {"pseudonyms", "pipeline_config"} else f": {then!r} then, {given!r} now"
        raise ArgmineError(f"{folder}: the run was begun with another {name}{told}", _SAME)
    then_inputs, now_inputs = before.get("inputs", []), now["inputs"]
    if [each["path"] for each in then_inputs] != [each["path"] for each in now_inputs]:
        listed = ", ".join(each["path"] for each in then_inputs[:5])
        raise ArgmineError(f"{folder}: the run was begun with other inputs: {listed}", _SAME)
    for then, given in zip(then_inputs, now_inputs, strict=True):
        if then != given:
            raise ArgmineError(
                f"{folder}: {given['path']} has changed since the run was begun",
                "Name a new folder, and mine it afresh.",
            )
