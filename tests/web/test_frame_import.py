"""Putting a list in on the coordinator's pages: nothing is added before all is good, and nothing typed is lost."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from aoj_survey.db import db
from aoj_survey.invitations import (
    LANGUAGES,
    FrameUpload,
    Invitation,
    ListedPerson,
    OptOut,
    derive_token,
    hash_token,
    list_people,
    opt_out,
    read_frame,
    sweep_uploads,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import ROLES
from aoj_survey.waves import Act, Participation, ParticipationFacts, list_acts
from aoj_survey.web import frame_steps
from tests.conftest import FixedClock
from tests.invitations.files import make_ods, make_xlsx
from tests.responses.boxes import count_rows, read_rows
from tests.staging import Person, start_wave
from tests.web.browsing import Browser, apart, log_in
from tests.web.conftest import PASSWORD

HEADER = "Mailadres;Functie;School"
LIST = f"""{HEADER}
een@vuurtoren.example;intern begeleider;De Vuurtoren
ib.haven@scholen,example;ib;De Haven
drie@vuurtoren.example;IB-er;De Vuurtoren
EEN@vuurtoren.example;ib;de vuurtoren
vijf@vuurtoren.example;ib;
"""


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 12, "zoco": 3})


@pytest.fixture
def desk(app: Flask, facts: ParticipationFacts) -> Browser:
    assert facts.status == "running"
    return log_in(app, PASSWORD)


def put_in(browser: Browser, place: str, content: str | bytes, name: str = "adressen-mei.csv") -> Any:
    """Send a file by the form of a page."""
    browser.get(place)
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    # Made here in memory: the client of the tests leaves its own temporary files open.
    boundary, body = encode_multipart({"csrf_token": browser.token, "file": FileStorage(file, name)})
    headers = {"Accept-Language": browser.language}
    kind = f'multipart/form-data; boundary="{boundary}"'
    return apart(browser.client.post, place, data=body, content_type=kind, headers=headers)


def begin(browser: Browser, facts: ParticipationFacts, content: str | bytes, **columns: str) -> str:
    """Put a file in and confirm its columns; return the address of the check."""
    start = f"/coordinator/{facts.wave}/{facts.region}/import"
    place = put_in(browser, start, content).headers["Location"]
    page = browser.get(place).text
    chosen = dict(re.findall(r'name="(c\d+)".*?<option value="(\w+)" selected>', page))
    answer = browser.post(place, **(columns or chosen))
    assert answer.status_code == 303, answer.text
    check: str = answer.headers["Location"]
    return check


def listed(keys: KeyDirectory, facts: ParticipationFacts) -> list[ListedPerson]:
    with db.read() as connection:
        people = list_people(connection, keys, facts.id)
    return [person for person in people if person.organisation.startswith("De ")]


def addresses(keys: KeyDirectory, facts: ParticipationFacts) -> list[str]:
    return [person.address for person in listed(keys, facts)]


def test_a_good_list_is_added_in_one_go_and_links_wait_for_the_worker(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    (keys.path / str(facts.id) / "link.key").unlink()
    check = begin(desk, facts, f"{HEADER}\na@b.example;ib;De School\nc@b.example;zoco;De Haven\n")
    page = desk.get(check).text
    assert "Alle rijen zijn goed" in page
    assert "Voeg 2 adressen toe" in page
    assert listed(keys, facts) == []
    done = desk.post(check)
    assert done.headers["Location"].endswith("/import?added=2&left=0")
    assert "2 mensen zijn toegevoegd aan de lijst." in desk.get(done.headers["Location"]).text
    assert addresses(keys, facts) == ["c@b.example", "a@b.example"]
    assert sum(row["relink"] for row in read_rows(Invitation)) == 2
    assert count_rows(FrameUpload) == 0
    with db.read() as connection:
        [act, *_] = list_acts(connection, facts.id)
    assert act == Act(act.at, "coordinator", "list_put_in", {"rows": 2, "people": 2})


@pytest.mark.parametrize("make", [make_xlsx, make_ods])
def test_workbooks_are_put_in_the_same_way(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts, make: Callable[[Any], bytes]
) -> None:
    rows = [["Wie", "Wat", "Waar"], ["a@b.example", "ib", "De School"], ["c@b.example", "zoco", "De Haven"]]
    check = begin(desk, facts, make(rows), c0="address", c1="role", c2="organisation")
    desk.post(check)
    assert len(listed(keys, facts)) == 2


def test_every_fault_is_shown_with_what_is_proposed(desk: Browser, facts: ParticipationFacts) -> None:
    page = desk.get(begin(desk, facts, LIST)).text
    assert "4 van de 5 rijen hebben een fout" in page
    assert "De andere 1 rij is goed." in page
    for words in (
        "Er staat een komma. Een mailadres heeft een punt.",
        "Deze functie kennen we niet onder deze naam. Deze meting vraagt: intern begeleider, ",
        "Dit adres staat er twee keer in (ook in rij 2).",
        "Vul de organisatie in. Die staat in de aanhef van de mail.",
        "Voeg 4 adressen toe",
        "Download de 4 rijen",
        "rijen in adressen-mei.csv",
    ):
        assert words in page
    assert 'name="r3.address" value="ib.haven@scholen.example"' in page
    assert 'name="r4.role" value="intern begeleider"' in page
    assert re.findall(r'name="skip" value="(\d+)" checked', page) == ["5"]


def test_rows_are_mended_or_skipped_and_nothing_typed_is_lost(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    check = begin(desk, facts, LIST)
    typed = {
        "r3.address": "ib.haven@scholen.example",
        "r4.role": "kapitein",
        "skip": "5",
        "r6.organisation": "De Duinen",
    }
    again = desk.post(check, **typed)
    assert again.status_code == 422
    assert "1 rij heeft nog een fout" in again.text
    assert "<title>Fout:" in again.text
    assert 'value="kapitein"' in again.text
    assert listed(keys, facts) == []
    # Another day, in another browser: what was typed before is still there.
    page = desk.get(check).text
    assert "ib.haven@scholen,example" not in page
    assert 'name="r4.role" value="kapitein"' in page
    done = desk.post(check, **{"r4.role": "zorgcoördinator", "skip": "5"})
    assert done.headers["Location"].endswith("added=4&left=1")
    assert {(person.address, person.role, person.organisation) for person in listed(keys, facts)} == {
        ("een@vuurtoren.example", "ib", "De Vuurtoren"),
        ("ib.haven@scholen.example", "ib", "De Haven"),
        ("drie@vuurtoren.example", "zoco", "De Vuurtoren"),
        ("vijf@vuurtoren.example", "ib", "De Duinen"),
    }


def test_a_row_that_was_skipped_can_be_taken_back(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    check = begin(desk, facts, f"{HEADER}\na@b.example;kapitein;De School\nc@b.example;schipper;De Haven\n")
    assert desk.post(check, skip="2", **{"r3.role": "schipper"}).status_code == 422
    done = desk.post(check, **{"r2.role": "ib", "r3.role": "zoco"})
    assert done.status_code == 422, "row 2 was not shown as faulty, so what it says is asked again"
    done = desk.post(check, **{"r2.role": "ib"})
    assert done.status_code == 303
    assert len(listed(keys, facts)) == 2


def test_a_shared_address_is_added_once_it_is_confirmed(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    rows = f"{HEADER}\na@b.example;ib;De School\na@b.example;zoco;De School\n"
    check = begin(desk, facts, rows)
    assert "dit is een tweede persoon" in desk.get(check).text
    assert desk.post(check).status_code == 422
    assert desk.post(check, sure="3").status_code == 303
    again = begin(desk, facts, f"{HEADER}\nA@b.example;ib;De Kade\na@b.example;ib;de school\n")
    page = desk.get(again).text
    assert "Dit adres staat al op de lijst, met een andere functie of organisatie." in page
    assert "Deze persoon staat al op de lijst." in page
    assert desk.post(again, sure="2").status_code == 422
    assert desk.post(again, sure="2", skip="3").status_code == 303
    assert len(listed(keys, facts)) == 3


def test_an_organisation_in_two_municipalities_is_corrected_or_said_to_be_right(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    rows = "a@b.example;ib;De School;Havendam\nc@b.example;ib;De School;Rijnmeer\nd@b.example;ib;De School;Elders\n"
    check = begin(desk, facts, f"e-mail;rol;school;gemeente\n{rows}")
    page = desk.get(check).text
    assert "In rij 2 hoort deze organisatie bij Havendam." in page
    assert 'name="r3.municipality" value="Rijnmeer"' in page
    assert desk.post(check, **{"r3.municipality": "Havendam", "r4.municipality": "Elders"}).status_code == 422
    assert desk.post(check, sure="4", **{"r4.municipality": "Elders"}).status_code == 303
    assert sorted(person.municipality for person in listed(keys, facts)) == ["Elders", "Havendam", "Havendam"]


def test_who_wants_no_mail_is_skipped_whatever_is_typed(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    desk.post(begin(desk, facts, f"{HEADER}\nuit@b.example;ib;De School\n"))
    with db.write() as connection:
        added = next(row["id"] for row in read_rows(Invitation) if row["relink"])
        token = derive_token(keys.link(facts.id), "optout", added, 0)
        connection.execute(
            update(Invitation).where(Invitation.id == added).values(optout_hash=hash_token(token))
        )
        assert opt_out(connection, keys, token)
    assert count_rows(OptOut) == 1
    check = begin(desk, facts, f"{HEADER}\nUIT@b.example;zoco;De Haven\nc@b.example;ib;De Kade\n")
    page = desk.get(check).text
    assert "Dit adres wil geen mail meer. We slaan het over." in page
    assert "Voeg 1 adres toe" in page
    assert desk.post(check, sure="2").status_code == 303
    assert sorted(addresses(keys, facts)) == ["c@b.example", "uit@b.example"]


def test_columns_are_guessed_and_confirmed(desk: Browser, facts: ParticipationFacts) -> None:
    start = f"/coordinator/{facts.wave}/{facts.region}/import"
    content = "Contact;Wat;naam;Waar\na@b.example;ib;Jan Verzonnen;De School\n"
    place = put_in(desk, start, content).headers["Location"]
    page = desk.get(place).text
    assert re.findall(r'name="(c\d+)".*?<option value="(\w+)" selected>', page) == [
        ("c0", "address"),
        ("c1", "role"),
    ]
    assert "namen bewaren we niet" in page
    assert "Verzonnen" not in page
    missing = desk.post(place, c0="address", c1="role")
    assert (missing.status_code, "Kies de kolommen met het mailadres" in missing.text) == (422, True)
    twice = desk.post(place, c0="address", c1="role", c3="role")
    assert (twice.status_code, "Kies elke soort maar voor één kolom" in twice.text) == (422, True)
    assert re.findall(r'name="(c\d+)".*?<option value="(\w+)" selected>', twice.text)[-1] == ("c3", "role")
    assert desk.post(place, c0="address", c1="role", c3="organisation").status_code == 303


def test_the_check_waits_for_the_columns(desk: Browser, facts: ParticipationFacts) -> None:
    start = f"/coordinator/{facts.wave}/{facts.region}/import"
    columns = put_in(desk, start, LIST).headers["Location"]
    check = columns.removesuffix("/columns")
    assert desk.get(check).headers["Location"] == columns
    assert desk.post(check).headers["Location"] == columns
    assert "Ga verder met lijst 1" in desk.get(start).text


def test_letters_of_an_old_file_are_to_be_checked(desk: Browser, facts: ParticipationFacts) -> None:
    start = f"/coordinator/{facts.wave}/{facts.region}/import"
    content = f"{HEADER}\na@b.example;ib;De Zeeën\n".encode("cp1252")
    page = desk.get(put_in(desk, start, content).headers["Location"]).text
    assert "Windows-1252" in page
    assert "De Zeeën" in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Er staan geen mensen in dit bestand"),
        (HEADER.encode(), "Er staan geen mensen in dit bestand"),
        (b"\xd0\xcf\x11\xe0", "Dit is een bestand van een oude Excel"),
        (b"PK\x03\x04", "We kunnen dit bestand niet lezen"),
        (b"x" * (5 * 1024 * 1024 + 1), "Dit bestand is te groot"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(
    desk: Browser, facts: ParticipationFacts, content: bytes, words: str
) -> None:
    start = f"/coordinator/{facts.wave}/{facts.region}/import"
    answer = put_in(desk, start, content)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert count_rows(FrameUpload) == 0


def test_a_form_without_a_file_asks_for_one(desk: Browser, facts: ParticipationFacts) -> None:
    answer = put_in(desk, f"/coordinator/{facts.wave}/{facts.region}/import", b"", "")
    assert (answer.status_code, "Kies eerst een bestand." in answer.text) == (422, True)


def test_what_is_too_large_is_told_so_beside_the_file(desk: Browser, facts: ParticipationFacts) -> None:
    answer = put_in(desk, f"/coordinator/{facts.wave}/{facts.region}/import", b"x" * (6 * 1024 * 1024))
    assert (answer.status_code, "Dit bestand is te groot." in answer.text) == (422, True)


def test_what_is_much_larger_is_not_even_read(desk: Browser, facts: ParticipationFacts) -> None:
    answer = put_in(desk, f"/coordinator/{facts.wave}/{facts.region}/import", b"x" * (21 * 1024 * 1024))
    assert (answer.status_code, "Dit bestand is te groot." in answer.text) == (413, True)


def test_between_two_steps_the_list_lies_sealed(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    begin(desk, facts, LIST)
    [row] = read_rows(FrameUpload)
    for part in (b"vuurtoren", b"scholen", b"Haven", b"adressen"):
        assert part not in row["sealed"]
    keys.destroy(facts.id, "contact")
    place = f"/coordinator/{facts.wave}/{facts.region}/import/{row['id']}"
    assert desk.get(place).status_code == 303
    assert desk.get(f"/coordinator/{facts.wave}/{facts.region}/list.csv").status_code == 404


def test_a_list_is_erased_when_it_is_cancelled_or_a_week_old(
    desk: Browser, facts: ParticipationFacts, clock: FixedClock
) -> None:
    check = begin(desk, facts, LIST)
    assert desk.post(f"{check}/cancel").status_code == 303
    assert count_rows(FrameUpload) == 0
    begin(desk, facts, LIST)
    for days, left in ((6, 1), (7, 0), (7, 0)):
        with db.write() as connection:
            sweep_uploads(connection, clock().date() + timedelta(days=days))
        assert count_rows(FrameUpload) == left


def test_a_button_pressed_twice_adds_once(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    check = begin(desk, facts, f"{HEADER}\na@b.example;ib;De School\n")
    places = [desk.post(check).headers["Location"] for _ in range(2)]
    assert places[1].endswith("/import")
    assert len(listed(keys, facts)) == 1


def test_two_presses_at_the_same_moment_add_once_and_bring_nothing_back(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = begin(desk, facts, f"{HEADER}\na@b.example;ib;De School\n")
    checked = frame_steps.check_upload
    calls: list[int] = []

    def press_in_between(*arguments: Any) -> Any:
        found = checked(*arguments)
        calls.append(1)
        if len(calls) == 2:
            desk.post(check)
        return found

    monkeypatch.setattr(frame_steps, "check_upload", press_in_between)
    assert desk.post(check).headers["Location"].endswith("/import")
    assert (len(listed(keys, facts)), count_rows(FrameUpload)) == (1, 0)


def test_when_the_list_changed_in_between_nobody_is_added_and_nothing_typed_is_lost(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = f"{HEADER}\na@b.example;kapitein;De School\n"
    check = begin(desk, facts, row)
    desk.post(begin(desk, facts, f"{HEADER}\na@b.example;ib;De School\n"))
    monkeypatch.setattr("aoj_survey.invitations.uploads.find_listed", lambda *_: [])
    answer = desk.post(check, **{"r2.role": "ib"})
    assert (answer.status_code, "Iemand anders heeft net de lijst veranderd" in answer.text) == (422, True)
    monkeypatch.undo()
    assert "Deze persoon staat al op de lijst." in desk.get(check).text


def test_many_faults_come_in_portions(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame_steps, "SHOWN", 2)
    lines = "".join(f"p{number}@b.example;kapitein;De School\n" for number in range(3))
    check = begin(desk, facts, f"{HEADER}\n{lines}")
    page = desk.get(check).text
    assert "Verder naar de volgende rijen" in page
    assert "hierna komt er nog 1" in page
    assert 'name="r4.role"' not in page
    roles = {"r2.role": "ib", "r3.role": "ib", "r4.role": "ib"}
    assert desk.post(check, **roles).status_code == 422
    assert 'name="r4.role"' in desk.get(check).text
    assert desk.post(check, **{"r4.role": "ib"}).status_code == 303
    assert len(listed(keys, facts)) == 3


def test_the_rows_with_a_fault_can_be_downloaded(desk: Browser, facts: ParticipationFacts) -> None:
    check = begin(desk, facts, f"{HEADER}\n=1+1@b;kapitein;De School\na@b.example;ib;De Haven\n")
    file = desk.get(f"{check}/faults.csv")
    assert file.mimetype == "text/csv"
    lines = file.data.decode("utf-8-sig").splitlines()
    assert lines[0] == f";{HEADER};"
    assert lines[1].startswith("2;'=1+1@b;kapitein;De School;")
    assert len(lines) == 2


def test_the_list_taken_along_can_be_read_again_and_is_the_same_whoever_is_done(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    place = f"/coordinator/{facts.wave}/{facts.region}/list.csv"
    first = desk.get(place)
    assert "attachment" in first.headers["Content-Disposition"]
    assert len(read_frame(first.data, ROLES, LANGUAGES).rows) == 15
    with db.write() as connection:
        connection.execute(update(Invitation).values(status="done", started=True))
    assert desk.get(place).data == first.data


def test_after_the_close_nothing_can_be_put_in(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    check = begin(desk, facts, f"{HEADER}\na@b.example;ib;De School\n")
    with db.write() as connection:
        connection.execute(update(Participation).values(status="closed"))
    start = f"/coordinator/{facts.wave}/{facts.region}/import"
    assert desk.post(check).headers["Location"] == start
    assert "gesloten" in desk.get(start).text
    assert put_in(desk, start, LIST).status_code == 422
    assert listed(keys, facts) == []


def test_strangers_are_asked_for_the_password(app: Flask, facts: ParticipationFacts) -> None:
    browser = Browser(app)
    for place in (
        "import",
        "list.csv",
        f"import/{UUID(int=1)}",
        f"import/{UUID(int=1)}/faults.csv",
        "suppliers",
    ):
        answer = browser.get(f"/coordinator/{facts.wave}/{facts.region}/{place}")
        assert answer.headers["Location"].endswith("/coordinator/login")


def test_no_page_of_a_list_changes_with_who_is_done(
    desk: Browser, keys: KeyDirectory, facts: ParticipationFacts, people: list[Person]
) -> None:
    """The swap test for the pages that need a list: also of rows about people who are on it."""
    rows = "post@rijnmeer-ib-1.example;ib;school 1\npost@rijnmeer-ib-2.example;ib;school 9\n"
    check = begin(desk, facts, f"{HEADER}\n{rows}")
    looks: list[list[str]] = []
    for done in (people[0], people[1]):
        with db.write() as connection:
            connection.execute(update(Invitation).values(status="open", started=False))
            connection.execute(
                update(Invitation).where(Invitation.id == done.invitation).values(status="done", started=True)
            )
        looks.append([desk.get(place).text for place in (check, f"{check}/columns", f"{check}/faults.csv")])
    token = re.compile(r'name="csrf_token" value="[^"]+"')
    assert [token.sub("", text) for text in looks[0]] == [token.sub("", text) for text in looks[1]]
