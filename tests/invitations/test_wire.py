"""Mails as bytes: whole when read back by Python's own reader, and nothing that could add a header."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.errors import MailError
from aoj_survey.invitations.wire import WrittenMail, write_mail

NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=300)


def write(text: str = "Tekst\n", html: str = "<p>Tekst</p>\n", **shared: str) -> WrittenMail:
    own: dict[str, str | datetime] = {"To": "post@school.example", "Date": NOW}
    return write_mail("terug@rijnmeer.example", own, {"Subject": "Vraag"} | shared, text, html)


@given(TEXTS, TEXTS, TEXTS)
def test_what_is_written_is_read_back_the_same(subject: str, text: str, html: str) -> None:
    mail = message_from_bytes(write(text, html, Subject=subject).content, policy=default)
    assert str(mail["Subject"]).split() == subject.split()
    bodies = [mail.get_body((kind,)) for kind in ("plain", "html")]
    assert [body.get_content().replace("\r\n", "\n") for body in bodies if body] == [text, html]
    assert not mail.defects


@given(TEXTS, TEXTS)
def test_lines_are_short_and_seven_bit(subject: str, text: str) -> None:
    content = write(text, text, Subject=subject).content
    assert content.isascii()
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize("text", ["--=_aoj\n", "--=_aoj--\n", ".\n", "From iemand\n", "\n\n\n", "=20 =\n"])
def test_no_text_ends_a_part_before_its_end(text: str) -> None:
    mail = message_from_bytes(write(text).content, policy=default)
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == text
    assert len(list(mail.iter_parts())) == 2


@pytest.mark.parametrize(
    "evil", ["\r\nBcc: x@kwaad.example", "\n", "\x00", "\x7f", "\x85", "\u2028", "\u2029"]
)
def test_no_value_adds_a_header(evil: str) -> None:
    with pytest.raises(MailError, match="line break"):
        write(Subject=f"Vraag{evil}")


@pytest.mark.parametrize(
    "address",
    ["", "geen", "a@b, c@d", "a b@c.example", "müller@x.example", "a@b@c", "<a@b.example>", '"a"@b.c'],
)
def test_what_is_not_one_address_gets_no_mail(address: str) -> None:
    with pytest.raises(MailError, match="no mail address"):
        write_mail("terug@rijnmeer.example", {"To": address}, {}, "", "")
    with pytest.raises(MailError, match="no mail address"):
        write_mail(address, {"To": "post@school.example"}, {}, "", "")


def test_the_envelope_goes_by_the_header() -> None:
    made = write()
    assert (made.sender, made.receiver) == ("terug@rijnmeer.example", "post@school.example")
