"""The HTML of a Discourse post as text, and the posts of its topic that it quotes."""

from lxml import etree

from argmine.readers.html_fragment import parse_fragment
from argmine.readers.html_text import element_text
from argmine.readers.html_words import tokens


def cooked_text(cooked: str, *, topic: str) -> tuple[str, set[str]]:
    r"""Return the text of a post, and the numbers of the posts that it quotes.

    Parameters
    ----------
    cooked : str
        The HTML that Discourse makes of what was typed.
    topic : str
        Id of the topic, to tell its posts from those of others.

    Returns
    -------
    text : str
        Quotations are lines after ``> ``, without the name above them.  Previews of links are their addresses again,
        as typed.
    quoted : set of str
        Numbers of posts of the topic that are quoted by the post itself, not within another quotation.

    Examples
    --------
    >>> cooked_text('<aside class="quote" data-username="Ada" data-post="3"><div class="title">Ada:</div>'
    ...             '<blockquote><p>Run it.</p></blockquote></aside><p>No.</p>', topic="7")
    ('> Run it.\n\nNo.', {'3'})
    """
    root = parse_fragment(cooked)
    quoted: set[str] = set()
    for aside in list(root.iter("aside")):
        if "onebox" in tokens(aside):
            _replace_preview(aside)
        elif next(aside.iterancestors("aside"), None) is None and (number := _quoted_post(aside, topic)):
            quoted.add(number)
    return element_text(root, leave_out=_is_furniture), quoted


def _is_furniture(element: etree._Element) -> bool:
    """Return whether this is the name above a quotation, or the file name and size of a picture."""
    names = tokens(element)
    if "title" in names:
        above = element.getparent()
        return above is not None and "quote" in tokens(above) and bool(above.get("data-username"))
    return "meta" in names and any("lightbox" in tokens(above) for above in element.iterancestors("a"))


def _quoted_post(aside: etree._Element, topic: str) -> str | None:
    """Return the number of the post that a quotation names, if it is one of this topic."""
    if "quote" not in tokens(aside):
        return None
    number = (aside.get("data-post") or "").strip()
    same = (aside.get("data-topic") or topic).strip() == topic
    return number if aside.get("data-username") and same and number.isascii() and number.isdecimal() else None


def _replace_preview(aside: etree._Element) -> None:
    address = aside.get("data-onebox-src") or next(aside.iterfind(".//a[@href]"), aside).get("href")
    if address:
        for child in list(aside):
            aside.remove(child)
        aside.text = address
