"""The one process: gevent's WSGI server, with a way to drop a connection."""

import socket
import struct

import gevent
from flask import Flask
from gevent.pywsgi import WSGIHandler, WSGIServer

from .fault_gate import ConnectionDropped

#: SO_LINGER on, for 0 seconds: closing sends a reset instead of an orderly end.
LINGER_RESET = struct.pack("ii", 1, 0)


class DroppingHandler(WSGIHandler):  # type: ignore[misc]  # gevent's class is untyped
    """Closes the connection without an answer where the application asks for it."""

    def handle(self) -> None:
        """Serve one connection, sending each part of an answer at once."""
        # Head and body leave apart; Nagle and a delayed ACK would put 40 ms between them.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().handle()

    def run_application(self) -> None:
        """Run one request, letting other connections have a turn first."""
        # A request that never waits would let one keep-alive connection starve the rest.
        gevent.sleep(0)
        try:
            super().run_application()
        except ConnectionDropped:
            self.close_connection = True
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_RESET)
            self.socket.shutdown(socket.SHUT_RDWR)


def make_server(app: Flask, host: str, port: int) -> WSGIServer:
    """Return a server that is not started yet, without an access log."""
    return WSGIServer((host, port), app, handler_class=DroppingHandler, log=None, backlog=1024)
