"""What the client tests need and this project does not ship: Chromium, Node.js, npm packages.

`python -m tests.clients.needs` brings what it can, and says in a line what is missing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
OLDEST_NODE = 20
_LOCK, _INSTALLED = HERE / "package-lock.json", MODULES / ".installed"


class Missing(Exception):
    """What is missing, and what to do."""


def chromium() -> str:
    """Where Chromium is; "" where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or ""


def bring() -> None:
    """Have all that is needed. Raises Missing."""
    _browser()
    _node()
    _packages()


def _browser() -> None:
    debian = shutil.which("apt-get") and os.geteuid() == 0
    if not chromium() and debian:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update"], ["install", "-y", "chromium"]):
            _run(["apt-get", "-qq", *step], "Chromium could not be installed", quiet)
    if not chromium():
        raise Missing("Chromium is missing: apt install chromium (on Debian), then try again")


def _node() -> None:
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        raise Missing(f"Node.js {OLDEST_NODE} or newer with npm is missing: install both")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    if int(version.stdout.lstrip("v").partition(".")[0]) < OLDEST_NODE:
        raise Missing(f"Node.js {version.stdout.strip()} is too old: {OLDEST_NODE} is needed")


def _packages() -> None:
    """As the lock has them; at once where they are there already."""
    wanted = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    if _INSTALLED.is_file() and _INSTALLED.read_text("utf-8") == wanted:
        return
    _run(["npm", "ci", "--loglevel=error"], "npm packages could not be installed", None)
    _INSTALLED.write_text(wanted, "utf-8")


def _run(command: list[str], fault: str, settings: dict[str, str] | None) -> None:
    done = subprocess.run(command, cwd=HERE, env=settings, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Missing(f"{fault}: {' '.join(last)}")


if __name__ == "__main__":
    try:
        bring()
    except Missing as error:
        sys.exit(f"make test-clients: {error}")
