"""What can be wrong with a measurement or with a table, each with the sentence that tells a person.

GrowthError
    BadMeasurement              one child's values make no sense; other children are not affected
        UnknownSex
        UnknownPosition         measured neither lying nor standing
        NegativeAge             visited before birth
        NotPositive             a weight, length or other measure that is zero, negative or no number
        BadCell                 what was typed in a file cannot be read
    BadSurvey                   a survey cannot be taken as it stands
        NegativeWeight          a child that would count less than nothing
        BadGroup                a group's label that cannot be told from another's
    BadTable                    a file of reference values is damaged or badly written
    UnreadableFile              a file of children that cannot be scored at all
    UnwritableFile              the scores cannot be written where they were asked for
"""

from typing import Any

from siposyandu.errors import Refused
from siposyandu.i18n import N_


class GrowthError(Refused):
    """The root of the tree; `template` and `params` make the sentence in the reader's language."""

    template = N_("These values cannot be used.")

    def __init__(self, template: str = "", /, **params: Any) -> None:
        self.template = template or self.template
        super().__init__(self.template.format(**params))
        self.params = params


class BadMeasurement(GrowthError):
    """One child's values make no sense; other children are not affected."""


class UnknownSex(BadMeasurement):
    """The sex is given but is neither "m" nor "f"."""

    template = N_('Sex "{given}" is not known: write m or f.')


class UnknownPosition(BadMeasurement):
    """The position is given but is neither "lying" nor "standing"."""

    template = N_('Position "{given}" is not known: write l (lying) or h (standing).')


class NegativeAge(BadMeasurement):
    """The age in days is below zero or is no number: the visit lies before the birth."""

    template = N_("The visit lies before the birth: {days} days.")


class NotPositive(BadMeasurement):
    """A measure is zero, negative or no number; `field` is its name."""

    template = N_("{field} must be more than 0, not {given}.")


class BadCell(BadMeasurement):
    """A cell of a file of children cannot be read; `field` is its column."""

    template = N_('{field} "{given}" cannot be read: {expected}.')


class BadSurvey(GrowthError):
    """A survey cannot be taken as it stands; nothing is computed from it."""


class NegativeWeight(BadSurvey):
    """A survey weight is below zero, which says that the column is another one or the file is damaged."""

    template = N_("The survey weight {column} of a child is {given}: it cannot be negative.")


class BadGroup(BadSurvey):
    """Two groups, or a group and one of WHO's own, would have the same label."""

    template = N_("The group label {label} is taken: choose another.")


class BadTable(GrowthError):
    """A file of reference values is damaged or badly written; nothing is computed from it."""

    template = N_("The table {file} cannot be used: {why}.")


class UnreadableFile(GrowthError):
    """A file of children cannot be scored at all; nothing was written."""

    template = N_("The file {file} cannot be read: {why}.")


class UnwritableFile(GrowthError):
    """The scores cannot be written where they were asked for; an earlier file there is untouched."""

    template = N_("The file {file} cannot be written: {why}.")
