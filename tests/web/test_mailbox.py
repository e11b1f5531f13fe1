"""The demonstration's mailbox: there only when asked for, and harmless whatever a mail holds."""

import os
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from aoj_survey.web.weblinks import link_addresses
from tests.web.browsing import Browser


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mailbox"
    made.mkdir()
    return made


@pytest.fixture
def settings_values(folder: Path) -> dict[str, Any]:
    return {"demo_mailbox": str(folder)}


def put_mail(folder: Path, name: str, subject: str, text: str, html: str, seconds: int) -> None:
    mail = EmailMessage()
    mail["From"] = "Monitor Rijnmeer <monitor@rijnmeer.example>"
    mail["To"] = "post@school.example"
    mail["Subject"] = subject
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    path = folder / name
    path.write_bytes(mail.as_bytes())
    os.utime(path, (seconds, seconds))


@pytest.fixture
def mailbox(sqlite_app: Flask, folder: Path) -> Browser:
    put_mail(folder, "1.eml", "Oud", "oud", "<p>oud</p>", 100)
    text = "Open http://127.0.0.1:8000/l/abc, of niet.\n<b>x</b>\n"
    put_mail(folder, "2.eml", "Coördinatie: nieuw", text, "<script>alert(1)</script><p>nieuw</p>", 200)
    return Browser(sqlite_app)


def test_mails_are_listed_newest_first_with_their_headers_decoded(mailbox: Browser) -> None:
    page = mailbox.get("/demo/mailbox").text
    assert page.index("Coördinatie: nieuw") < page.index(">Oud<")
    assert "post@school.example" in page


def test_an_empty_or_missing_mailbox_is_just_empty(sqlite_app: Flask, folder: Path) -> None:
    assert "0 mails" in Browser(sqlite_app).get("/demo/mailbox").text
    folder.rmdir()
    assert "0 mails" in Browser(sqlite_app).get("/demo/mailbox").text


def test_links_in_the_text_can_be_followed_and_the_rest_is_escaped(mailbox: Browser) -> None:
    page = mailbox.get("/demo/mailbox/2.eml")
    assert '<a href="http://127.0.0.1:8000/l/abc">http://127.0.0.1:8000/l/abc</a>, of niet.' in page.text
    assert "&lt;b&gt;x&lt;/b&gt;" in page.text
    assert "alert(1)" not in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]


def test_the_html_part_has_no_rights_here(mailbox: Browser) -> None:
    framed = mailbox.get("/demo/mailbox/2.eml/html")
    policy = framed.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "<p>nieuw</p>" in framed.text


@pytest.mark.parametrize(
    "name", ["../settings.toml", "..%2F2.eml", "3.eml", "2.eml%00", "%2e%2e/2.eml", "x.txt"]
)
def test_only_mails_of_the_folder_are_shown(mailbox: Browser, folder: Path, name: str) -> None:
    (folder / "x.txt").write_text("geheim")
    (folder.parent / "2.eml").write_text("Subject: geheim\n\ngeheim")
    for place in (f"/demo/mailbox/{name}", f"/demo/mailbox/{name}/html"):
        refused = mailbox.get(place)
        assert refused.status_code == 404
        assert "geheim" not in refused.text


class TestWithoutMailbox:
    """An installation for real."""

    @pytest.fixture
    def settings_values(self) -> dict[str, Any]:
        return {}

    def test_there_is_no_mailbox(self, sqlite_app: Flask) -> None:
        assert Browser(sqlite_app).get("/demo/mailbox").status_code == 404


def test_addresses_become_links_without_the_full_stop() -> None:
    linked = link_addresses('Zie https://a.example/x?y=1&z=2. En "https://b.example".')
    assert '<a href="https://a.example/x?y=1&amp;z=2">https://a.example/x?y=1&amp;z=2</a>.' in linked
    assert '<a href="https://b.example">' in linked
    assert link_addresses("javascript:alert(1)") == "javascript:alert(1)"
