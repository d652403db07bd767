"""``python -m balie_sandbox``: the sandbox as one process, all state in memory."""

from gevent import monkey

monkey.patch_all()

# Nothing may import sockets or threads before the line above.
import argparse  # noqa: E402 - see above
import os  # noqa: E402 - see above
import signal  # noqa: E402 - see above

import gevent  # noqa: E402 - see above

from balie_sandbox.app import create_app  # noqa: E402 - see above
from balie_sandbox.delivery import DEFAULT_RETRY_SCALE  # noqa: E402 - see above
from balie_sandbox.sandbox import Sandbox  # noqa: E402 - see above
from balie_sandbox.server import make_server  # noqa: E402 - see above


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="balie_sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument(
        "--retry-scale",
        type=float,
        default=float(os.environ.get("SANDBOX_RETRY_SCALE", DEFAULT_RETRY_SCALE)),
        help="seconds waited for each second the vendor would wait (below 1: never over a second)",
    )
    options = parser.parse_args()
    server = make_server(create_app(Sandbox(options.retry_scale)), options.host, options.port)
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, server.stop, timeout=0)
    try:
        server.serve_forever()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        parser.exit(1, f"Cannot listen on {options.host}:{options.port}: {reason}.\n")


if __name__ == "__main__":
    main()
