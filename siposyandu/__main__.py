"""`python -m siposyandu` is the same as `siposyandu`."""

from siposyandu import bytecode


def main() -> None:
    """Run the program, its byte code read in one sweep where it is kept so."""
    bytecode.begin()
    from siposyandu import cli  # only now: all that it imports is in the sweep

    cli.main()


if __name__ == "__main__":
    main()
