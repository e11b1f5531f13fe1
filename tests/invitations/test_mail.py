"""What stands in every mail, in every language."""

import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from babel.support import Translations
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.errors import MailError
from aoj_survey.invitations import Letter, compose, mail
from aoj_survey.invitations.mail import MARKS, write_letter
from aoj_survey.questionnaire import ROLES
from aoj_survey.waves import KINDS, ParticipationFacts

SNAPSHOTS = Path(__file__).with_name("snapshots")
NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
LANGUAGES = ("nl", "en")

FACTS = ParticipationFacts(
    id=UUID(int=1),
    wave="2026",
    region="rijnmeer",
    region_name="Rijnmeer",
    time_zone="Europe/Amsterdam",
    name="voorjaar 2026",
    status="running",
    opens_at=datetime(2026, 5, 3, 22, 0, tzinfo=UTC),
    closes_at=datetime(2026, 6, 5, 22, 0, tzinfo=UTC),
    closed_at=None,
    contact_mail="projectteam@rijnmeer.example",
    contact_phone="085 000 00 00",
    approval="two_people",
    box_public_key=b"",
    ballot_size=None,
    purge_on=None,
)
LETTER = Letter(
    message=UUID("3fa85f64-5717-4562-b3fc-2c963f66afa6"),
    kind="invitation",
    address="post@vuurtoren.example",
    role="ib",
    organisation="basisschool De Vuurtoren",
    language="nl",
    link_token="link" + "a" * 22,
    optout_token="uit" + "b" * 23,
    minutes=8,
    participation=FACTS,
    public_url="https://monitor.rijnmeer.example",
    sender="monitor@rijnmeer.example",
)
EVERY_KIND = tuple(MARKS)
ASKING = [kind for kind in EVERY_KIND if kind != "moved"]
EVERY_MAIL = [
    pytest.param(kind, language, id=f"{kind}-{language}") for kind in EVERY_KIND for language in LANGUAGES
]
EVERY_ASKING_MAIL = [
    pytest.param(kind, language, id=f"{kind}-{language}") for kind in ASKING for language in LANGUAGES
]
ROOT = "https://monitor.rijnmeer.example"


def read_part(made: EmailMessage, kind: str) -> str:
    part = made.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content.replace("\r\n", "\n")


def show(made: EmailMessage) -> str:
    """A mail as stored in a snapshot: headers, text and HTML, without the random boundary."""
    headers = [f"{name}: {value}" for name, value in made.items() if name != "Content-Type"]
    return "\n".join([*headers, "", read_part(made, "plain"), "=" * 72, read_part(made, "html")])


