"""The demonstration's mailbox: every mail it sent, as a stranger's mail program would show it.

It exists only where the setting `demo_mailbox` names a folder of `.eml` files.
"""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Blueprint, Response, abort, make_response, render_template
from markupsafe import Markup, escape
from werkzeug.utils import secure_filename

from .headers import CONTENT_SECURITY
from .visits import installation
from .weblinks import link_addresses

mailbox = Blueprint("mailbox", __name__, url_prefix="/demo/mailbox", template_folder="templates")

SHOWN = 300
FRAMED = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'"


def list_mails(folder: Path) -> list[Path]:
    """Return the mails of a folder, newest first."""
    if not folder.is_dir():
        return []
    return sorted(folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def read_mail(path: Path) -> EmailMessage:
    """Return a mail with its headers decoded."""
    return message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)


def _find_mail(name: str) -> EmailMessage:
    folder = Path(installation().settings.demo_mailbox)
    # Only a plain name of a file that lies in the folder itself.
    path = folder / secure_filename(name)
    if path.name != name or path.suffix != ".eml" or not path.is_file():
        abort(404)
    return read_mail(path)


def read_part(mail: EmailMessage, kind: str) -> str:
    """Return the text of a part (`plain` or `html`), or nothing."""
    part = mail.get_body((kind,))
    content = part.get_content() if part else ""
    return content if isinstance(content, str) else ""


@mailbox.get("")
def show_mails() -> str:
    """All mails, newest first."""
    paths = list_mails(Path(installation().settings.demo_mailbox))
    mails = [(path.name, read_mail(path)) for path in paths[:SHOWN]]
    return render_template("demo/mailbox.html", mails=mails, count=len(paths), shown=len(mails))


@mailbox.get("/<name>")
def show_mail(name: str) -> Response:
    """One mail: its headers, its text with links one can follow, and its HTML in a frame of its own."""
    mail = _find_mail(name)
    text = link_addresses(read_part(mail, "plain"))
    response = make_response(render_template("demo/mail.html", mail=mail, name=name, text=text))
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY + "; frame-src 'self'"
    return response


@mailbox.get("/<name>/html")
def show_html(name: str) -> Response:
    """The HTML of a mail, without any right on this website."""
    content = Markup('<base target="_blank">') + Markup(read_part(_find_mail(name), "html"))  # noqa: S704  shown in a sandbox
    response = make_response(content or escape(""))
    response.headers["Content-Security-Policy"] = f"{FRAMED}; frame-ancestors 'self'"
    return response
