"""A web process of its own for tests: served by threads here, or by a child process that can be killed."""

import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from aoj_survey.demo import SilentHandler

ROOT = Path(__file__).parents[1]
CHILD = [sys.executable, "-m", "tests.killable_server"]


@contextmanager
def serve(app: Flask) -> Generator[int]:
    """Serve an application by threads of this process; yields the port."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=SilentHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serve_in_child(
    instance: Path, database_url: str, kill_at: str = ""
) -> Generator[tuple[int, subprocess.Popen[str]]]:
    """Serve an instance from a process that kills itself (-9) at a named point; yields port and process."""
    command = [*CHILD, str(instance), database_url, kill_at]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline()), process
        finally:
            process.kill()
