"""Threads made by rule, the same for everyone: for benchmarks, and for tests that need many posts or odd shapes.

The texts are sentences put together from lists of words.  To argmine they look like a discussion (claims with reasons,
questions, agreement and objection, quotations, names); to a person they mean nothing, and quality cannot be measured on
them.  The same numbers give the same threads on every machine, and the first posts of a thread do not depend on how
many follow.
"""

from collections.abc import Iterator
from random import Random

from argmine.thread import Post, Thread

SHAPES = ("broad", "deep", "mixed")

_THINGS = """
tram harbour library bench orchard ferry bakery cinema bridge market playground stadium hospital school allotment museum
airport theatre canal fountain reservoir motorway station lighthouse quarry warehouse pharmacy nursery chapel vineyard
windmill campsite aquarium greenhouse observatory workshop kindergarten laboratory embankment pavilion tunnel marina
fare rent wage tax fee budget subsidy fine permit contract deadline survey statistic report estimate
driver teacher nurse farmer tenant cyclist parent pupil visitor landlord councillor engineer volunteer
gardener librarian pensioner student commuter fisherman shopkeeper neighbour inspector musician journalist
noise traffic rubbish parking heating lighting drainage insurance paperwork maintenance weather dust water electricity
""".split()  # noqa: SIM905 - a page of words, not of quotation marks
_DOES = """
helps costs needs pays changes hurts replaces delays improves attracts ruins protects supports annoys saves feeds limits
doubles frightens surprises follows explains prevents moves fills empties serves blocks repairs survives
""".split()  # noqa: SIM905
_SHOULD = """
close open expand repair sell keep fund paint cancel postpone rebuild move ban allow double halve inspect publish tax
share lower raise copy try measure
""".split()  # noqa: SIM905
_IS = (
    """
too expensive;quite safe;far too loud;badly planned;older than it looks;worth every penny;hardly used;popular with
tourists;impossible to reach;cheap enough;in good shape;out of date;fair to everyone;unfair to the young;well run;slow
in winter;good for trade;bad for sleep;easy to fix;hard to explain
""".replace("\n", " ")
    .strip()
    .split(";")
)
_NAMES = """
Wren Tove Aldous Birgit Casimir Dorrit Edwige Fenno Gisela Hamo Ilse Jorun Kester Linnea Maelle Niall Oda Piers Quilla
Ragna Sefton Thora Ulick Verena Wilmot Xanthe Yorick Zelda
""".split()  # noqa: SIM905
_PLACES = "Westerholm Aldmouth Nether-Brack Tollby Sandwick Ostrand Pell Karrow Dunmere Ilvesby".split()  # noqa: SIM905

_SENTENCES = (
    "The {thing} {does} the {thing}, because the {thing} is {is_}.",
    "We should {should} the {thing} before the {thing} {does} everybody.",
    "In {place} they tried to {should} the {thing}, and {percent} percent more people saw the {thing}.",
    "If nobody {does} the {thing}, the {thing} will be {is_}.",
    "I think that the {thing} is {is_} and the {thing} is {is_}.",
    "According to the {thing} of {year}, the {thing} {does} the {thing} more than the {thing}.",
    "The {thing} is {is_}.",
    "Why should anyone {should} the {thing} when the {thing} is {is_}?",
    "My sister works at the {thing}, so I know that it {does} the {thing}.",
    "For example, the {thing} in {place} {does} the {thing} every year since {year}.",
    "It would be better to {should} the {thing}, since it {does} the {thing} anyway.",
    "No {thing} cares whether the {thing} is {is_}.",
    "Therefore the town must not {should} the {thing}.",
    "Have you ever seen how the {thing} {does} the {thing}?",
    "Of course the {thing} {does} the {thing}, but that does not mean it is {is_}.",
)
_AGREEING = ("I agree. ", "Exactly. ", "Good point. ", "You are right about the {thing}. ", "Yes, this. ")
_OBJECTING = (
    "I disagree. ", "No, that is wrong. ", "That is not true. ", "Nonsense. ", "You forget the {thing}. ",
    "I don't think so. ", "But the {thing} is {is_}. ",
)  # fmt: skip
_CONCEDING = ("I agree that the {thing} is {is_}, but ", "Fair enough, but ", "True, yet ")
_ASKING = ("What about the {thing}? ", "Do you have a source for that? ", "Really? ")
_THEME = 24  # things that a thread is about
_LARGEST = 1_000  # posts of a thread in a dump


def make_thread(posts: int, shape: str = "mixed", *, words: int = 60, varied: bool = False, seed: int = 0) -> Thread:
    """Make one thread.

    Parameters
    ----------
    posts : int
        Number of posts, the opening post among them.
    shape : str
        ``broad``, all replies to the opening post; ``deep``, each a reply to the one before; or ``mixed``.
    words : int
        Of a post, about; with ``varied``, the median.
    varied : bool
        Lengths from a few words to hundreds, as they are in the wild, instead of a sixth more or less.
    seed : int
        Another one gives another thread.
    """
    chance = Random(f"thread {seed} {shape}")
    writer = _Writer(chance, words, varied=varied)
    made: list[Post] = []
    authors: list[str] = []
    for number in range(posts):
        answered = made[_parent(chance, number, shape)] if number else None
        author = f"{chance.choice(_NAMES)}{number}"
        known = chance.choice(authors) if authors and chance.random() < 0.7 else author
        if answered is not None and known != answered.author:
            author = known
        authors.append(author)
        said = writer.opening() if answered is None else writer.reply(answered)
        made.append(Post(id=f"p{number}", author=author, text=said, reply_to=None if answered is None else answered.id))
    return Thread(id=f"{shape}-{seed}", title=writer.title, posts=tuple(made))


