"""Finding cue phrases on a Doc: shared by the stages that work by lexicons.

Phrases are compared by spaCy's NORM attribute, so that "don't", "don’t" and "do not" are one phrase, whatever the case.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

#: Words that turn a cue around when they stand close before it.
NEGATORS = frozenset(
    {
        "not",
        "never",
        "no",
        "hardly",
        "barely",
        "neither",
        "nor",
        "without",
        "nothing",
        "nobody",
        "none",
        "rarely",
    }
)
_NEGATION_SCOPE = 3  # tokens before a cue in which a negator counts
_SCOPE_ENDS = frozenset('.!?;:,…()"“”\n')


class Cue(NamedTuple):
    """A cue phrase found on a Doc: its group in the lexicon, and its tokens from ``start`` to before ``end``."""

    start: int
    end: int
    group: str
    negated: bool


class CueFinder:
    """Find the phrases of a lexicon.

    Parameters
    ----------
    nlp : Language
        Its tokenizer cuts the phrases as it cuts the posts.
    groups : mapping of str to sequence of str
        Phrases by the name of their group.
    """

    def __init__(self, nlp: Language, groups: Mapping[str, Sequence[str]]) -> None:
        self._matcher = PhraseMatcher(nlp.vocab, attr="NORM")
        for group, phrases in groups.items():
            self._matcher.add(group, [nlp.tokenizer(phrase) for phrase in phrases])
        self._strings = nlp.vocab.strings
        self._names = {self._strings.add(group): group for group in groups}
        self._negators = {self._strings.add(word) for word in NEGATORS}

    def __call__(self, doc: Doc) -> "Cues":
        """Return the cues of a Doc; what lies inside a longer cue is no cue: "you" in "you are right"."""
        matches = sorted(self._match(doc), key=lambda match: (match[1], -match[2]))
        norms = doc.to_array("NORM").tolist() if matches else []
        found: list[Cue] = []
        widest = (0, 0)
        for key, start, end in matches:
            if end < widest[1] or (end == widest[1] and start > widest[0]):
                continue
            widest = max(widest, (start, end), key=lambda part: part[1])
            found.append(Cue(start, end, self._names[key], self._is_negated(norms, start)))
        return Cues(found)

    def _match(self, doc: Doc) -> list[tuple[int, int, int]]:
        """Return the phrases found, also those that go on in the next line ("I completely / agree" in a mail)."""
        blank = np.flatnonzero(doc.to_array("IS_SPACE")).tolist()
        wraps = [place for place in blank if "\n\n" not in doc[place].text]
        if not wraps:
            return self._matcher(doc)
        places = np.delete(np.arange(len(doc)), wraps).tolist()
        norms: Any = doc.to_array(["NORM"])[places]  # from_array takes what to_array gives, but does not say so
        joined = Doc(doc.vocab, words=[doc[place].text for place in places])
        joined.from_array(["NORM"], norms.reshape(-1, 1))
        return [(key, places[start], places[end - 1] + 1) for key, start, end in self._matcher(joined)]

    def _is_negated(self, norms: list[int], start: int) -> bool:
        """Whether a negator stands close before a token, with no punctuation between."""
        for place in range(start - 1, max(-1, start - 1 - _NEGATION_SCOPE), -1):
            if norms[place] in self._negators:
                return True
            if self._strings[norms[place]][:1] in _SCOPE_ENDS:
                return False
        return False


class Cues:
    """The cues of a Doc in order, to be asked for by token range."""

    def __init__(self, found: list[Cue]) -> None:
        self._found = found
        self._starts = [cue.start for cue in found]

    def within(self, start: int, end: int) -> list[Cue]:
        """Return the cues that lie inside a token range."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end, lo=first)
        return [cue for cue in self._found[first:last] if cue.end <= end]
