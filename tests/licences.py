"""What is installed to run the assistant, and under which licences; both put into an SBOM.

python -m tests.licences FILE    says in a CycloneDX file what is needed to run and what is not
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OURS, EXTRAS = "outcomes-assistant", ("llm", "postgresql")
# What a package's licence may be that runs with us: permissive, or one that asks for its own
# source alone. A licence that asks for ours (GPL, AGPL) is not among them.
PERMISSIVE = (
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CNRI-Python"),
    *(
        "HPND",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "PSF-2.0",
        "Python-2.0",
        "Unicode-3.0",
        "Unlicense",
    ),
    *("Zlib", "bzip2-1.0.6", "libpng-2.0"),
)
OWN_SOURCE = (
    *("LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"),
    *("MPL-1.1", "MPL-2.0"),
)
EXCEPTIONS = ("GCC-exception-3.1", "LLVM-exception")
_BY_WORDS = (
    ("apache", "Apache-2.0"),
    ("mozilla", "MPL-2.0"),
    ("lesser general public", "LGPL-3.0-or-later"),
    ("lgpl", "LGPL-3.0-or-later"),
    ("affero", "AGPL-3.0-or-later"),
    ("general public", "GPL-3.0-or-later"),
    ("gpl", "GPL-3.0-or-later"),
    ("bsd", "BSD-3-Clause"),
    ("mit", "MIT"),
    ("isc", "ISC"),
    ("python software foundation", "PSF-2.0"),
    ("psf", "PSF-2.0"),
    ("unlicense", "Unlicense"),
    ("zlib", "Zlib"),
)
# What their metadata leave out or say in words of their own, looked up in the package itself.
TOLD = {
    "protobuf": "BSD-3-Clause",  # its LICENSE file
    "pypdfium2": "BSD-3-Clause OR Apache-2.0",  # beside PDFium's own, all permissive
}


def needed(extras: Iterable[str] = EXTRAS) -> dict[str, Distribution]:
    """Every package that runs with us, by its name: what ours asks for, and what that brings."""
    found: dict[str, Distribution] = {}
    waiting: list[tuple[str, tuple[str, ...]]] = [(OURS, tuple(extras))]
    seen: set[tuple[str, tuple[str, ...]]] = set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        found[name] = distribution(name)
        waiting += _brought(found[name], wanted)
    del found[OURS]
    return found


def _brought(one: Distribution, extras: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in one.requires or ():
        asked = Requirement(line)
        applies = [not asked.marker or asked.marker.evaluate({"extra": it}) for it in ("", *extras)]
        if any(applies):
            yield canonicalize_name(asked.name), tuple(sorted(asked.extras))


def licence(one: Distribution) -> str:
    """Its licence as an SPDX expression, as far as its metadata tell."""
    told = one.metadata
    name = canonicalize_name(told["Name"])
    if name in TOLD:
        return TOLD[name]
    if "License-Expression" in told:
        return str(told["License-Expression"])
    classified = [
        line.rpartition(" :: ")[2]
        for line in told.get_all("Classifier", ())
        if line.startswith("License ::")
    ]
    words = classified or [
        str(told["License"]).partition("\n")[0][:60] if "License" in told else ""
    ]
    return " OR ".join(dict.fromkeys(filter(None, map(_spdx, words))))


def _spdx(words: str) -> str:
    named = re.split(r"\s+(?:AND|OR|WITH)\s+", words.replace("(", " ").replace(")", " ").strip())
    if all(one in (*PERMISSIVE, *OWN_SOURCE, *EXCEPTIONS) for one in named):
        return words
    low = words.lower()
    return next((spdx for word, spdx in _BY_WORDS if word in low), "")


def allowed(expression: str) -> bool:
    """Whether one of its alternatives asks nothing of our own source."""
    plain = expression.replace("(", " ").replace(")", " ")
    return any(_all_allowed(one) for one in re.split(r"\s+OR\s+", plain))


def _all_allowed(together: str) -> bool:
    named = [one.strip() for one in re.split(r"\s+(?:AND|WITH)\s+", together)]
    return all(one in (*PERMISSIVE, *OWN_SOURCE, *EXCEPTIONS) for one in named)


def table() -> list[tuple[str, str, str]]:
    """Name, version and licence of everything that runs with us."""
    return sorted((name, one.version, licence(one)) for name, one in needed().items())


def scoped(file: Path) -> tuple[int, int]:
    """Say in an SBOM which parts run and which only make, check and test; how many of each."""
    bill = json.loads(file.read_text("utf-8"))
    running = needed()
    for part in bill["components"]:
        part["scope"] = "required" if canonicalize_name(part["name"]) in running else "excluded"
    file.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", "utf-8")
    required = sum(part["scope"] == "required" for part in bill["components"])
    return required, len(bill["components"]) - required


def installed() -> dict[str, str]:
    """The version of everything that is installed here, by its name."""
    return {canonicalize_name(one.metadata["Name"]): one.version for one in distributions()}


if __name__ == "__main__":
    counts = scoped(Path(sys.argv[1]))
    sys.stdout.write(f"{sys.argv[1]}: {counts[0]} parts that run, {counts[1]} that do not\n")
