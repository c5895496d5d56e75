"""To be written."""

from spacy.language import Language
from spacy.tokens import Doc


@Language.factory("argmine_stances")
def make_stances(nlp: Language, name: str) -> "Stances":
    """Make."""
    return Stances()


class Stances:
    """To be written."""

    def __call__(self, doc: Doc) -> Doc:
        return doc