@pytest.mark.parametrize("role", ["ib", "jongere"])
@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_every_mail_is_as_stored(kind: str, language: str, role: str) -> None:
    """After a change on purpose: AOJ_WRITE_SNAPSHOTS=1 python -m pytest, and read the difference."""
    shown = show(compose(replace(LETTER, kind=kind, language=language, role=role), NOW))
    path = SNAPSHOTS / f"{kind}-{language}{'-youth' if role == 'jongere' else ''}.txt"
    if os.environ.get("AOJ_WRITE_SNAPSHOTS"):
        path.write_text(shown, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == shown


@pytest.mark.parametrize(("kind", "language"), EVERY_ASKING_MAIL)
def test_both_parts_hold_what_a_receiver_needs(kind: str, language: str) -> None:
    made = compose(replace(LETTER, kind=kind, language=language), NOW)
    day = "vrijdag 5 juni 2026" if language == "nl" else "Friday 5 June 2026"
    for part in ("plain", "html"):
        words = " ".join(read_part(made, part).split())
        assert f"https://monitor.rijnmeer.example/l/{LETTER.link_token}" in words
        assert f"https://monitor.rijnmeer.example/o/{LETTER.optout_token}" in words
        assert "https://monitor.rijnmeer.example/privacy" in words
        assert ROLES["ib"].label[language] in words
        for wanted in (
            "basisschool De Vuurtoren",
            "085 000 00 00",
            "Rijnmeer",
            "projectteam@rijnmeer.example",
        ):
            assert wanted in words
        assert day in words


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_the_text_keeps_to_72_columns_and_links_stand_alone(kind: str, language: str) -> None:
    letter = replace(LETTER, kind=kind, language=language, organisation="Samenwerkingsverband " * 9)
    lines = read_part(compose(letter, NOW), "plain").splitlines()
    assert all(len(line) <= 72 for line in lines if "://" not in line)
    links = [line for line in lines if "://" in line]
    assert len(links) == (1 if kind == "moved" else 3)
    assert all(re.fullmatch(r"https://\S+", line) for line in links)
    assert "\n\n\n" not in "\n".join(lines)


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_nothing_in_a_mail_follows_people(kind: str, language: str) -> None:
    html = read_part(compose(replace(LETTER, kind=kind, language=language), NOW), "html")
    assert not re.search(r"<(img|script|link|iframe|video|object)\b|url\(|src=", html)
    assert {link.split("/")[2] for link in re.findall(r'href="([^"]+)"', html)} == {
        "monitor.rijnmeer.example"
    }


def test_headers_let_programs_treat_it_well() -> None:
    made = compose(LETTER, NOW)
    assert str(made["From"]) == "Monitor Rijnmeer <monitor@rijnmeer.example>"
    assert made["Reply-To"] == "projectteam@rijnmeer.example"
    assert made["Message-ID"] == f"<{LETTER.message}@rijnmeer.example>"
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["List-Unsubscribe"] == f"<https://monitor.rijnmeer.example/o/{LETTER.optout_token}>"
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert made.get_content_type() == "multipart/alternative"


def test_the_same_message_always_has_the_same_id_and_another_message_another() -> None:
    later = compose(replace(LETTER, language="en"), NOW + timedelta(days=1))
    assert later["Message-ID"] == compose(LETTER, NOW)["Message-ID"]
    assert compose(replace(LETTER, message=UUID(int=9)), NOW)["Message-ID"] != later["Message-ID"]


def test_lines_on_the_wire_are_short_and_seven_bit() -> None:
    letter = replace(LETTER, organisation="één " * 40, public_url="https://" + "lang." * 20 + "example")
    wire = write_letter(letter, NOW).content
    assert wire.isascii()
    assert max(len(line) for line in wire.split(b"\r\n")) <= 998
    assert b"\n" not in wire.replace(b"\r\n", b"")
    assert wire.count(b"Content-Transfer-Encoding: quoted-printable") == 2


def test_a_long_way_out_stays_an_address_programs_can_follow() -> None:
    letter = replace(
        LETTER, public_url="https://monitor-onderwijs-jeugdhulp.noord-en-midden-rijnmeer.example"
    )
    assert (
        b"List-Unsubscribe: <https://monitor-onderwijs-jeugdhulp.noord" in write_letter(letter, NOW).content
    )


def test_a_subject_fits_a_phone_on_every_last_day() -> None:
    for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(0, 366, 9)):
        closes = datetime.combine(day, time(23), UTC)
        facts = replace(FACTS, closes_at=closes)
        for kind in EVERY_KIND:
            for language in LANGUAGES:
                made = compose(replace(LETTER, kind=kind, language=language, participation=facts), NOW)
                assert len(made["Subject"]) <= 60
                assert "!" not in made["Subject"]


