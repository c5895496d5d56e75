"""Compressed files, folders' worth of formats inside them, and what is wrong with them."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmine.errors import ReadError, UnknownFormatError
from argmine.readers import read_thread, read_threads
from argmine.readers.compression import zstd
from argmine.readers.dates import parse_moment
from argmine.readers.html_fragment import fragment_text
from argmine.readers.source import opened
from argmine.readers.xml_stream import whole_xml
from argmine.thread import Post, Thread

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": partial(gzip.compress, mtime=0),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd.compress,
}
THREAD = Thread(id="t", posts=(Post(id="a", text="Tea."), Post(id="b", text="Coffee.", reply_to="a")))


@pytest.mark.parametrize("ending", PACK)
def test_a_compressed_file_is_read_as_what_it_holds(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"thread.json.{ending}"
    path.write_bytes(PACK[ending](THREAD.model_dump_json().encode()))
    assert read_thread(path) == THREAD
    with path.open("rb") as file:
        assert read_thread(file) == THREAD
    with opened(path) as source:
        assert source.stem == "thread"


@pytest.mark.parametrize("ending", PACK)
def test_parts_packed_one_by_one_are_one_file(ending: str) -> None:
    line = THREAD.model_dump_json().encode() + b"\n"
    packed = b"".join(PACK[ending](line) for _ in range(3))
    assert list(read_threads(BytesIO(packed))) == [THREAD] * 3


@pytest.mark.parametrize("ending", PACK)
def test_what_is_cut_off_or_damaged_is_said(ending: str) -> None:
    lines = "".join(
        Thread(posts=(Post(id="a", text=f"{number * 7919 % 10007} " * 40),)).model_dump_json() + "\n"
        for number in range(3000)
    )
    packed = PACK[ending](lines.encode())
    with pytest.raises(ReadError, match="data are damaged or cut off"):
        list(read_threads(BytesIO(packed[: len(packed) // 2])))


@given(st.binary(max_size=200), st.sampled_from(sorted(PACK)), st.integers(0, 300))
def test_any_damage_is_one_error(noise: bytes, ending: str, place: int) -> None:
    packed = PACK[ending](THREAD.model_dump_json().encode())
    with suppress(ReadError):
        assert read_thread(BytesIO(packed[:place] + noise + packed[place + len(noise) :])).posts


def test_a_bomb_is_refused_before_it_fills_the_memory() -> None:
    bomb = gzip.compress(b" " * (80 << 20) + b"{}")
    with pytest.raises((ReadError, UnknownFormatError)):
        read_thread(BytesIO(bomb), format="json")


def test_xml_is_read_without_entities_of_its_own() -> None:
    text = '<!DOCTYPE a [<!ENTITY x "boo"><!ENTITY y SYSTEM "file:///etc/passwd">]>\n<a>\n{}</a>'
    with opened(BytesIO(text.format("<b>&amp;&#233;</b>").encode())) as source:
        assert whole_xml(source).findtext("b") == "&é"
    for entity in ("&x;", "&y;"):
        with opened(BytesIO(text.format(entity).encode())) as source, pytest.raises(ReadError, match=r"line 3.*entity"):
            whole_xml(source)
    with opened(BytesIO(b"<a>\n<b></a>")) as source, pytest.raises(ReadError, match="line 2: the XML is damaged"):
        whole_xml(source)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1500000060, "2017-07-14T02:41:00+00:00"),
        ("1500000060", "2017-07-14T02:41:00+00:00"),
        (1500000060500, "2017-07-14T02:41:00.500000+00:00"),
        ("2017-07-14T02:41:00Z", "2017-07-14T02:41:00+00:00"),
        ("2017-07-14 02:41:00", "2017-07-14T02:41:00+00:00"),
        ("2017-07-14T02:41:00.123+02:00", "2017-07-14T02:41:00.123000+02:00"),
        ("yesterday", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        (1e30, None),
        ("", None),
    ],
)
def test_moments(value: object, expected: str | None) -> None:
    moment = parse_moment(value)
    assert (moment.isoformat() if moment else None) == expected


def test_pieces_of_html() -> None:
    assert fragment_text("") == ""
    assert fragment_text("a &lt;b&gt;<br>c<ul><li>d</ul>") == "a <b>\nc\n\n- d"
    assert fragment_text("<p>x</p></div></body>y") == "x\n\ny"
    assert "deep" in fragment_text("<div>" * 5000 + "deep")
    assert fragment_text("<blockquote>q</blockquote>\x00a") == "> q\n\na"
