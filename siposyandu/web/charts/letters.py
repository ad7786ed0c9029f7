"""How wide words are: a chart must place them before any browser has drawn them.

The widths are those of Arial, which Liberation Sans and Helvetica share, and a little more, because Segoe UI, Roboto and
Noto Sans are not the same. A word is thus never drawn wider than it was thought to be.
"""

WIDTHS = {
    222: "'ijl|",
    278: " !,./:;I[]ft·",
    333: '()-r`"',
    500: "Jckvxyszo",
    556: "0123456789abdeghnpqu#$?_LF–TZ",
    611: "+<>=−^~",
    667: "ABEKPSVXY&²",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    1000: "W@…—",
}
"""Of a type of size 1000."""
UNKNOWN = 667
SPARE, BOLD = 1.05, 1.08

_WIDTH = {letter: width for width, letters in WIDTHS.items() for letter in letters}


def width(words: str, size: float, *, bold: bool = False) -> float:
    """Return how many units words take at a size of type.

    >>> round(width("72,5 cm", 12))
    45
    """
    wide = sum(_WIDTH.get(letter, UNKNOWN) for letter in words) * size / 1000
    return wide * SPARE * (BOLD if bold else 1)


def shortened(words: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return words that fit into a room, cut with an ellipsis where they must.

    >>> shortened("Lalu Muhammad Zulkarnaen", 100, 14)
    'Lalu Muham…'
    """
    if width(words, size, bold=bold) <= room:
        return words
    while words and width(f"{words}…", size, bold=bold) > room:
        words = words[:-1].rstrip()
    return f"{words}…"


def wrapped(words: str, room: float, size: float) -> list[str]:
    """Break words into lines that fit into a room; a single long word stays whole.

    >>> wrapped("Berat badan sangat kurang", 90, 12)
    ['Berat badan', 'sangat kurang']
    """
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
