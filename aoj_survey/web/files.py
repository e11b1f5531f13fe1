"""Released files over HTTP: by their digest as ETag, in parts where a program asks for parts."""

import re
from pathlib import PurePosixPath

from flask import Response, abort, current_app, request, send_file
from flask_babel import gettext

from aoj_survey.accounts import AccountFacts, may_read
from aoj_survey.db import db
from aoj_survey.releases import FileFacts, ReleaseFacts, Shelf, find_release

ONE_PART = re.compile(r"bytes=(\d+-\d*|-\d+)")
FRAMED = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
"""What the reports and the codebook may do as pages: bring their own style, nothing else."""


def shelf() -> Shelf:
    """The shelf of released bundles of the application at work."""
    found: Shelf = current_app.extensions["aoj_shelf"]
    return found


def find_released(name: str, reader: AccountFacts | None, wave: str = "", region: str = "") -> ReleaseFacts:
    """Return a release by name, where given of this wave and region.

    404 when there is none that this reader may have, 410 when it was withdrawn.
    """
    with db.read() as connection:
        found = find_release(connection, name)
    if found is None or (wave and (found.wave, found.region) != (wave, region)):
        abort(404)
    if not may_read(reader, found.region, found.profile):
        abort(404)
    if found.withdrawn_at:
        abort(410)
    return found


def find_file(release: ReleaseFacts, path: str) -> FileFacts:
    """Return a file by its path in the bundle, as the register has it; 404 when the release has none."""
    return release.find_file(path) or abort(404)


def send_released(release: ReleaseFacts, file: FileFacts, *, inline: bool = False) -> Response:
    """Answer with a released file, whole or the one part that was asked for.

    Nothing of the request ever becomes a path: the file is one that the register names.

    Raises:
        ReleaseError: the file is not as it was released.
    """
    if not asks_for_part():
        request.environ.pop("HTTP_RANGE", None)
    opened = shelf().open(release, file)
    name = f"{release.name}_{PurePosixPath(file.path).name}"
    try:
        response = send_file(
            opened, as_attachment=not inline, download_name=name, conditional=False, etag=file.sha256
        )
        response.content_type = file.media_type
        response.content_length = file.size
        response.make_conditional(request, accept_ranges=True, complete_length=file.size)
    except BaseException:
        opened.close()
        raise
    # Asked again each time, so that nothing is shown from a store after a withdrawal.
    response.headers["Cache-Control"] = "private, no-cache"
    if inline:
        response.headers["Content-Security-Policy"] = FRAMED
    return response


def asks_for_part() -> bool:
    """Whether the present request is to be answered with a part, if there is such a part.

    A part is of a GET alone, and of what the client has for sure: a weak tag stands for other bytes too. Several parts,
    or units nobody knows, may be answered with the whole (RFC 9110, 13.1.5 and 14.2).
    """
    is_sure = not request.headers.get("If-Range", "").startswith("W/")
    return request.method == "GET" and is_sure and bool(ONE_PART.fullmatch(request.headers.get("Range", "")))


def explain_changed_file() -> str:
    """Return what somebody reads who asked for a file that is not as it was released."""
    return gettext(
        "A released file is not as it was released. Ask your administrator, who finds the reason in the log."
    )
