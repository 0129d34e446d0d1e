"""What is in deploy/ is of this program: its commands, settings, files and addresses. The images
themselves are not built here."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import __main__ as command
from bot.server import STOPS_IN
from bot.settings import NAMES
from tests.running import ROOT, Outcomes
from tests.test_server import started

DEPLOY = ROOT / "deploy"
ONLY_IN_IMAGE = {
    "PATH",
    "PYTHONDONTWRITEBYTECODE",
    "HF_HUB_OFFLINE",
    "TRANSFORMERS_OFFLINE",
    "HF_HOME",
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def containerfile() -> list[tuple[str, str]]:
    """Its instructions, each with what it is given."""
    text = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [
        (one, " ".join(rest.split())) for one, _, rest in (line.partition(" ") for line in lines)
    ]


def given(instruction: str) -> list[str]:
    return [rest for one, rest in containerfile() if one == instruction]


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return read


def offered(capsys: pytest.CaptureFixture[str]) -> set[str]:
    with pytest.raises(SystemExit):
        command.main(["--help"])
    return set(re.findall(r"^ {4}([a-z-]+)(?: |$)", capsys.readouterr().out, re.MULTILINE))


def healthcheck() -> list[str]:
    (told,) = given("HEALTHCHECK")
    run: list[str] = json.loads(told.partition("CMD ")[2])
    return run


def test_the_image_is_made_of_what_is_there() -> None:
    copied = [one for rest in given("COPY") if "--from" not in rest for one in rest.split()[:-1]]
    assert {"bot", "indexer", "knowledge", "manifest.json", "requirements.lock"} <= set(copied)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert not set(copied) & {".", ".env", "var", "tests"}, "nothing kept and no secret goes in"
    versions = {
        tuple(map(int, one.groups()))
        for one in map(re.compile(r"python:(\d+)\.(\d+)-slim").match, given("FROM"))
        if one
    }
    assert versions == {(3, 12)}
    assert "<3.13" in PROJECT["requires-python"]


def test_the_image_installs_as_the_makefile_does() -> None:
    """By hashes, and only then by versions: torch alone is left, and named in the lock alone."""
    made = (ROOT / "Makefile").read_text("utf-8")
    steps = re.findall(r"\$\(PIP\) (-.*?)\)?$", made, re.MULTILINE)
    taken = [rest.partition("--no-cache-dir ")[2] for rest in given("RUN") if "pip" in rest]
    (torch,) = (one for one in taken if "download.pytorch.org" in one)
    assert [one for one in taken if one != torch] == steps
    assert steps[0] == "--require-hashes --no-deps --only-binary :all: -r requirements.hashes"
    assert taken.index(torch) == 1
    assert torch.startswith("--no-deps --index-url ")
    assert torch.endswith("\"$(grep '^torch==' requirements.lock)\"")


def test_the_image_runs_as_nobody_who_matters_and_writes_to_its_volume_alone() -> None:
    after = containerfile()[
        len(containerfile()) - containerfile()[::-1].index(("FROM", "python:3.12-slim")) :
    ]
    assert ("USER", "outcomes") in after
    assert ("VOLUME", "/data") in after
    installs = [rest for one, rest in after if one == "RUN" and re.search("apt|pip|gcc", rest)]
    assert installs == [], "what builds stays behind"


def test_the_image_sets_what_the_program_reads_and_starts_what_it_has(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = {one.partition("=")[0] for rest in given("ENV") for one in rest.split()}
    assert names - ONLY_IN_IMAGE <= set(NAMES)
    assert {"OUTCOMES_HOME", "OUTCOMES_HOST"} <= names
    started_with = " ".join(given("CMD"))
    assert set(re.findall(r"outcomes (\w+)", started_with)) <= offered(capsys)
    assert "exec outcomes serve" in started_with, "which then is told to stop itself"


def test_python_steps_of_the_image_can_be_run() -> None:
    """As they are written, on the files that they are for."""
    (compiling,) = (rest for rest in given("RUN") if "compileall" in rest)
    words = compiling.split()
    finished = subprocess.run(
        [sys.executable, *words[1:-1], "knowledge"], cwd=ROOT, capture_output=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    (line,) = (one for one in healthcheck() if "healthz" in one)
    ast.parse(line)


def test_the_health_check_tells_a_bot_that_answers(outcomes: Outcomes) -> None:
    with started(outcomes) as (_, address):
        port = address.rpartition(":")[2]
        assert checked(port) == 0
    assert checked(port) != 0, "and one that does not"


def checked(port: str) -> int:
    run = [sys.executable, *healthcheck()[1:]]
    environment = {"OUTCOMES_PORT": port}
    return subprocess.run(run, env=environment, capture_output=True, check=False).returncode


def test_compose_names_settings_that_there_are() -> None:
    services = compose()["services"]
    bot, database = services["bot"], services["database"]
    assert set(bot["environment"]) <= set(NAMES)
    assert (DEPLOY / bot["build"]["context"] / bot["build"]["dockerfile"]).is_file()
    assert all(one.startswith("127.0.0.1:") for one in bot["ports"])
    assert "ports" not in database, "nobody else reaches the database"
    assert bot["depends_on"]["database"]["condition"] == "service_healthy"
    assert database["healthcheck"]["test"][1] == "pg_isready"
    address = bot["environment"]["DATABASE_URL"]
    assert f"//{database['environment']['POSTGRES_USER']}:" in address
    assert address.endswith(f"@database/{database['environment']['POSTGRES_DB']}")
    assert (bot["read_only"], bot["cap_drop"]) == (True, ["ALL"])
    volumes = {one.partition(":")[0] for it in services.values() for one in it["volumes"]}
    assert volumes == set(compose()["volumes"])
    assert set(given("EXPOSE")) == {bot["environment"]["OUTCOMES_PORT"]}


def unit() -> dict[str, list[str]]:
    lines = (DEPLOY / "outcomes.service").read_text("utf-8").splitlines()
    found: dict[str, list[str]] = {}
    for name, equals, value in (line.partition("=") for line in lines if not line.startswith("#")):
        if equals:
            found.setdefault(name, []).append(value)
    return found


def test_whoever_runs_it_waits_until_it_has_stopped() -> None:
    """For what is begun, and for documents that are being read."""
    least = STOPS_IN + 30
    assert float(unit()["TimeoutStopSec"][0]) > least
    assert float(compose()["services"]["bot"]["stop_grace_period"].rstrip("s")) > least


def test_the_unit_starts_the_program_and_lets_it_write_where_it_must(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = unit()
    (folder,) = found["WorkingDirectory"]
    program, *arguments = found["ExecStart"][0].split()
    assert program == f"{folder}/.venv/bin/outcomes"
    assert set(arguments) <= offered(capsys)
    assert found["ReadWritePaths"] == [f"{folder}/var"]
    hardened = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "UMask": "0077"}
    assert {name: found[name][0] for name in hardened} == hardened
    assert "user net" in found["RestrictNamespaces"], "what reads documents parts from the network"


def test_the_unit_becomes_a_template_as_the_guide_says() -> None:
    """For several processes, each at a port of its own: the environment wins over `.env`."""
    guide = (ROOT / "docs" / "operations.md").read_text("utf-8")
    (script,) = re.findall(r"^sed '([^']+)' deploy/outcomes.service", guide, re.MULTILINE)
    run = ["sed", script, str(DEPLOY / "outcomes.service")]
    made = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    section = made.partition("[Service]")[2].partition("\n[")[0]
    assert "Environment=OUTCOMES_PORT=%i" in section.splitlines()
    assert "OUTCOMES_PORT" in NAMES


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """With a program and an account that are there."""
    text = (DEPLOY / "outcomes.service").read_text("utf-8")
    text = re.sub("^ExecStart=.*", "ExecStart=/bin/true", text, flags=re.MULTILINE)
    text = re.sub("^User=.*", "User=root", text, flags=re.MULTILINE)
    file = tmp_path / "outcomes.service"
    file.write_text(text)
    told = subprocess.run(
        ["systemd-analyze", "verify", str(file)], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stderr) == (0, "")
