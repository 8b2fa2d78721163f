"""`python -m bench.rescue`: see `measure`."""

from bench.rescue.measure import main

main()
