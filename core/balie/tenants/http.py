"""The requests session that a plugin gets: with time-outs, to its own hosts only."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from balie.api import PermanentError

CONNECT_SECONDS = 5.0
READ_SECONDS = 25.0
_POOL = 32


class VendorSession(requests.Session):
    """Speaks only to the given ``host:port`` pairs and follows no redirect.

    ``*.example.com:443`` stands for every host below example.com.

    A redirect could carry a token to another host (landscape A7); a plugin that must follow one
    does so on purpose, without the token. Proxies and netrc of the machine are not consulted.
    """

    def __init__(self, hosts: frozenset[str]) -> None:
        super().__init__()
        self.trust_env = False
        self._hosts = hosts
        adapter = HTTPAdapter(pool_connections=len(hosts) or 1, pool_maxsize=_POOL)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send one request. Raises PermanentError for a host that the settings do not name."""
        # Here and not in request(): what is sent is what was prepared, however it was written.
        self._admit(request.url or "")
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = (CONNECT_SECONDS, READ_SECONDS)
        kwargs["allow_redirects"] = False
        return super().send(request, **kwargs)

    def _admit(self, url: str) -> None:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if not self._knows(parts.hostname or "", port):
            raise PermanentError(f"{parts.hostname}:{port} is not a host of this connection")

    def _knows(self, host: str, port: int) -> bool:
        if f"{host}:{port}" in self._hosts:
            return True
        labels = host.split(".")
        return any(
            f"*.{'.'.join(labels[start:])}:{port}" in self._hosts for start in range(1, len(labels))
        )


def frozen(config: dict[str, Any]) -> Mapping[str, Any]:
    """Return settings that cannot be changed and whose repr shows no value."""
    return _Settings(config)


class _Settings(Mapping[str, Any]):
    __slots__ = ("_values",)

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<settings {sorted(self._values)}>"
