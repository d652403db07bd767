"""The requests session that a plugin gets: with time-outs, to its own hosts only."""

from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from balie.api import PermanentError
from balie.tenants.wire import VendorAdapter

CONNECT_SECONDS = 5.0
READ_SECONDS = 25.0
_POOL = 32


class VendorSession(requests.Session):
    """Speaks only to the given ``host:port`` pairs and follows no redirect.

    ``*.example.com:443`` stands for every host below example.com.

    A redirect could carry a token to another host (landscape A7); a plugin that must follow one
    does so on purpose, without the token. Proxies and netrc of the machine are not consulted, and
    no cookie is kept: calls are signed by themselves, and none depends on another.
    """

    def __init__(self, hosts: frozenset[str]) -> None:
        super().__init__()
        self.trust_env = False
        self._hosts = hosts
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = VendorAdapter(hosts=len(hosts) or 1, connections=_POOL)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """Prepare a request as requests does, in half its time.

        requests looks for cookies and parameters of the session at each call; here are none.
        """
        if request.cookies or request.files or self.params or self.auth:
            return super().prepare_request(request)
        headers = {**self.headers, **(request.headers or {})}
        prepared = requests.PreparedRequest()
        prepared.prepare_method((request.method or "GET").upper())
        prepared.prepare_url(request.url or "", _encoded(request.params))
        prepared.prepare_headers({name: value for name, value in headers.items() if value})
        prepared.prepare_body(request.data, None, request.json)
        prepared.prepare_auth(request.auth, request.url or "")
        prepared.prepare_hooks(request.hooks)
        return prepared

    def merge_environment_settings(
        self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any
    ) -> Any:
        """Return the settings of one call: its own, or the session's; never the machine's."""
        del url
        return {
            "proxies": proxies or self.proxies,
            "stream": self.stream if stream is None else stream,
            "verify": self.verify if verify is None else verify,
            "cert": cert or self.cert,
        }

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send one request. Raises PermanentError for a host that the settings do not name.

        Of what requests does around it nothing is left to do: there are neither cookies nor
        redirects, nor hooks.
        """
        # Here and not in request(): what is sent is what was prepared, however it was written.
        self._admit(request.url or "")
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = (CONNECT_SECONDS, READ_SECONDS)
        kwargs.pop("allow_redirects", None)
        settings = {"stream": self.stream, "verify": self.verify, "cert": self.cert} | kwargs
        answer = self.get_adapter(request.url or "").send(request, **settings)
        if not settings["stream"]:
            answer.content  # noqa: B018 -- reads it, as requests does, while the call is under way
        return answer

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


def _encoded(params: Any) -> Any:
    """Return a query that requests need not encode itself, which takes it long."""
    if not isinstance(params, dict):
        return params
    return urlencode([pair for pair in params.items() if pair[1] is not None], doseq=True)


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
