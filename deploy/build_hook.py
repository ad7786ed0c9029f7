"""Makes the catalogues a program can read (.mo) from those that people write (.po), whenever the wheel is built."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):
    """Compiles every catalogue under siposyandu/locale."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files are gathered; for an editable install they land in the source tree."""
        compile_catalogues(Path(self.root) / "siposyandu" / "locale")


def compile_catalogues(folder: Path) -> None:
    """Write each `name.mo` beside its `name.po`."""
    for written in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        with written.open("rb") as source:
            catalogue = read_po(source)
        with written.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)


if __name__ == "__main__":
    compile_catalogues(Path(__file__).parents[1] / "siposyandu" / "locale")
