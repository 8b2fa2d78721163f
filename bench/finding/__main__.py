"""`python -m bench.finding`: see `measure`."""

from bench.finding.measure import main

main()
