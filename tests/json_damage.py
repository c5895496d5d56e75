"""Samples of JSON formats as they come when something went wrong: values of other types, parts gone, bytes damaged.

Use it as ``@given(damaged(SAMPLE))``, where the sample is a JSON value, or a list of them with ``lines=True``.
"""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

#: Values to put anywhere, as JSON, so that each is a new one.
ODD = ["null", "true", "-1", "0", "1.5", "1e300", '""', '"x"', '"#3"', '"\\ud800"', '"<aside><p>"']
ODD += ["[]", "{}", "[[]]", '{"id": {}}', "[null, 3]"]


@st.composite
def damaged(draw: st.DrawFn, sample: Any, *, lines: bool = False) -> bytes:
    """Return a sample with one to four values dropped, replaced or doubled, and sometimes with damaged bytes."""
    value = json.loads(json.dumps(sample))
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(value))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        what = draw(st.sampled_from(["drop", "replace", "double"]))
        if what == "drop":
            del holder[key]
        elif what == "replace":
            holder[key] = json.loads(draw(st.sampled_from(ODD)))
        elif isinstance(holder, list):
            holder.append(json.loads(json.dumps(holder[key])))
    written = "\n".join(map(json.dumps, value)) if lines else json.dumps(value)
    data = written.encode()
    if draw(st.booleans()):
        place = draw(st.integers(0, len(data)))
        data = data[:place] + draw(st.binary(max_size=4)) + data[place + draw(st.integers(0, 9)) :]
    return data


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    for key in keys:
        yield value, key
        yield from _places(value[key])
