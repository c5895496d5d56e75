"""To be written."""

from spacy.language import Language
from spacy.tokens import Doc


@Language.factory("argmine_roles")
def make_roles(nlp: Language, name: str) -> "Roles":
    """Make."""
    return Roles()


class Roles:
    """To be written."""

    def __call__(self, doc: Doc) -> Doc:
        return doc
