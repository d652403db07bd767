"""The connections under a vendor's session: kept, looked at cheaply, and without cookies."""

import select
from typing import Any

from gevent import monkey
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

_system_poll = monkey.get_original("select", "poll")
"""Not gevent's, which goes round its hub even where nobody is to wait."""


class _Wire(HTTPConnection):
    """A connection that sends a short request in one piece.

    Of which it costs little, too, to see whether it is still there.
    """

    _held: list[bytes] | None = None

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Any = None,
        **more: Any,
    ) -> None:
        """Send a request. Head and body go together unless the body is a stream."""
        if not isinstance(body, bytes):
            super().request(method, url, body, headers, **more)
            return
        self._held = []
        try:
            super().request(method, url, body, headers, **more)
            whole = b"".join(self._held)
        finally:
            self._held = None
        self.send(whole)

    def send(self, data: Any) -> None:
        """Send a piece, or keep it until the request is whole."""
        if self._held is None:
            super().send(data)
        else:
            self._held.append(data)

    @property
    def is_connected(self) -> bool:
        """Say whether the other side has neither hung up nor sent what nobody asked for."""
        if self.sock is None:
            return False
        poll = _system_poll()
        poll.register(self.sock.fileno(), select.POLLIN)
        return not poll.poll(0)


class _SecureWire(_Wire, HTTPSConnection):
    """The same, encrypted."""


class _Wires(HTTPConnectionPool):
    ConnectionCls = _Wire


class _SecureWires(HTTPSConnectionPool):
    ConnectionCls = _SecureWire


class VendorAdapter(HTTPAdapter):
    """What requests does for a call to one of few hosts, without a proxy and without cookies.

    requests works out anew at each call which connections serve its host, and looks for cookies
    in each answer.
    """

    def __init__(self, *, hosts: int, connections: int) -> None:
        """Keep so many ``connections`` to each of so many ``hosts``."""
        self._pools: dict[tuple[str, Any, Any], Any] = {}
        self._most = hosts
        super().__init__(pool_connections=hosts, pool_maxsize=connections)
        self.poolmanager.pool_classes_by_scheme = {"http": _Wires, "https": _SecureWires}

    def get_connection_with_tls_context(
        self,
        request: PreparedRequest,
        verify: Any,
        proxies: Any = None,
        cert: Any = None,
    ) -> Any:
        """Return the connections to the request's host."""
        if proxies:
            return super().get_connection_with_tls_context(request, verify, proxies, cert)
        key = ("/".join((request.url or "").split("/", 3)[:3]), verify, cert)
        pool = self._pools.get(key)
        if pool is None or pool.pool is None:  # never used, or closed in favour of other hosts
            if len(self._pools) >= self._most:
                self._pools.clear()
            pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
            self._pools[key] = pool
        return pool

    def build_response(self, req: PreparedRequest, resp: BaseHTTPResponse) -> Response:
        """Return the answer. Cookies in it are nobody's."""
        response = Response()
        response.status_code = resp.status
        response.headers = CaseInsensitiveDict(resp.headers)
        response.encoding = get_encoding_from_headers(response.headers)
        response.raw = resp
        response.reason = resp.reason or ""
        response.url = req.url or ""
        response.request = req
        return response

    def close(self) -> None:
        """Hang up."""
        self._pools.clear()
        super().close()
