"""The platforms' own schemas of their cards and manifests, where this machine has them.

They are others' work and never copied into the repository. They are looked for in the folder that
`OUTCOMES_SCHEMAS` names, in the one beside the checkout, and in the npm package
`@microsoft/app-manifest`, where the client tests are installed; that one has Teams' manifests
alone, and no package has the schemas of cards or of Slack's manifests.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for

from tests.running import ROOT

CARD = "adaptivecards/adaptive-card-1.5.0.json"
BESIDE = ROOT.parent / "shared" / "schemas"
PACKAGE = ROOT / "tests/clients/node_modules/@microsoft/app-manifest/build/json-schemas"


def faults(document: Mapping[str, Any], *places: str) -> list[str]:
    """What the first schema found at one of the places has against the document.

    Skips the test where there is none: a run without the schemas says so.
    """
    found = next((path for path in _looked_for(places) if path.is_file()), None)
    if found is None:
        pytest.skip(
            f"NOT CHECKED against the official schema: no {' or '.join(places)} in {BESIDE} or "
            "tests/clients/node_modules; set OUTCOMES_SCHEMAS to a folder that has it"
        )
    # One error may stand for a whole list of alternatives: the deepest says what is wrong.
    errors = _validator(found).iter_errors(document)
    causes = [best_match([error]) or error for error in errors]
    return [f"{'/'.join(map(str, cause.absolute_path))}: {cause.message}" for cause in causes]


def slack_places(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the schema of a Slack manifest may be."""
    major = (manifest.get("_metadata") or {}).get("major_version", 1)
    name = f"manifest.schema.{major}.0.0.json"
    return f"slack/{name}", f"schemas/{name}", name


def teams_places(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the schema of a Teams manifest may be."""
    version = manifest["manifestVersion"]
    return (
        f"teams/MicrosoftTeams.v{version}.schema.json",
        f"teams/v{version}/MicrosoftTeams.schema.json",
    )


def _looked_for(places: tuple[str, ...]) -> Iterator[Path]:
    own = os.environ.get("OUTCOMES_SCHEMAS")
    for folder in (*((Path(own),) if own else ()), BESIDE, PACKAGE):
        yield from (folder / place for place in places)


@lru_cache
def _validator(path: Path) -> Validator:
    schema = json.loads(path.read_text("utf-8-sig"))
    made: Validator = validator_for(schema)(schema)
    return made
