"""`python -m siposyandu` is the same as `siposyandu`."""

from siposyandu.cli import main

main()
