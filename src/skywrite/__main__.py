"""`python -m skywrite` is the command line."""

from skywrite.cli.main import main

main()
