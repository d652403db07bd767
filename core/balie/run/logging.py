"""Structured logs on standard error, with numbers of people and secrets masked."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

# 8 to 15 digits with what people put between them; an address of the Internet is none.
_NUMBER = re.compile(
    r"(?<!\w)(?<!\d\.)(?!\d{1,3}(?:\.\d{1,3}){3}(?![\w.]))"
    r"(\+?\(?\d\d)(?:[ ().-]{0,3}\d){4,11}[ ().-]{0,3}(\d\d)(?!\w|\.\d)"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+\S+")
_SENSITIVE = r"(?:token|secret|password|authorization|api_key)"
_SECRET_NAMES = re.compile(f"(?i){_SENSITIVE}")
_ASSIGNED = re.compile(rf"(?i)({_SENSITIVE}\w*[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;}}]+")
#: WhatsApp's ids hold the customer's number, in base64; the end tells them apart.
_WAMID = re.compile(
    r"\bwamid\.[A-Za-z0-9+/_-]{12,}?([A-Za-z0-9+/_-]{0,8}={0,2})(?![A-Za-z0-9+/_=-])"
)
_SHORTEST_NUMBER = 10_000_000
_PLAIN = frozenset({"level", "timestamp", "logger", "item", "lane", "tenant", "connection"})


def configure(level: str) -> None:
    """Set up logging for this process.

    ``level`` is debug, info, warning or error; ``json`` is info as JSON.
    """
    as_json = level == "json"
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.WARNING))


def mask(
    _logger: object, _method: str, facts: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Mask what must not stand in a log: telephone numbers, tokens, secrets."""
    for name, value in facts.items():
        if name not in _PLAIN and not name.startswith("_"):
            facts[name] = _masked(name, value)
    return facts


def _masked(name: str, value: Any) -> Any:
    if _SECRET_NAMES.search(name):
        return "••••"
    if isinstance(value, Mapping):
        return {key: _masked(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(name, inner) for inner in value]
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and abs(value) < _SHORTEST_NUMBER:
        return value
    text = _ASSIGNED.sub(r"\1••••", _BEARER.sub(r"\1 ••••", str(value)))
    if "wamid." in text:
        text = _WAMID.sub(r"wamid.••••\1", text)
    return _NUMBER.sub(r"\1••••\2", text)
