"""A load of prepared HTTP requests on this machine, bounded in count and time."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

_SECONDS = 60.0
_SECONDS_EACH = 0.01


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: requests per second, and latencies in milliseconds."""

    per_second: float
    p50: float
    p99: float
    failed: int


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Return the bytes of one keep-alive POST."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def run(port: int, requests: Sequence[bytes], connections: int) -> Measured:
    """Send the requests over so many keep-alive connections, each as fast as it is answered."""
    return asyncio.run(_run(port, requests, connections))


async def _run(port: int, requests: Sequence[bytes], connections: int) -> Measured:
    queue = iter(requests)
    latencies: list[float] = []
    failed = 0

    async def client() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in queue:
            start = time.perf_counter()
            writer.write(request)
            if not await _answered(reader):
                failed += 1
            latencies.append((time.perf_counter() - start) * 1000)
        writer.close()

    start = time.perf_counter()
    async with asyncio.timeout(_SECONDS + len(requests) * _SECONDS_EACH):
        await asyncio.gather(*(client() for _ in range(connections)))
    elapsed = time.perf_counter() - start
    latencies.sort()
    return Measured(
        per_second=len(latencies) / elapsed,
        p50=latencies[len(latencies) // 2],
        p99=latencies[int(len(latencies) * 0.99)],
        failed=failed,
    )


async def _answered(reader: asyncio.StreamReader) -> bool:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    await reader.readexactly(length)
    return head.startswith(b"HTTP/1.1 200")
