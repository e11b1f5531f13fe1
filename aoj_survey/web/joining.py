"""Everything the web door adds to an application, in order."""

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from aoj_survey.installation import Installation
from aoj_survey.invitations import write_code

from .answers import answers
from .api import api
from .codes import codes
from .coordinator import coordinator
from .downloads import downloads
from .errors import join_errors
from .figures import figures
from .frame_import import frame_import
from .groups import groups
from .guesses import join_guesses
from .headers import join_headers
from .language import join_languages
from .logs import silence_access_logs
from .mailbox import mailbox
from .opening import opening
from .optout import optout
from .pages import pages
from .person import respondents
from .planning import planning
from .posters import posters
from .proving import proving
from .rescheduling import rescheduling
from .respondent import respondent
from .rights import join_rights
from .roles import roles
from .static import join_static
from .stopping import stopping
from .suppliers import suppliers
from .windows import last_open_day
from .youth import youth


def join_web(app: Flask) -> None:
    """Attach every page to the application."""
    installation: Installation = app.extensions["aoj"]
    settings = installation.settings
    silence_access_logs()
    if settings.trusted_proxies:
        trusted = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted)
    if settings.secure:
        # The prefix makes browsers refuse this cookie from a neighbouring or unencrypted host.
        app.config["SESSION_COOKIE_NAME"] = "__Host-session"
    join_languages(app, settings.own_languages)
    app.add_template_filter(last_open_day)
    app.add_template_filter(write_code, "code")
    join_headers(app, secure=settings.secure)
    join_static(app)
    join_errors(app)
    join_guesses(app)
    join_rights(app)
    CSRFProtect(app)
    for blueprint in (
        pages,
        respondent,
        roles,
        stopping,
        groups,
        codes,
        posters,
        youth,
        optout,
        coordinator,
        respondents,
        frame_import,
        suppliers,
        planning,
        rescheduling,
        proving,
        answers,
        opening,
        downloads,
        figures,
        api,
    ):
        app.register_blueprint(blueprint)
    if settings.demo_mailbox:
        app.register_blueprint(mailbox)
