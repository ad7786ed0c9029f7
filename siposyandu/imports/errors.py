"""What can stop an import before any row is looked at.

siposyandu.errors.Refused
└── CannotImport    the file is none of ours, or the posyandu is not known; carries the sentence that says what to do
"""

from forms import Sentence
from siposyandu.errors import Refused


class CannotImport(Refused):
    """Nothing can be imported as asked. `sentence` says why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
