"""Dates and bylines as pages write them."""

from datetime import UTC, datetime

import pytest

from argmine.readers.bylines import find_article_byline, find_byline
from argmine.readers.dates import find_date, with_zone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("March 3, 2012 at 5:10 pm", datetime(2012, 3, 3, 17, 10)),
        ("Sat Mar 3rd, 2012 12:05 am", datetime(2012, 3, 3, 0, 5)),
        ("3 March 2012, 17:10:09", datetime(2012, 3, 3, 17, 10, 9)),
        ("Wednesday, 3 of Sept. 2014", datetime(2014, 9, 3)),
        ("2012-03-03", datetime(2012, 3, 3)),
        ("2012-03-03T17:10:00Z", datetime(2012, 3, 3, 17, 10, tzinfo=UTC)),
        ("2012-03-03 17:10:00.123 +01:00", datetime(2012, 3, 3, 16, 10, tzinfo=UTC)),
        ("2012-03-03T17:10:00-0730", datetime(2012, 3, 4, 0, 40, tzinfo=UTC)),
        ("03.04.2012 - 17:10", datetime(2012, 4, 3, 17, 10)),
        ("31/12/2012", datetime(2012, 12, 31)),
        ("12/31/12, 5:10 PM UTC", datetime(2012, 12, 31, 17, 10, tzinfo=UTC)),
        ("3/4/2012", None),
        ("31 February 2012", None),
        ("3 days ago", None),
        ("about an hour ago", None),
        ("Yesterday at 5:10 pm", None),
        ("just now", None),
    ],
)
def test_dates(text: str, expected: datetime | None) -> None:
    found = find_date(text)
    assert found is not None
    start, end, moment = found
    assert (start, end) == (0, len(text))
    assert with_zone(moment) == with_zone(expected)
    assert (moment is None or moment.tzinfo is None) == (expected is None or expected.tzinfo is None)


@pytest.mark.parametrize(
    "text", ["", "May be", "12:30", "version 1.2.2012.3", "in 2012", "route 3/4", "long ago", "7 days"]
)
def test_no_dates(text: str) -> None:
    assert find_date(text) is None


@pytest.mark.parametrize(
    ("lines", "author", "count"),
    [
        (["Jane Doe says:", "Well."], "Jane Doe", 1),
        (["Jane Doe says:", "March 3, 2012 at 5:10 pm", "Well."], "Jane Doe", 2),
        (["Jane Doe", "", "3 days ago", "Well."], "Jane Doe", 3),
        (["jane_77 • 3 days ago • Reply"], "jane_77", 1),
        (["Jane Doe | March 3, 2012 at 5:10 pm | Reply"], "Jane Doe", 1),
        (["Jane Doe (March 3, 2012) #7"], "Jane Doe", 1),
        (["Posted by Jane Doe on March 3, 2012"], "Jane Doe", 1),
        (["On March 3, 2012 by Jane van Doe"], "Jane van Doe", 1),
        (["March 3, 2012 at 5:10 pm, Jane Doe wrote:"], "Jane Doe", 1),
    ],
)
def test_bylines(lines: list[str], author: str, count: int) -> None:
    byline = find_byline(lines)
    assert byline is not None
    assert byline.author == author
    assert byline.lines == count


@pytest.mark.parametrize(
    "line",
    [
        "He says: well.",
        "The article says:",
        "As Jane said",
        "I was there on March 3, 2012.",
        "On March 3, 2012 the bridge was closed, says the council",
        "We met 3 days ago",
        "Everybody says:",
        "like like like like like like like like like like like like like like like like like like like like no",
    ],
)
def test_no_bylines(line: str) -> None:
    assert find_byline([line, "More of the same."]) is None


def test_bylines_of_articles() -> None:
    byline = find_article_byline("by Jane Doe")
    assert byline is not None
    assert byline.author == "Jane Doe"
    assert find_article_byline("by the way") is None
    assert find_article_byline("By 1953 the clock had stopped") is None
