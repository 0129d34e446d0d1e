"""`python -m knowledge check [PATH]`: every fault of the texts, or a count of them."""

import argparse
import os
import sys
from pathlib import Path

from knowledge.reader import KnowledgeError, load


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    setting = os.environ.get("OUTCOMES_KNOWLEDGE")
    try:
        library = load(options.path or (Path(setting) if setting else None))
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"outcomes: {len(library.outcomes)}, frameworks: {len(library.frameworks)}, "
        f"case studies: {len(library.case_studies)}; no fault found"
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m knowledge", description="Look after the texts the bot answers from."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser(
        "check",
        help="read every text and name every fault with its file, line and cure",
        description="Read every text and name every fault with its file, line and cure.",
    )
    check.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar="PATH",
        help="a folder with outcomes, frameworks and case_studies "
        "(default: OUTCOMES_KNOWLEDGE, else the shipped texts)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
