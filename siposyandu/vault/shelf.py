"""The file of keys, sealed: what the laptop signs with lies on the disk only under a key of the vault."""

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from siposyandu.errors import Broken
from siposyandu.vault.safe import NONCE_BYTES, TokenBytes
from sync.rings import Shelf

MARK = "sealed1 "


class SealedShelf:
    """A shelf (see sync.rings) whose text is sealed before it is written to the shelf under it."""

    def __init__(self, under: Shelf, key: bytes, token_bytes: TokenBytes) -> None:
        self._under, self._box, self._token_bytes = under, SecretBox(key), token_bytes

    def read(self) -> str | None:
        """Return the text, None before the first write. Broken when it was sealed by another laptop."""
        text = self._under.read()
        if text is None:
            return None
        try:
            return self._box.decrypt(bytes.fromhex(text.removeprefix(MARK))).decode()
        except (CryptoError, ValueError) as fault:
            raise Broken("the file of keys is not this vault's", "put both back from one copy") from fault

    @property
    def is_readable(self) -> bool:
        """Whether the text, if there is one, was sealed under this key."""
        try:
            self.read()
        except Broken:
            return False
        return True

    def write(self, text: str) -> None:
        """Replace the text, sealed."""
        sealed = bytes(self._box.encrypt(text.encode(), self._token_bytes(NONCE_BYTES)))
        self._under.write(MARK + sealed.hex())

    def adopt(self) -> None:
        """Seal a text that lies on the shelf in the open, as a laptop's before it was encrypted."""
        text = self._under.read()
        if text is not None and not text.startswith(MARK):
            self.write(text)
