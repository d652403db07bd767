"""Sees to it that the browser tests have their browser. Run by ``make test``."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """Return the path of the system's Chromium."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> int:
    """Install Debian's Chromium where it is missing and we may; else say how."""
    if find():
        return 0
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(  # noqa: T201 -- a command's output
            "The browser tests need Chromium; install it: sudo apt-get install chromium"
        )
        return 1
    print("Installing Chromium for the browser tests...")  # noqa: T201 -- a command's output
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
        check=True,
        env=quiet,
        stdout=subprocess.DEVNULL,
    )
    return 0 if find() else 1


if __name__ == "__main__":
    sys.exit(main())
