"""``python -m xlcheck``."""

from xlcheck.commands.cli import main

main()
