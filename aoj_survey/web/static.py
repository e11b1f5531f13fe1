"""Files that never change under their address: it holds a digest of them all."""

import gzip
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Flask, Response, request, send_from_directory, url_for

from .headers import YEAR

FOLDER = Path(__file__).parent / "static"
static_files = Blueprint("static_files", __name__)


def digest_files(folder: Path) -> str:
    """Return 12 hexadecimal characters that change when any file in the folder does."""
    digest = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


DIGEST = digest_files(FOLDER)


TEXTS = {
    path.relative_to(FOLDER).as_posix()
    for path in FOLDER.rglob("*")
    if path.suffix in {".css", ".js", ".svg"}
}
"""Files worth packing for the line; fonts are packed by themselves."""


@cache
def pack_file(name: str) -> bytes:
    """Return a file packed by gzip, once for each process. Nothing secret is in it, so packing tells nothing."""
    return gzip.compress((FOLDER / name).read_bytes(), mtime=0)


@static_files.get("/static/<digest>/<path:name>")
def send_static(digest: str, name: str) -> Response:
    """A file; kept for ever by browsers that ask for the present version."""
    packed = name in TEXTS and request.accept_encodings["gzip"] > 0
    response = _send_packed(name) if packed else send_from_directory(FOLDER, name)
    fresh = f"public, max-age={YEAR}, immutable" if digest == DIGEST else "no-cache"
    response.headers["Cache-Control"] = fresh
    if name in TEXTS:
        response.vary.add("Accept-Encoding")
    return response


def _send_packed(name: str) -> Response:
    response = Response(pack_file(name), mimetype=guess_type(name)[0])
    response.headers["Content-Encoding"] = "gzip"
    response.set_etag(f"{DIGEST}-{name}")
    response.make_conditional(request)
    return response


def join_static(app: Flask) -> None:
    """Serve the static files and give templates `static_url(name)`."""
    app.register_blueprint(static_files)

    def static_url(name: str) -> str:
        return url_for("static_files.send_static", digest=DIGEST, name=name)

    app.add_template_global(static_url)
