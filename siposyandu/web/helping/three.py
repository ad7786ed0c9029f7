"""The help of one page: three sentences."""

from typing import NamedTuple


class Help(NamedTuple):
    """One page: its endpoint, its title, and its three sentences."""

    endpoint: str
    title: str
    purpose: str
    act: str
    trouble: str

    @property
    def sentences(self) -> tuple[str, str, str]:
        """The three sentences in the order in which they are read."""
        return self.purpose, self.act, self.trouble
