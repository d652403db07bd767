"""``python -m balie.cli`` is ``balie``."""

from balie.cli.root import main

main()
