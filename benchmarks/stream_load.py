"""Visitors of a site with the widget, many at once, from one process."""

import asyncio
import json
import resource
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

SHOP = "https://shop.example"
BASE = "/livechat/demo/site"
_AT_ONCE = 200


@dataclass(slots=True)
class Listener:
    """One open stream. ``said`` calls back with each message that is heard."""

    token: str
    port: int
    path: str = f"{BASE}/stream"
    last: str = ""
    hello: asyncio.Event = field(default_factory=asyncio.Event)
    failed: str = ""
    said: Callable[[str], None] | None = None
    _task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Connect, and read until closed."""
        self.hello.clear()
        self._task = asyncio.create_task(self._read())

    async def close(self) -> None:
        """Hang up."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _read(self) -> None:
        writer = None
        try:
            # Little is read at a time, and 64 KB of buffer each would be our own memory.
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=8_192)
            lines = [f"GET {self.path} HTTP/1.1", "Host: 127.0.0.1"]
            if self.token:
                lines.append(f"Authorization: Bearer {self.token}")
            if self.last:
                lines.append(f"Last-Event-ID: {self.last}")
            writer.write("\r\n".join([*lines, "", ""]).encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                self.failed = head.split(b"\r\n", 1)[0].decode()
                self.hello.set()
                return
            while line := await reader.readline():
                self._hear(line)
        except (OSError, asyncio.IncompleteReadError) as error:
            self.failed = str(error)
            self.hello.set()
        finally:
            if writer is not None:
                writer.close()

    def _hear(self, line: bytes) -> None:
        if line.startswith(b"id: "):
            self.last = line[4:].strip().decode()
        elif line.startswith(b"event: hello"):
            self.hello.set()
        elif line.startswith(b"data: ") and self.said is not None:
            self.said(line.decode())


async def each(count: int, do: Callable[[int], Awaitable[Any]]) -> list[Any]:
    """Do something so many times, some of it at once."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int) -> Any:
        async with places:
            return await do(number)

    return list(await asyncio.gather(*(one(number) for number in range(count))))


async def opened(listeners: Sequence[Listener]) -> float:
    """Open streams and wait until each says hello; return the seconds it took."""
    start = time.perf_counter()

    async def one(number: int) -> None:
        listeners[number].open()
        await listeners[number].hello.wait()

    await each(len(listeners), one)
    return time.perf_counter() - start


async def post(port: int, path: str, body: Any, **headers: str) -> dict[str, Any]:
    """Post JSON; return the JSON of a good answer. Raises RuntimeError for another."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent = json.dumps(body).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(sent)}"]
    lines += ["Connection: close", "Content-Type: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode() + sent)
    head, _, answer = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    if not head.split(b" ", 2)[1].startswith(b"2"):
        raise RuntimeError(f"{path}: {head.decode()} {answer.decode()}")
    return dict(json.loads(answer)) if answer.startswith(b"{") else {}


async def session(port: int) -> str:
    """Return the token of a new visitor."""
    answer = await post(port, f"{BASE}/session", {"page": SHOP})
    return str(answer["token"])


def raise_limit_of_files() -> None:
    """Let this process have as many connections as it may."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
