"""The check of what a plugin says of itself."""

import re

from balie.api import API_VERSION, ConfigSchema, Kind, Manifest
from balie.hooks.errors import RegistrationRefused

_ID = re.compile(r"[a-z][a-z0-9_]{0,62}")


def read_manifest(plugin: object, name: str) -> Manifest:
    """Return the plugin's manifest; ``name`` is what it was found under.

    Raises RegistrationRefused, with every fault in one message.
    """
    if isinstance(plugin, type):
        raise RegistrationRefused(
            f"plugin {name} is a class; write `plugin = {plugin.__name__}()`, with the brackets."
        )
    manifest = getattr(plugin, "manifest", None)
    if not isinstance(manifest, Manifest):
        raise RegistrationRefused(
            f"plugin {name} has no manifest; write `manifest = Manifest(id=…, name=…, kind=…, "
            f"config=…)` in it (found: {type(manifest).__name__})."
        )
    faults = _faults(manifest)
    if faults:
        raise RegistrationRefused(f"plugin {name}: {' '.join(faults)}")
    return manifest


def _faults(manifest: Manifest) -> list[str]:
    faults = []
    if not isinstance(manifest.id, str) or not _ID.fullmatch(manifest.id):
        faults.append(
            f"its id {manifest.id!r} is not lower_snake; write a-z, 0-9 and _, such as 'my_desk'."
        )
    if not isinstance(manifest.name, str) or not manifest.name.strip():
        faults.append("its name is empty; write what people should read.")
    if not isinstance(manifest.kind, Kind):
        kinds = ", ".join(f"Kind.{kind.name}" for kind in Kind)
        faults.append(f"its kind {manifest.kind!r} is none of {kinds}.")
    if not isinstance(manifest.config, type) or not issubclass(manifest.config, ConfigSchema):
        faults.append(
            "its config is no subclass of ConfigSchema; write `class Config(ConfigSchema)`."
        )
    if manifest.api_version != API_VERSION:
        faults.append(
            f"it is written for API version {manifest.api_version!r}, this Balie speaks "
            f"{API_VERSION}; install a version of it made for {API_VERSION}."
        )
    return faults
