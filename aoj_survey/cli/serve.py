"""`aoj serve` and `aoj worker`: the processes of an installation."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from types import FrameType

import click

from aoj_survey.app import create_app
from aoj_survey.config import ROOT, Settings, load_settings
from aoj_survey.errors import StateError
from aoj_survey.keys import KeyDirectory
from aoj_survey.worker import run_once, run_worker

GRACE_SECONDS = 15
WEB_TRIES = 300


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and stop; for cron, every minute.")
@click.pass_obj
def worker(instance: Path, once: bool) -> None:
    """Run the worker: mail, daily counts, closing, erasing."""
    app = create_app(load_settings(instance))
    if not once:
        run_worker(app)
    elif not run_once(app):
        raise StateError("Not everything went well; see above.")


@click.command()
@click.option("--with-worker/--web-only", default=True, show_default=True)
@click.pass_obj
def serve(instance: Path, with_worker: bool) -> None:
    """Run the web process, and the worker beside it, until Ctrl-C."""
    settings = load_settings(instance)
    # Before any process starts: a missing key is reported once, here.
    KeyDirectory(settings.keys).secret()
    commands = [web_command(settings)] + ([worker_command(instance)] if with_worker else [])
    run_processes(commands, instance)


def web_command(settings: Settings) -> list[str]:
    """Return the command of the web process. Its server keeps no access log: addresses hold tokens."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", settings.web_host, "--port", str(settings.web_port)),
        *("--blocking-threads", str(settings.web_threads), "--workers", "1"),
        *("--no-access-log", "--log-level", "warning", "--working-dir", str(ROOT), "wsgi:app"),
    ]


def worker_command(instance: Path) -> list[str]:
    """Return the command of the worker process."""
    return [sys.executable, "-m", "aoj_survey.cli", "--instance", str(instance.resolve()), "worker"]


@contextmanager
def processes(commands: Sequence[list[str]], instance: Path) -> Generator[list[subprocess.Popen[bytes]]]:
    """Start processes of an instance, each in its own group; end them in order when the block ends."""
    environment = {**os.environ, "AOJ_INSTANCE": str(instance.resolve())}
    running = [
        subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 — our own commands
        for command in commands
    ]
    try:
        yield running
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(GRACE_SECONDS)
            # Its children too: a server that was stopped while it started may leave one behind.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for_web(settings: Settings, running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Wait until the web process answers.

    Raises:
        StateError: a process ended by itself, or nothing answered within a minute.
    """
    for _ in range(WEB_TRIES):
        refuse_ended(running)
        connection = HTTPConnection(settings.web_host, settings.web_port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
        finally:
            connection.close()
    raise StateError(f"Nothing answers on port {settings.web_port}.")


def refuse_ended(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Raise StateError when a process ended by itself."""
    for process in running:
        if process.poll() is not None:
            raise StateError(f"Web process or worker ended by itself (exit {process.returncode}); see above.")


def wait_for_end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Wait until Ctrl-C or SIGTERM.

    Raises:
        StateError: a process ended by itself.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    try:
        while True:
            refuse_ended(running)
            time.sleep(0.5)
    except KeyboardInterrupt:
        return


def run_processes(commands: Sequence[list[str]], instance: Path) -> None:
    """Run processes until Ctrl-C, SIGTERM, or until one of them ends by itself."""
    with processes(commands, instance) as running:
        wait_for_end(running)
