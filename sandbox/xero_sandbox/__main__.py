"""``python -m xero_sandbox``: run the sandbox until Ctrl-C or SIGTERM."""

import argparse
import signal
import sys

from .sandbox import Sandbox
from .server import close, serve
from .store import StateFile


def main(arguments=None):
    """Parse the options, serve, and return the exit code."""
    options = _parser().parse_args(arguments)
    sandbox = Sandbox(country=options.country, organisations=options.organisations,
                      day_limit=options.day_limit, minute_limit=options.minute_limit,
                      employees=options.employees)
    try:
        state = StateFile(sandbox, options.state).start() if options.state else None
        server = serve(sandbox, options.host, options.port)
    except (OSError, ValueError) as error:
        print(f"The sandbox cannot start: {error}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, _interrupt)
    print(f"Xero sandbox ({sandbox.options['country']}) on http://localhost:{server.port}",
          flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        close(server)
        if state:
            state.close()
    return 0


def _parser():
    parser = argparse.ArgumentParser(prog="xero_sandbox", description="A local, strict Xero.")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--host", default="localhost", help="an address of this machine only")
    parser.add_argument("--country", choices=("AU", "NZ", "UK"), default="AU")
    parser.add_argument("--organisations", type=int, default=2, help="how many to choose from")
    parser.add_argument("--day-limit", type=int, default=5000, help="1000 as on Starter")
    parser.add_argument("--minute-limit", type=int, default=60)
    parser.add_argument("--employees", type=int, default=60, help="how many are in payroll")
    parser.add_argument("--state", metavar="FILE", help="keep the state in this file")
    return parser


def _interrupt(_signal, _frame):
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
