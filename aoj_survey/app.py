"""The application factory; reads as a table of contents."""

from datetime import UTC, datetime

from flask import Flask

from .config import Settings
from .db import db
from .installation import Clock, Installation
from .keys import KeyDirectory
from .web import join_web


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
    """
    app = Flask("aoj_survey", instance_path=str(settings.instance), static_folder=None)
    installation = Installation(settings, KeyDirectory(settings.keys), now or read_clock)
    configure(app, installation)
    db.init_app(app)
    join_web(app)
    return app


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
