"""The application factory; reads as a table of contents."""

import logging
import resource
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from .config import Settings
from .db import db
from .errors import BusyError
from .hooks import Hooks, load_hooks
from .installation import Clock, Installation
from .keys import KeyDirectory
from .regions import RegionModule, add_declared
from .web import join_web

_LOG = logging.getLogger(__name__)


def read_clock() -> datetime:
    """The moment, in UTC; the only clock outside tests and the rehearsal."""
    return datetime.now(UTC)


def create_app(settings: Settings, now: Clock | None = None) -> Flask:
    """Return the web application of an installation.

    Args:
        settings: as `load_settings` or `make_settings` gives them.
        now: what tells the moment; tests and the rehearsal bring their own.

    Raises:
        KeyFileError: the secret key is missing or readable by others.
        PluginError: a region module declares something that cannot be.
    """
    forbid_core_dumps()
    app = Flask("aoj_survey", instance_path=str(settings.instance), static_folder=None)
    hooks = load_modules(settings)
    installation = Installation(settings, KeyDirectory(settings.keys), now or read_clock, hooks)
    configure(app, installation)
    db.init_app(app)
    join_regions(app, hooks)
    join_web(app)
    return app


def forbid_core_dumps() -> None:
    """Let a crash leave no copy of the memory of this process: keys, addresses and opened answers are in it."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def load_modules(settings: Settings) -> Hooks:
    """Return the hooks of the region modules the settings name; one that cannot be loaded is logged."""
    names = settings.modules.replace(",", " ").split()
    hooks = load_hooks(Path(settings.plugin_directory), names, trace=settings.trace_hooks)
    for name, reason in hooks.failures.items():
        _LOG.error("the region module %s is left out: %s", name, reason)
    return hooks


def join_regions(app: Flask, hooks: Hooks) -> None:
    """Add the regions that modules declare and the database does not know yet."""
    if not any(module.region for module in hooks.modules.values()):
        return
    with app.app_context():
        if not inspect(db.engine).has_table(RegionModule.__tablename__):
            return  # `aoj init` makes the tables; the next start adds the regions.
        try:
            with db.write() as connection:
                add_declared(connection, hooks)
        except IntegrityError:
            _LOG.info("another process added the regions of modules at the same moment")
        except BusyError:
            _LOG.warning(
                "the database was written in all the time; regions of modules wait for the next start"
            )


def configure(app: Flask, installation: Installation) -> None:
    """Set what Flask and its extensions read from `app.config`."""
    settings = installation.settings
    app.extensions["aoj"] = installation
    app.config.update(
        SECRET_KEY=installation.keys.secret(),
        SQLALCHEMY_DATABASE_URI=settings.database,
        # An error's text would hold what was typed, or an address.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        MAX_CONTENT_LENGTH=256 * 1024,
        # Flask-WTF: our no-referrer policy would make it refuse every HTTPS form, and no page may time out.
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