def test_a_reminder_is_shorter_than_the_invitation_and_says_it_is_automatic() -> None:
    texts = {kind: read_part(compose(replace(LETTER, kind=kind), NOW), "plain") for kind in KINDS}
    assert len(texts["second_reminder"]) < len(texts["invitation"])
    assert "gaat automatisch" in texts["first_reminder"]
    assert "nog twee herinneringen" in texts["invitation"]
    assert "nog één herinnering" in texts["first_reminder"]
    assert "geen herinneringen meer" in texts["second_reminder"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_without_computed_minutes_promises_none(kind: str) -> None:
    made = compose(replace(LETTER, kind=kind, minutes=None, language="en"), NOW)
    assert "minute" not in read_part(made, "plain") + read_part(made, "html")


def test_one_minute_is_one_minute() -> None:
    made = compose(replace(LETTER, minutes=1), NOW)
    assert "ongeveer 1 minuut." in read_part(made, "plain")


def test_an_organisation_cannot_add_anything_to_the_html() -> None:
    made = compose(replace(LETTER, organisation='<a href="https://kwaad.example">&'), NOW)
    assert "kwaad.example&#34;&gt;&amp;," in read_part(made, "html")
    assert '<a href="https://kwaad.example">&,' in read_part(made, "plain").replace("\n", " ")


@pytest.mark.parametrize("evil", ["\r\nBcc: kwaad@elders.example", "\nX: y", "\x00", "\u2028"])
@pytest.mark.parametrize("place", ["address", "sender", "region_name", "contact_mail", "optout_token"])
def test_no_value_can_add_a_header(place: str, evil: str) -> None:
    if place in {"region_name", "contact_mail"}:
        value = getattr(FACTS, place) + evil
        letter = replace(LETTER, participation=replace(FACTS, **{place: value}))
    else:
        letter = replace(LETTER, **{place: getattr(LETTER, place) + evil})
    with pytest.raises(MailError, match="line break"):
        compose(letter, NOW)


@pytest.mark.parametrize("name", ["Noord, Zuid & Oost", 'De "Kop" (noord)', "Súdwest-Fryslân", "x" * 120])
def test_a_region_may_have_any_name(name: str) -> None:
    made = compose(replace(LETTER, participation=replace(FACTS, region_name=name)), NOW)
    [sender] = made["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (f"Monitor {name}", "monitor@rijnmeer.example")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=200))
def test_whatever_an_organisation_is_called_the_mail_arrives_whole(organisation: str) -> None:
    made = compose(replace(LETTER, organisation=organisation), NOW)
    assert len(made.keys()) == 11
    assert f"/l/{LETTER.link_token}\n" in read_part(made, "plain")


def test_a_language_without_catalogue_is_refused_instead_of_mixed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(mail, "CATALOGUES", tmp_path)
    with pytest.raises(MailError, match="no catalogue of texts in 'nl'"):
        mail._read_catalogue("nl")
    assert isinstance(mail._read_catalogue("en"), Translations)


# To young people

FORMAL = re.compile(r"(?<![\w./=&-])([Uu]w?)(?![\w./=&-])")


def call_reader(role: str) -> list[str]:
    """How the Dutch mails to somebody in a role call their reader, where that is not *je*."""
    made = [compose(replace(LETTER, kind=kind, role=role), NOW) for kind in EVERY_KIND]
    return FORMAL.findall(" ".join(show(mail) for mail in made))


def test_a_mail_to_a_young_person_never_says_u() -> None:
    assert call_reader("jongere") == []
    mail = compose(replace(LETTER, role="jongere"), NOW)
    for kind in ("plain", "html"):
        assert "Je krijgt deze mail omdat je mailadres" in " ".join(read_part(mail, kind).split())
    assert "/privacy?lang=nl&to=youth\n" in read_part(mail, "plain")


def test_twin_a_mail_to_others_says_u() -> None:
    assert len(call_reader("ib")) > 30


def test_without_a_catalogue_for_them_young_people_get_the_mail_of_all() -> None:
    mails = (compose(replace(LETTER, role=role, language="en"), NOW) for role in ("jongere", "ib"))
    young, other = (read_part(mail, "plain").partition("Taking part")[2] for mail in mails)
    assert young.partition("/privacy")[0] == other.partition("/privacy")[0] != ""


def test_every_kind_has_its_three_files() -> None:
    for kind in EVERY_KIND:
        assert {path.name for path in (mail.TEMPLATES / kind).iterdir()} == {
            "subject.txt",
            "body.txt",
            "body.html",
        }


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "Alle antwoorden gaan 72 uur na de sluiting samen open."),
        ("en", "All answers are opened together, 72 hours after the close."),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_delayed_opening_is_announced_in_every_mail_and_only_then(
    kind: str, language: str, sentence: str
) -> None:
    delayed = replace(LETTER, kind=kind, language=language, participation=replace(FACTS, approval="delay"))
    by_two = replace(delayed, participation=FACTS)
    for subtype in ("plain", "html"):
        assert sentence in read_part(compose(delayed, NOW), subtype)
        assert sentence not in read_part(compose(by_two, NOW), subtype)
