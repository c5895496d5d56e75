"""To be written."""

from spacy.language import Language
from spacy.tokens import Doc


@Language.factory("argmine_linker")
def make_linker(nlp: Language, name: str) -> "Linker":
    """Make."""
    return Linker()


class Linker:
    """To be written."""

    def __call__(self, doc: Doc) -> Doc:
        return doc
