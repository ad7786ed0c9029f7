"""The laptop's side: what it is handed by its user, for everything it does with the province."""

from dataclasses import dataclass

from sync.keys import Keys
from sync.ports import Apply, Clock, Forget, Random, Store, Transport
from sync.rings import Ring


@dataclass(frozen=True)
class Laptop:
    """The ports of a laptop's side; `app` is the version of the program."""

    store: Store
    ring: Ring
    transport: Transport
    clock: Clock
    random: Random
    apply: Apply
    forget: Forget
    app: str = "0"

    @property
    def keys(self) -> Keys:
        """The keys in use."""
        return self.ring.keys
