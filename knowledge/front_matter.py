"""Front matter with its lines: YAML read as nodes, so that values stay as they were written."""

from dataclasses import dataclass
from typing import Any

import yaml

from knowledge.fault import Fault

# The C loader is many times faster, but PyYAML can be built without it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"
_FENCE = "---"
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Value:
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One key: its values, in a list or alone. An empty value is no value at all."""

    line: int
    values: tuple[Value, ...]
    is_list: bool


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The keys of one text; `body_line` is the first line after the closing fence."""

    entries: dict[str, Entry]
    body_line: int
    faults: tuple[Fault, ...]


def read_front_matter(file: str, lines: list[str]) -> FrontMatter:
    fences = [number for number, line in enumerate(lines, 1) if line.rstrip() == _FENCE]
    if lines[:1] != [_FENCE] or len(fences) < 2:
        cure = "begin the file with a line ---, the keys, and another line ---"
        return FrontMatter({}, 1, (Fault(file, 1, "no front matter", cure),))
    source = "\n".join(lines[1 : fences[1] - 1])
    return _Reading(file).read(source, fences[1] + 1)


class _Reading:
    """Goes through the nodes of one file and gathers the faults on the way."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._faults: list[Fault] = []

    def read(self, source: str, body_line: int) -> FrontMatter:
        return FrontMatter(self._entries(source), body_line, tuple(self._faults))

    def _entries(self, source: str) -> dict[str, Entry]:
        try:
            if line := _too_deep(source):
                self._add(line, "lists within lists", "write a value, or one plain list")
                return {}
            root = yaml.compose(source, Loader=_LOADER)
        except yaml.YAMLError as error:
            self._add(_error_line(error), f"not readable as YAML: {_reason(error)}", _QUOTE)
            return {}
        if not isinstance(root, yaml.MappingNode):
            self._add(2, "the front matter has no keys", "write each as `key: value`")
            return {}
        return self._mapping(root)

    def _mapping(self, root: yaml.MappingNode) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for key, node in root.value:
            line = _line(key)
            if not isinstance(key, yaml.ScalarNode):
                self._add(line, "a key that is not a word", "write each as `key: value`")
            elif key.value in entries:
                self._add(line, f"key '{key.value}' stands twice", "keep one of them")
            else:
                entries[key.value] = self._entry(key.value, line, node)
        return entries

    def _entry(self, key: str, line: int, node: yaml.Node) -> Entry:
        if isinstance(node, yaml.SequenceNode):
            values = [self._value(key, item) for item in node.value]
            return Entry(line, tuple(value for value in values if value), is_list=True)
        if isinstance(node, yaml.ScalarNode) and node.tag == _NULL:
            return Entry(line, (), is_list=False)
        value = self._value(key, node)
        return Entry(line, (value,) if value else (), is_list=False)

    def _value(self, key: str, node: yaml.Node) -> Value | None:
        line = _line(node)
        if not isinstance(node, yaml.ScalarNode):
            cure = "write plain text, in quotes where it holds a colon or a bracket"
            self._add(line, f"'{key}' holds a list or keys where a text belongs", cure)
        elif node.tag == _NULL or not node.value.strip():
            self._add(line, f"'{key}' holds an empty item", "write a text or take it out")
        else:
            return Value(" ".join(node.value.split()), line)
        return None

    def _add(self, line: int, problem: str, cure: str) -> None:
        self._faults.append(Fault(self._file, line, problem, cure))


_QUOTE = "put a value that holds ': ' or begins with a mark in quotes, and indent lists by two"


def _too_deep(source: str) -> int | None:
    """The line where nesting goes beyond sense; composing that would break the interpreter."""
    depth = 0
    for event in yaml.parse(source, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return _line(event)
    return None


def _line(found: yaml.Node | yaml.Event) -> int:
    """Of a node or an event; marks count from nought, and the fence comes first."""
    return (found.start_mark.line if found.start_mark else 0) + 2


def _error_line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 2 if mark else 2


def _reason(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or "a character that YAML does not allow")
