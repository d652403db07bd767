"""Secrets: sealed, rotated, masked, and never readable in the database file."""

from pathlib import Path

import pytest
from tests.conftest import PAPER_PLUGINS
from tests.databases import ON_SQLITE
from tests.ledger.paper import HandClock

from balie.api import ConfigInvalid
from balie.api.fields import masked
from balie.run.services import Services
from balie.run.settings import Settings
from balie.tenants.contexts import SettingsUnusable
from balie.tenants.directory import NotPossible, NotThere
from balie.tenants.secrets import SAMPLE_KEYS, KeyInvalid, SealBroken, SecretBox

# They stay: tests are named after them.
OLD, NEW, OTHER = (letter * 42 + "A=" for letter in "ABC")


def test_new_key_in_front_seals_and_the_old_one_still_opens():
    sealed = SecretBox([OLD]).seal(b"token")

    rotated = SecretBox([NEW, OLD])
    assert rotated.open(sealed) == b"token"
    assert SecretBox([NEW]).open(rotated.seal(b"again")) == b"again"
    with pytest.raises(SealBroken):
        SecretBox([NEW]).open(sealed)


def test_what_is_sealed_cannot_be_altered():
    sealed = bytearray(SecretBox([OLD]).seal(b"token"))
    sealed[20] ^= 1

    with pytest.raises(SealBroken):
        SecretBox([OLD]).open(bytes(sealed))


@pytest.mark.parametrize(
    "keys", [[], [""], ["short"], ["é" * 44], [OLD, "x"], ["A" * 44], sorted(SAMPLE_KEYS)], ids=repr
)
def test_key_that_is_none_is_refused(keys):
    with pytest.raises(KeyInvalid):
        SecretBox(keys)


def with_keys(paper, *keys: str) -> Services:
    made = Settings(
        database_url=paper.services.settings.database_url,
        secret_keys=keys,
        plugins_dir=PAPER_PLUGINS,
    )
    return Services(made, clock=HandClock())


def test_rotated_installation_reads_what_the_old_key_sealed(paper):
    old = paper.services.settings.secret_keys
    rotated = with_keys(paper, NEW, *old)
    rotated.directory.set_config("winkel", "desk", {"secret": "e" * 20})
    rotated.store.close()
    new_only = with_keys(paper, NEW)

    desk = new_only.directory.connection("winkel", "desk")
    chat = new_only.directory.connection("winkel", "chat")
    assert new_only.directory.config(desk)["secret"] == "e" * 20
    with pytest.raises(SettingsUnusable, match="none of BALIE_SECRET_KEYS opens it"):
        new_only.contexts.get(chat.id)
    new_only.store.close()


def test_settings_that_no_key_opens_can_be_given_anew(paper):
    lost = with_keys(paper, OTHER)
    with pytest.raises(ConfigInvalid, match="secret"):
        lost.directory.set_config("winkel", "desk", {"lines_per_comment": 3})
    lost.directory.set_config("winkel", "desk", {"secret": "n" * 20})

    desk = lost.directory.connection("winkel", "desk")
    assert lost.contexts.get(desk.id).ctx.config["secret"] == "n" * 20
    lost.store.close()


def test_secrets_do_not_stand_in_the_database_file(paper, tmp_path: Path):
    secret = "sesam-open-u-123456"
    paper.services.directory.set_config("winkel", "desk", {"secret": secret})
    desk = paper.services.directory.connection("winkel", "desk")
    paper.services.contexts.get(desk.id).ctx.kv.set("token", "kv-" + secret, seconds=60)
    if not paper.services.store.is_sqlite:
        assert secret.encode() not in desk.sealed
        return

    files = [path for path in tmp_path.iterdir() if path.name.startswith("balie.db")]
    assert files
    assert all(secret.encode() not in path.read_bytes() for path in files)


def test_secrets_are_masked_for_people(paper):
    schema = paper.services.registry.get("paper_desk").manifest.config()

    shown = masked(schema, {"secret": "d" * 18 + "42", "lines_per_comment": 5, "gone": "x"})
    assert shown == {"secret": "••••42", "lines_per_comment": 5, "gone": "••••"}


def test_settings_in_hand_show_no_value(paper):
    desk = paper.services.directory.connection("winkel", "desk")
    ctx = paper.services.contexts.get(desk.id).ctx

    assert "d" * 20 not in repr(ctx)
    assert repr(ctx.config) == "<settings ['lines_per_comment', 'secret']>"
    with pytest.raises(TypeError):
        ctx.config["secret"] = "x"


# --- The directory -------------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize("slug", ["", "A", "a b", "-a", "a-", "a" * 64, "a/b", "é", "a\0"])
def test_slug_that_cannot_stand_in_an_address_is_refused(paper, slug):
    with pytest.raises(NotPossible, match="cannot be a name in an address"):
        paper.services.directory.add_tenant(slug, name="X", region="NL", locale="nl")


def test_refused_settings_change_nothing(paper):
    directory = paper.services.directory
    with pytest.raises(ConfigInvalid) as caught:
        directory.set_config("winkel", "desk", {"secret": "", "nonsense": 1})

    assert sorted(caught.value.problems) == ["nonsense", "secret"]
    assert directory.config(directory.connection("winkel", "desk"))["secret"] == "d" * 20


def test_channel_files_into_a_helpdesk_of_its_own_tenant_only(paper, another_tenant):
    another_tenant("bakker")
    directory = paper.services.directory
    directory.add_tenant("leeg", name="Leeg", region="NL", locale="nl")

    def add(tenant: str, files_into: str | None) -> None:
        directory.add_connection(
            tenant, "c2", plugin="paper_channel", config={"secret": "x" * 9}, files_into=files_into
        )

    for tenant, target in (("leeg", "desk"), ("winkel", "chat"), ("winkel", None)):
        with pytest.raises(NotPossible):
            add(tenant, target)


def test_connection_of_another_tenant_is_not_there(paper, another_tenant):
    another_tenant("bakker")
    directory = paper.services.directory
    directory.add_connection("winkel", "extra", plugin="paper_policy", config={})

    with pytest.raises(NotThere):
        directory.connection("bakker", "extra")
    assert paper.services.contexts.find("bakker", "extra") is None
    assert paper.services.contexts.find("winkel", "extra\0") is None
    assert [row.slug for row in directory.connections("bakker")] == ["chat", "desk"]


def test_changed_settings_are_noticed_without_a_restart(paper):
    desk = paper.services.directory.connection("winkel", "desk")
    before = paper.services.contexts.get(desk.id).ctx
    paper.services.directory.set_config("winkel", "desk", {"secret": "z" * 20})
    paper.services.contexts.forget(desk.id)

    after = paper.services.contexts.get(desk.id).ctx
    assert (before.config["secret"], after.config["secret"]) == ("d" * 20, "z" * 20)
