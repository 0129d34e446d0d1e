"""The platforms' own schemas of their manifests, where this machine has them.

They are others' work and never copied into the repository. `OUTCOMES_SCHEMAS` names a folder
that holds them, in either layout: the one beside the checkout, or that of the npm package
`@microsoft/app-manifest` (its `build/json-schemas`) and of Slack's `manifest-schema`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for

from tests.running import ROOT

BESIDE = ROOT.parent / "shared" / "schemas"


def faults(document: Mapping[str, Any], *places: str) -> list[str]:
    """What the schema at the first of the places that exists has against the document.

    Skips the test where there is none: a run without the schemas says so.
    """
    folder = Path(os.environ.get("OUTCOMES_SCHEMAS") or BESIDE)
    found = [folder / place for place in places if (folder / place).is_file()]
    if not found:
        pytest.skip(
            f"NOT CHECKED against the official schema: no {' or '.join(places)} in {folder}; "
            "set OUTCOMES_SCHEMAS to a folder that has it"
        )
    schema = json.loads(found[0].read_text("utf-8-sig"))
    errors = validator_for(schema)(schema).iter_errors(document)
    # One error may stand for a whole list of alternatives: the deepest says what is wrong.
    causes = [best_match([error]) or error for error in errors]
    return [f"{'/'.join(map(str, cause.absolute_path))}: {cause.message}" for cause in causes]
