"""One fault in a text: where it stands, what is wrong and what would be right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    file: str
    line: int
    problem: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}; {self.cure}"
