"""What identifies a template: its name and its language."""

import re

_REGION = re.compile(r"([a-z]{2,3})[-_]([A-Za-z0-9]{2,4})")


def language_of(written: str) -> str:
    """Return a language as templates are sent with it; webhooks write en-US for en_US."""
    match = _REGION.fullmatch(written)
    return f"{match[1]}_{match[2]}" if match else written


def cache_key(name: str, language: str) -> str:
    """Return where a template's components are kept between two sends."""
    return f"template:{name}:{language}"
