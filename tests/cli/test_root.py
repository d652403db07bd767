"""The command as a whole: settings, schema, plugins, doctor, ports."""

import json
import os
import socket
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from tests.e2e.whole import free_port

SAMPLE_KEY = "c2FtcGxlLWtleS1mb3ItZG9jdW1lbnRhdGlvbi1vbmx5IQ=="
EVERY_COMMAND = [
    ("tenant", "list"),
    ("plugin", "list"),
    ("connection", "show", "a", "b"),
    ("ledger", "balance"),
    ("trace", "x"),
    ("db", "upgrade"),
    ("db", "downgrade", "0001"),
    ("doctor",),
    ("serve",),
]


@pytest.mark.parametrize("arguments", EVERY_COMMAND)
@pytest.mark.parametrize("keys", [None, "", SAMPLE_KEY, "short"])
def test_unsafe_keys_are_refused_naming_the_variable(balie, monkeypatch, arguments, keys):
    if keys is None:
        monkeypatch.delenv("BALIE_SECRET_KEYS")
    else:
        monkeypatch.setenv("BALIE_SECRET_KEYS", keys)

    refused = balie(*arguments)

    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("balie: BALIE_SECRET_KEYS: ")
    assert "openssl rand" in refused.err


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "BALIE_DATABASE_URL is no address"),
        ("mysql://127.0.0.1/balie", "BALIE_DATABASE_URL: mysql is neither sqlite nor postgresql"),
        ("postgresql://user:geheim@127.0.0.1:1/balie", "the database is not available"),
        ("sqlite:////proc/nothing/balie.db", "the database's folder cannot be made"),
        ("sqlite:////proc/version", "the database is not available"),
    ],
)
def test_database_that_is_none_is_said(balie, monkeypatch, url, sentence):
    monkeypatch.setenv("BALIE_DATABASE_URL", url)

    refused = balie("tenant", "list")

    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith(f"balie: {sentence}")
    assert "geheim" not in refused.err


def test_database_without_schema_is_said_and_upgraded(balie, monkeypatch, tmp_path):
    monkeypatch.setenv("BALIE_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")

    early = balie("tenant", "list")
    sick = balie("doctor", "--json")
    first, second = (balie("db", "upgrade", "--json").json for _ in range(2))

    assert early.code == 1
    assert early.err.endswith("run: balie db upgrade\n")
    assert sick.code == 1
    assert [row["what"] for row in sick.json if not row["ok"]] == ["schema"]
    assert (first["before"], second["before"]) == (None, first["schema"])
    assert balie("db", "upgrade").out == f"schema {first['schema']}, as before\n"
    assert balie("doctor").code == 0


def test_doctor_is_content_with_a_whole_installation(winkel):
    looked = winkel("doctor", "--json")

    assert looked.code == 0
    assert [row["what"] for row in looked.json] == [
        "database",
        "schema",
        "plugin crm_zendesk",
        "plugin livechat",
        "plugin mail",
        "plugin whatsapp",
        "connection winkel/whatsapp",
        "connection winkel/zendesk",
        "ledger",
    ]


def test_doctor_tells_of_settings_that_no_key_opens(winkel, monkeypatch):
    monkeypatch.setenv("BALIE_SECRET_KEYS", Fernet.generate_key().decode())

    looked = winkel("doctor", "--json")
    shown = winkel("connection", "show", "winkel", "zendesk")

    assert looked.code == 1
    wrong = [row for row in looked.json if not row["ok"]]
    assert [row["what"] for row in wrong] == [
        "connection winkel/whatsapp",
        "connection winkel/zendesk",
    ]
    assert all("BALIE_SECRET_KEYS" in row["text"] for row in wrong)
    assert shown.code == 1
    assert shown.err == "balie: none of BALIE_SECRET_KEYS opens it\n"


def test_doctor_does_not_show_the_databases_password(balie, monkeypatch):
    monkeypatch.setenv("BALIE_DATABASE_URL", "postgresql://user:geheim@127.0.0.1:1/balie")

    looked = balie("doctor")

    assert looked.code == 1
    assert "geheim" not in looked.out + looked.err


def test_plugin_list_tells_of_a_broken_one(balie, monkeypatch, tmp_path):
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "broken.py").write_text("raise RuntimeError('out of order')\n")
    (folder / "no_plugin.py").write_text("plugin = object()\n")
    monkeypatch.setenv("BALIE_PLUGINS_DIR", str(folder))

    listed = balie("plugin", "list", "--json")
    looked = balie("doctor")

    states = {row["plugin"]: row["state"] for row in listed.json}
    well = {"crm_zendesk", "livechat", "mail", "whatsapp"}
    assert {plugin for plugin, state in states.items() if state == "ok"} == well
    assert [state for plugin, state in states.items() if plugin not in well] == ["failed"] * 2
    assert "out of order" in listed.out
    assert looked.code == 1


def test_unknown_command_is_2_and_help_is_0(balie):
    unknown = balie("telephone")
    helped = balie("--help")

    assert (unknown.code, unknown.out) == (2, "")
    assert "No such command 'telephone'" in unknown.err
    assert helped.code == 0
    for word in ("serve", "demo", "tenant", "connection", "ledger", "trace", "doctor"):
        assert word in helped.out


def test_port_that_is_taken_is_said(balie):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        served = balie("serve", "--port", port)

    assert served.code == 1
    assert served.err == (f"Error: nothing can listen on 127.0.0.1, port {port}: is it in use?\n")


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_port_that_is_none_is_2(balie, port):
    assert balie("serve", "--port", port).code == 2


def test_sandbox_says_that_its_port_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "balie.cli", "sandbox", "--port", port],
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )

    assert (done.returncode, done.stderr) == (
        1,
        f"Cannot listen on 127.0.0.1:{port}: Address already in use.\n",
    )


def test_demo_plays_the_story_and_prints_each_step(tmp_path):
    ports = ("--port", str(free_port()), "--sandbox-port", str(free_port()))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "balie.cli", "demo", "--once", "--json", *ports),
            *("--folder", str(tmp_path / "demo")),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["ok"], told["failed"]) == (True, None)
    assert [step["step"] for step in told["steps"]] == [
        "a ticket is made of the customer's message",
        "the customer is recognised by number",
        "the message is in the ticket",
        "the agent's answer is on the phone",
        "Balie knows that it is delivered",
        "Balie knows that it is read",
        "the ledger balances",
    ]
    assert all(step["milliseconds"] >= 0 for step in told["steps"])


def test_demo_that_cannot_start_says_why_as_json(balie, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        played = balie(
            "demo", "--once", "--json", "--sandbox-port", port, "--folder", str(tmp_path / "demo")
        )

    assert played.code == 1
    assert played.json == {
        "ok": False,
        "failed": f"port {port} is taken; choose others: balie demo --help",
        "steps": [],
    }


def test_serve_without_a_database_says_so_and_ends():
    environment = {
        **os.environ,
        "BALIE_DATABASE_URL": "postgresql://127.0.0.1:1/balie",
        "BALIE_SECRET_KEYS": Fernet.generate_key().decode(),
    }
    done = subprocess.run(
        [sys.executable, "-m", "balie.cli", "serve", "--port", str(free_port())],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert done.returncode != 0
    assert "balie: the database is not available" in done.stderr
    assert "Traceback" not in done.stderr
