"""Payloads held against Slack's own TypeScript types, by the compiler, all of them in one run."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.clients.needs import MODULES
from tests.clients.payloads import What
from tests.clients.slack_checks import blocks_of, read

_HEAD = (
    'import type { HomeView, KnownBlock, ModalView } from "@slack/types";',
    'type Known<View> = Omit<View, "blocks"> & { blocks: KnownBlock[] };',
)
_TYPES: dict[What, str] = {
    "message": "KnownBlock[]",
    "modal": "Known<ModalView>",
    "home": "Known<HomeView>",
}
_OPTIONS = {
    "strict": True,
    "noEmit": True,
    "module": "esnext",
    "moduleResolution": "bundler",
    "target": "es2022",
    "types": [],
    "skipLibCheck": True,
}
_EXCERPT = 200  # characters of a payload in what is told of it
_ERROR = re.compile(r"payloads\.ts\((\d+),\d+\): error (TS\d+: .*)")


def faults(sent: Iterable[tuple[str, What, object]], folder: Path) -> list[str]:
    """What the compiler has against each payload, with who sent it; `folder` is to be written in.

    Payloads that are the same are compiled once, for whoever sent them first.
    """
    lines: dict[str, str] = {}
    for name, what, payload in sent:
        value = blocks_of(payload) if what == "message" else read(payload)
        # Every sign beyond ASCII is escaped, so that a payload is one line of the program.
        lines.setdefault(f"{_TYPES[what]} = {json.dumps(value)};", name)
    program = [*_HEAD, *(f"export const p{at}: {line}" for at, line in enumerate(lines))]
    (folder / "payloads.ts").write_text("\n".join(program), "utf-8")
    (folder / "tsconfig.json").write_text(
        json.dumps({"compilerOptions": _OPTIONS, "files": ["payloads.ts"]}), "utf-8"
    )
    (folder / "node_modules").symlink_to(MODULES, target_is_directory=True)
    return _told(folder, [f"{name}: {line[:_EXCERPT]}" for line, name in lines.items()])


def _told(folder: Path, sent: list[str]) -> list[str]:
    compiler = ["node", str(MODULES / "typescript" / "bin" / "tsc"), "--pretty", "false"]
    done = subprocess.run([*compiler, "-p", "."], cwd=folder, capture_output=True, text=True)
    found = [
        f"{sent[int(line) - len(_HEAD) - 1]}: {error}"
        for line, error in _ERROR.findall(done.stdout)
    ]
    assert bool(found) == bool(done.returncode), (done.stdout + done.stderr)[-2_000:]
    return found
