"""`python -m undying.cli`, for the processes that `undying serve` starts."""

from undying.cli import main

main()
