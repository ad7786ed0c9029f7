"""What can go wrong in a form.

ValueError
└── FormError    one typed value cannot be taken; carries the sentence that the kader reads beside the field
"""

from __future__ import annotations

from forms.sentences import Sentence


class FormError(ValueError):
    """A typed value cannot be taken. `sentence` says why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence
