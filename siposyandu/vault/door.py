"""The door of one place: shut until the passphrase was typed, and shut again in the evening or when nobody comes."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from siposyandu.errors import Broken, Locked
from siposyandu.vault import passphrases
from siposyandu.vault.papers import Paper
from siposyandu.vault.safe import Secrets, TokenBytes, Vault
from siposyandu.vault.tries import FILE_NAME, Tries
from sync.rings import KeyFile


class Door:
    """Whether a place is open, and its keys while it is. A place without a vault stands always open and has none."""

    def __init__(
        self, folder: Path, *, wanted: bool, token_bytes: TokenBytes, steady: Callable[[], float]
    ) -> None:
        self.vault = Vault(folder, token_bytes)
        self.token_bytes = token_bytes
        self._wanted = wanted
        self._tries = Tries(KeyFile(folder / FILE_NAME), steady)
        self._secrets: Secrets | None = None

    @property
    def has_lock(self) -> bool:
        """Whether a passphrase is needed here."""
        return self._wanted or self.vault.exists

    @property
    def is_new(self) -> bool:
        """Whether this place will be encrypted and has no passphrase yet."""
        return self._wanted and not self.vault.exists

    @property
    def lacks_papers(self) -> bool:
        """Whether a forgotten passphrase would shut this place for ever: the power went before its first papers were made."""
        try:
            return self.vault.exists and not self.vault.has_papers
        except Broken:
            return False  # there is worse to say of it, and the doctor does

    @property
    def is_open(self) -> bool:
        """Whether the database may be opened now."""
        return self._secrets is not None or not self.has_lock

    def key(self, purpose: str) -> bytes | None:
        """Return the key for one purpose; None at a place without a vault. Locked while it is closed."""
        if self.has_lock:
            return self._opened().key(purpose)
        return None

    def wait_s(self) -> int:
        """Return how many seconds must pass before the next passphrase is tried."""
        return self._tries.wait_s()

    def begin(self, passphrase: str, database: Path) -> None:
        """Make the vault of a new place under its first passphrase (BadInput when it is weak), and open.

        Broken where there is a database already: its vault was lost, and another would never open it.
        """
        if database.exists():
            raise Broken(f"{self.vault.path} is missing", "put it back from a copy; see the run book")
        passphrases.check(passphrase)
        self.vault.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._secrets = self.vault.make(passphrase)

    def open(self, passphrase: str) -> None:
        """Open by the passphrase. WrongPassphrase, or MustWait after too many."""
        with self._tries.one():
            self._secrets = secrets = self.vault.open(passphrase)
            # Not on a full disk: a laptop must be opened before anything on it can be deleted.
            with suppress(OSError):
                self.vault.keep_up(secrets, passphrase)

    def take(self, secrets: Secrets) -> None:
        """Stand open with keys that were found elsewhere: in the vault of a copy that was put back."""
        self._secrets = secrets

    def recover(self, first: Paper, second: Paper, passphrase: str) -> None:
        """Open by both papers and take a new passphrase. Refused, or BadInput when the new one is weak."""
        secrets = self.vault.open_with(first, second)
        passphrases.check(passphrase)
        self.vault.change(secrets, passphrase)
        self._tries.forgive()
        self._secrets = secrets

    def change(self, passphrase: str, new: str) -> None:
        """Take a new passphrase from somebody who knows the one in use. Of two at once the later one does not know it."""
        passphrases.check(new)
        with self._tries.one():
            self.vault.change(self.vault.open(passphrase), new)

    def prove(self, passphrase: str) -> None:
        """Refuse (WrongPassphrase, MustWait) whoever does not know the passphrase."""
        with self._tries.one():
            self.vault.open(passphrase).forget()

    def print_papers(self) -> tuple[Paper, Paper]:
        """Return two new recovery papers; those printed before open no more. Locked while closed."""
        return self.vault.print_papers(self._opened())

    def close(self) -> None:
        """Forget the keys, as far as Python forgets."""
        secrets, self._secrets = self._secrets, None
        if secrets is not None:
            secrets.forget()

    def _opened(self) -> Secrets:
        if self._secrets is None:
            raise Locked("this laptop is closed", "open it with its passphrase")
        return self._secrets