def make_dump(threads: int, *, seed: int = 0) -> Iterator[Thread]:
    """Make many threads: most have a few posts, some hundreds; posts of very different lengths, half of them short."""
    chance = Random(f"dump {seed}")
    for number in range(threads):
        size = min(_LARGEST, 1 + int(chance.lognormvariate(1.6, 1.3)))
        shape = chance.choices(SHAPES, weights=(2, 1, 7))[0]
        yield make_thread(size, shape, words=45, varied=True, seed=seed * 1_000_000 + number)


def pairs(thread: Thread) -> list[tuple[str, str]]:
    """Return the text of each reply behind that of the post it answers."""
    return [(thread.post(post.reply_to).text, post.text) for post in thread.posts if post.reply_to is not None]


def _parent(chance: Random, number: int, shape: str) -> int:
    if shape == "broad":
        return 0
    if shape == "deep":
        return number - 1
    drawn = chance.random()
    if drawn < 0.15:
        return 0
    return number - 1 if drawn < 0.5 else chance.randrange(number)


class _Writer:
    """Writes the posts of a thread."""

    def __init__(self, chance: Random, words: int, *, varied: bool) -> None:
        self._chance = chance
        self._words = words
        self._varied = varied
        self._theme = chance.sample(_THINGS, _THEME)
        self.title = self._filled("Should we {should} the {thing}?")

    def opening(self) -> str:
        """Write an opening post, twice as long as others."""
        return self._sentences(2 * self._length())

    def reply(self, answered: Post) -> str:
        """Write a reply, with what replies begin with."""
        chance = self._chance
        length = self._length()
        opener = self._filled(chance.choice(self._openers()))
        length -= len(opener.split())
        drawn = chance.random()
        if drawn < 0.10:
            return f"> {self._some_sentence(answered.text)}\n\n{opener}{self._sentences(length)}"
        if drawn < 0.14:
            length -= 10
            return f"{opener}“{self._some_sentence(answered.text)}” is not the whole story. {self._sentences(length)}"
        if drawn < 0.18:
            return f"@{answered.author} {opener}{self._sentences(length)}"
        if drawn < 0.22:
            return f"{answered.author}, {opener}{self._sentences(length)}"
        if drawn < 0.24:
            return f"{opener}{self._sentences(length)}\n\nCheers, {chance.choice(_NAMES)}"
        return opener + self._sentences(length)

    def _length(self) -> int:
        if self._varied:
            return min(8 * self._words, max(3, int(self._words * self._chance.lognormvariate(0, 0.8))))
        return self._chance.randint(self._words * 5 // 6, self._words * 7 // 6)

    def _openers(self) -> tuple[str, ...]:
        kinds = (_AGREEING, _OBJECTING, _CONCEDING, _ASKING, ("",))
        return self._chance.choices(kinds, weights=(15, 25, 8, 7, 45))[0]

    def _sentences(self, words: int) -> str:
        """Write sentences of about so many words together; two paragraphs if there are many."""
        written: list[str] = []
        left = words
        while left > 6 or not written:
            written.append(self._filled(self._chance.choice(_SENTENCES)))
            left -= len(written[-1].split())
        half = len(written) // 2 if len(written) > 8 else 0
        return "\n\n".join(" ".join(part) for part in (written[:half], written[half:]) if part)

    def _some_sentence(self, text: str) -> str:
        """Return one of the sentences of a post that quote nothing themselves."""
        last = text.rsplit("\n\n", 1)[-1] if not text.rsplit("\n\n", 1)[-1].startswith("Cheers") else text
        found = [
            part for part in last.replace("?", ".").split(".") if len(part.split()) >= 4 and not {*part} & {*"“>@"}
        ]
        return f"{self._chance.choice(found).strip()}." if found else "That is all there is to it."

    def _filled(self, template: str) -> str:
        """Put words into a template; eight of nine things are of the theme, the first ones more often."""
        chance = self._chance
        parts = template.split("{")
        written = [parts[0]]
        for part in parts[1:]:
            slot, _, rest = part.partition("}")
            written += [self._word(slot, chance), rest]
        return "".join(written)

    def _word(self, slot: str, chance: Random) -> str:
        if slot == "thing":
            place = int(_THEME * chance.random() ** 1.5)
            return self._theme[place] if chance.random() < 8 / 9 else chance.choice(_THINGS)
        if slot == "percent":
            return str(chance.randint(3, 97))
        if slot == "year":
            return str(chance.randint(1950, 2024))
        return chance.choice({"does": _DOES, "should": _SHOULD, "is_": _IS, "place": _PLACES}[slot])
