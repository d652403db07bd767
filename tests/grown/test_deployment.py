"""The Dockerfile, the compose file and the Procfile say what the command and the settings know."""

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from balie.cli.root import balie

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"] == "balie"}
PAGE = (ROOT / "docs/operating.md").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def procfile():
    lines = (ROOT / "Procfile").read_text().splitlines()
    return {name: command.strip() for name, command in (line.split(":", 1) for line in lines)}


def parses(arguments):
    """Parse as the command would, without running anything; raises click.UsageError."""
    name, command, context = "balie", balie, None
    while isinstance(command, click.Group):
        context = click.Context(command, info_name=name, parent=context)
        name, command, arguments = command.resolve_command(context, list(arguments))
    command.make_context(name, list(arguments), parent=context)


def commands():
    for name, command in procfile().items():
        program, *arguments = shlex.split(re.sub(r"\$\{\w+:-(\w+)\}", r"\1", command))
        yield pytest.param([program, *arguments], id=f"Procfile {name}")
    for name, one in OURS.items():
        yield pytest.param(["balie", *one["command"]], id=f"compose {name}")
        check = one.get("healthcheck", {}).get("test", [])
        if check[1:2] == ["balie"]:
            yield pytest.param(check[1:], id=f"compose {name} health")
    entry, default = re.findall(r"^(?:ENTRYPOINT|CMD) \[(.*)\]$", DOCKERFILE, re.MULTILINE)
    yield pytest.param(yaml.safe_load(f"[{entry}, {default}]"), id="Dockerfile")
    for line in re.findall(r"docker compose run --rm web (.*)", PAGE):
        yield pytest.param(["balie", *shlex.split(line)], id="operating.md")


@pytest.mark.parametrize("command", list(commands()))
def test_command_is_one_that_balie_has(command):
    program, *arguments = command

    assert program == "balie"
    parses(arguments)


def test_every_part_is_in_both_files():
    parts = {"web", "worker", "scheduler"}

    assert set(OURS) == parts | {"upgrade"}
    assert set(procfile()) == parts | {"release"}
    assert set(SERVICES) == set(OURS) | {"postgresql", "redis"}


def test_every_variable_is_documented():
    text = "\n".join((ROOT / name).read_text() for name in ("compose.yaml", "Procfile"))
    variables = set(re.findall(r"\b(BALIE_\w+|POSTGRES_PASSWORD)\b", text))

    assert variables >= {"BALIE_DATABASE_URL", "BALIE_QUEUE_URL", "BALIE_SECRET_KEYS"}
    assert {name for name in variables if name not in PAGE} == set()


@pytest.mark.parametrize("name", ["BALIE_SECRET_KEYS", "POSTGRES_PASSWORD", "BALIE_PUBLIC_URL"])
def test_variable_without_default_is_asked_for_in_a_sentence_and_in_the_example(name):
    sentences = re.findall(rf"\$\{{{name}:\?(.*?)\}}", (ROOT / "compose.yaml").read_text())

    assert sentences
    assert all(sentence.startswith(f"put {name} into .env, ") for sentence in sentences)
    assert f"\n{name}=" in PAGE


def test_no_secret_stands_in_the_files():
    given = {
        name: value
        for one in SERVICES.values()
        for name, value in one.get("environment", {}).items()
        if re.search("KEYS|PASSWORD|TOKEN", name)
    }

    assert {name: value for name, value in given.items() if not value.startswith("${")} == {}
    assert not re.search(r"(?i)^(ENV|ARG) .*(key|secret|token|password)", DOCKERFILE, re.MULTILINE)


def test_image_runs_without_root_and_takes_only_what_it_is_built_from():
    ignored = (ROOT / ".dockerignore").read_text().split()
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)

    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["balie"]
    assert ignored[0] == "*"
    assert {name for line in copied for name in line.split()} == {
        name[1:] for name in ignored if name.startswith("!")
    }


def test_everything_is_watched_and_started_in_order():
    for name in ("web", "worker", "scheduler", "postgresql", "redis"):
        assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    for name in ("web", "worker", "scheduler"):
        assert SERVICES[name]["depends_on"] == {
            "upgrade": {"condition": "service_completed_successfully"},
            "postgresql": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
        }
    mounted = {
        volume.split(":")[0] for one in SERVICES.values() for volume in one.get("volumes", [])
    }
    assert mounted == set(COMPOSE["volumes"])
