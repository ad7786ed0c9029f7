"""What one exchange cost, ours or the peer's, as the proxy counted it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """Bytes of HTTP both ways, requests, and time."""

    up: int
    down: int
    requests: int
    seconds: float

    @property
    def both(self) -> int:
        """Bytes both ways."""
        return self.up + self.down
