"""One file as read, before it becomes a text: its keys, its sections and every fault in it."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.body import find_odd_characters, read_body
from knowledge.fault import Fault
from knowledge.front_matter import Entry, FrontMatter, read_front_matter
from knowledge.library import Section
from knowledge.shapes import Key, Shape

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Draft:
    id: str
    file: str
    entries: dict[str, Entry]
    sections: tuple[Section, ...]
    digest: str
    faults: tuple[Fault, ...]

    def text(self, key: str) -> str:
        return next(iter(self.texts(key)), "")

    def texts(self, key: str) -> tuple[str, ...]:
        entry = self.entries.get(key)
        return tuple(value.text for value in entry.values) if entry else ()

    def line(self, key: str) -> int:
        entry = self.entries.get(key)
        return entry.line if entry else 1


def read_draft(path: Path, shape: Shape) -> Draft:
    try:
        content = path.read_bytes()
        source = content.decode("utf-8-sig")
    except OSError as error:
        return _unread(path, 1, f"not readable: {error.strerror}", "check the file's permissions")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _unread(path, line, "a character that is not UTF-8", "save the file as UTF-8")
    lines = source.replace("\r\n", "\n").split("\n")
    return _from_lines(path, lines, shape, hashlib.sha256(content).hexdigest())


def _unread(path: Path, line: int, problem: str, cure: str) -> Draft:
    return Draft(path.stem, str(path), {}, (), "", (Fault(str(path), line, problem, cure),))


def _from_lines(path: Path, lines: list[str], shape: Shape, digest: str) -> Draft:
    file = str(path)
    front = read_front_matter(file, lines)
    faults = [*_id_faults(path), *find_odd_characters(file, lines), *front.faults]
    sections: tuple[Section, ...] = ()
    if front.body_line > 1:
        faults += _key_faults(file, front, shape)
        sections, found = read_body(file, lines[front.body_line - 1 :], front.body_line)
        faults += found
    return Draft(path.stem, file, front.entries, sections, digest, tuple(faults))


def _id_faults(path: Path) -> list[Fault]:
    if _ID.fullmatch(path.stem):
        return []
    cure = "rename it in lower case, words joined by hyphens, like rochdale-mesh-network.md"
    return [Fault(str(path), 1, f"'{path.stem}' cannot be an id", cure)]


def _key_faults(file: str, front: FrontMatter, shape: Shape) -> list[Fault]:
    if not front.entries:  # said already: nothing in the front matter could be read
        return []
    faults = []
    for name, entry in front.entries.items():
        if name not in shape:
            cure = f"use only: {', '.join(shape)}"
            faults.append(Fault(file, entry.line, f"unknown key '{name}'", cure))
        else:
            faults += _entry_faults(file, name, entry, shape[name])
    for name, key in shape.items():
        if key.required and name not in front.entries:
            cure = f"add `{name}: `, with {'a list' if key.is_list else 'a value'}"
            faults.append(Fault(file, 1, f"key '{name}' is missing", cure))
    return faults


def _entry_faults(file: str, name: str, entry: Entry, key: Key) -> list[Fault]:
    if entry.is_list != key.is_list and entry.values:
        wanted = "a list, one `- ` line an item" if key.is_list else "one value, not a list"
        return [Fault(file, entry.line, f"'{name}' has the wrong form", f"write {wanted}")]
    if not entry.values:
        cure = "write one" if key.required else "write one or take the key out"
        return [Fault(file, entry.line, f"'{name}' has no value", cure)]
    return [*_bad_values(file, name, entry, key), *_repeated_values(file, name, entry)]


def _bad_values(file: str, name: str, entry: Entry, key: Key) -> Iterator[Fault]:
    for value in entry.values:
        if cure := key.check(value.text):
            yield Fault(file, value.line, f"{name}: '{value.text}' cannot stand", cure)


def _repeated_values(file: str, name: str, entry: Entry) -> Iterator[Fault]:
    seen: set[str] = set()
    for value in entry.values:
        if value.text.casefold() in seen:
            yield Fault(
                file, value.line, f"{name}: '{value.text}' stands twice", "keep one of them"
            )
        seen.add(value.text.casefold())
