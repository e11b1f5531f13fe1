"""Reading and storing the list of people."""

import contextlib
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from aoj_survey.db import db
from aoj_survey.errors import FrameError, StateError
from aoj_survey.invitations import (
    FrameFile,
    FrameReading,
    FrameRow,
    Invitation,
    Invitee,
    Message,
    derive_token,
    import_frame,
    list_people,
    open_contact,
    opt_out,
    read_frame,
    write_list,
)
from aoj_survey.invitations.columns import COLUMNS, NAME_COLUMNS
from aoj_survey.invitations.tables import MAX_FILE
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import ROLES
from aoj_survey.waves import Participation, ParticipationFacts, plan_participation
from tests.conftest import FixedClock
from tests.invitations.files import make_xlsx
from tests.staging import make_plan, plan_wave

ROLE_CODES = ("ib", "zoco", "beleid_gem")
HEADER = "e-mail;rol;organisatie;taal\n"


def read(text: str) -> FrameFile:
    return read_frame(text.encode(), ROLE_CODES, ("nl", "en"))


def faults(text: str | bytes) -> list[tuple[int, str, str]]:
    """Row, column and value of every fault of a file."""
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(FrameError) as caught:
        read_frame(content, ROLE_CODES, ("nl", "en"))
    assert all(fault.what for fault in caught.value.faults)
    return [(fault.row, fault.column, fault.value) for fault in caught.value.faults]


def test_a_list_is_read() -> None:
    found = read(
        HEADER + "een@vuurtoren.example;ib;De Vuurtoren;nl\ntwee@haven.example;zoco;Havencollege;en\n"
    )
    assert found.rows == (
        FrameRow("een@vuurtoren.example", "ib", "De Vuurtoren", "nl"),
        FrameRow("twee@haven.example", "zoco", "Havencollege", "en"),
    )
    assert (found.ignored, found.numbers) == ((), (2, 3))


@pytest.mark.parametrize(
    "text",
    [
        "e-mail,rol,organisatie\na@b.example,ib,De School\n",
        "e-mail;rol;organisatie\na@b.example;ib;De School\n",
        "\ufeffE-Mail;ROL;Organisatie\r\na@b.example;ib;De School\r\n",
        "Email,Role,Organisation,Language\na@b.example,ib,De School,\n",
        "school, functie ,mail\nDe School, Intern begeleider ,a@b.example\n",
        "e-mail,rol,organisatie\na@b.example,internal support coordinator (primary school),De School\n",
        '"e-mail";"rol";"organisatie"\n"a@b.example";"intern begeleiders";"De School"\n',
        "e-mail,rol,organisatie\n\n,,\na@b.example,IB,De School\n\n",
    ],
)
def test_separators_encodings_names_of_columns_and_roles_may_vary(text: str) -> None:
    assert read(text).rows == (FrameRow("a@b.example", "ib", "De School", "nl"),)


def test_names_of_people_are_passed_over_and_said_so() -> None:
    found = read("Voornaam;Achternaam;e-mail;rol;organisatie\nJan;Verzonnen;a@b.example;ib;De School\n")
    assert found.ignored == ("Voornaam", "Achternaam")
    assert "Verzonnen" not in repr(found.rows)


def test_what_looks_like_a_formula_is_text() -> None:
    [row] = read(HEADER + 'a@b.example;ib;"=HYPERLINK(""https://x.example"")";\n').rows
    assert row.organisation == '=HYPERLINK("https://x.example")'


@pytest.mark.parametrize(
    ("word", "code"), [("nl", "nl"), ("EN", "en"), ("Nederlands", "nl"), ("Engels", "en")]
)
def test_a_language_is_a_code_or_a_name(word: str, code: str) -> None:
    assert read(HEADER + f"a@b.example;ib;De School;{word}\n").rows[0].language == code


def test_every_fault_is_named_by_row_and_column_and_nobody_is_read() -> None:
    text = (
        HEADER
        + "geen adres;ib;De School;nl\n"
        + "b@b.example;kapitein;De School;nl\n"
        + "c@b.example;ib;;xx\n"
        + "goed@b.example;ib;De School;\n"
        + ";zoco;"
        + "x" * 201
        + ";en\n"
    )
    assert faults(text) == [
        (2, "e-mail", "geen adres"),
        (3, "rol", "kapitein"),
        (4, "organisatie", ""),
        (4, "taal", "xx"),
        (6, "e-mail", ""),
        (6, "organisatie", "x" * 201),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "a@b",
        "a@@b.example",
        "a b@c.example",
        "a@b,example",
        "a@[127.0.0.1]",
        "jörg@b.example",
        "a@-b.example",
        "@b.example",
    ],
)
def test_an_address_we_cannot_mail_is_a_fault(address: str) -> None:
    assert faults(HEADER + f'"{address}";ib;De School;\n') == [(2, "e-mail", address)]


def test_a_domain_with_letters_of_its_own_is_written_as_mail_servers_know_it() -> None:
    assert read(HEADER + "a@schoöl.example;ib;De School;\n").rows[0].address == "a@xn--schol-mua.example"


def test_an_address_that_is_there_twice_is_named_with_both_rows() -> None:
    with pytest.raises(FrameError) as caught:
        read(HEADER + "a@b.example;ib;De School;\nc@b.example;ib;De School;\nA@B.example;zoco;De Haven;\n")
    [fault] = caught.value.faults
    assert fault.row == 4
    assert "row 2" in fault.what


@pytest.mark.parametrize(
    "evil", ["De\nSchool", "De\r\nBcc: x@y.example", "De\x0bSchool", "De\u2028School", "De\u202eSchool"]
)
def test_a_line_break_or_invisible_character_is_a_fault(evil: str) -> None:
    assert faults(HEADER + f'a@b.example;ib;"{evil}";\n') == [(2, "organisatie", evil)]


def test_columns_are_checked_before_rows() -> None:
    assert faults("e-mail;rol;schoenmaat;rol\nx;y;z;w\n") == [
        (1, "schoenmaat", "schoenmaat"),
        (1, "rol", "rol"),
        (1, "organisatie", ""),
    ]


def test_a_row_with_too_many_cells_is_a_fault() -> None:
    assert faults(HEADER + "a@b.example;ib;De School;nl;over\n") == [(2, "", "over")]


def test_a_row_with_too_few_cells_lacks_what_is_not_there() -> None:
    assert faults(HEADER + "a@b.example;ib\n") == [(2, "organisatie", "")]


def test_a_file_in_the_old_windows_encoding_is_refused_with_the_place() -> None:
    content = (HEADER + "a@b.example;ib;De School;\nc@b.example;ib;De Zeeën;\n").encode("cp1252")
    assert faults(content) == [(3, "", "c@b.example;ib;De Zeeën;")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        HEADER.encode(),
        "e-mail;rol".encode("utf-16"),
        b"PK\x03\x04\x00\x00",
        b"x" * (MAX_FILE + 1),
    ],
)
def test_what_is_no_list_is_refused(content: bytes) -> None:
    assert faults(content)


def test_broken_quotes_are_refused_with_the_row() -> None:
    assert faults(HEADER + 'a@b.example;ib;De School;\nc@b.example;ib;"De" School;\n')[0][0] == 3


@given(st.binary(max_size=300))
def test_no_file_makes_it_stumble(content: bytes) -> None:
    for start in (b"", HEADER.encode()):
        with contextlib.suppress(FrameError):
            assert read_frame(start + content, ROLE_CODES, ("nl", "en")).rows


CELL = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30)


@given(st.lists(st.tuples(st.sampled_from(ROLE_CODES), CELL), min_size=1, max_size=20), st.sampled_from(";,"))
def test_what_is_written_is_read_back(people: list[tuple[str, str]], separator: str) -> None:
    rows = [FrameRow(f"p{n}@b.example", role, name, "nl") for n, (role, name) in enumerate(people)]
    lines = [
        separator.join(
            '"' + cell.replace('"', '""') + '"' for cell in (row.address, row.role, row.organisation)
        )
        for row in rows
    ]
    text = separator.join(("e-mail", "rol", "school")) + "\n" + "\n".join(lines)
    assert list(read(text).rows) == rows


def test_no_name_of_a_column_or_role_means_two_things() -> None:
    names = [name for names in (*COLUMNS.values(), NAME_COLUMNS) for name in names]
    assert len(names) == len(set(names))
    for language in ("nl", "en"):
        labels = [role.label[language] for role in ROLES.values()]
        assert len(labels) == len(set(labels))


def test_a_workbook_is_read_with_columns_by_choice_and_a_shared_address() -> None:
    rows = [
        ["Contact", "rol", "organisatie", "BRIN", "naam"],
        ["a@b.example", "ib", "De School", "00XX", "Jan"],
        ["a@b.example", "zoco", "De School", "00XX", "Jan"],
    ]
    content = make_xlsx(rows)
    with pytest.raises(FrameError, match="--shared"):
        read_frame(content, ROLE_CODES, ("nl",), FrameReading({"address": "contact"}))
    found = read_frame(content, ROLE_CODES, ("nl",), FrameReading({"address": "contact"}, shared=True))
    assert ([row.role for row in found.rows], found.numbers) == (["ib", "zoco"], (2, 3))
    assert (found.ignored, found.unread) == (("naam",), ("BRIN",))


def test_an_old_windows_file_is_read_when_somebody_says_so() -> None:
    content = (HEADER + "c@b.example;ib;De Zeeën;\n").encode("cp1252")
    [row] = read_frame(content, ROLE_CODES, ("nl",), FrameReading({}, windows=True)).rows
    assert row.organisation == "De Zeeën"


# Storing


FILE = HEADER + "a@b.example;ib;De School;\nc@b.example;zoco;De Haven;en\n"


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    plan = make_plan(clock(), dict.fromkeys(ROLE_CODES, 0))
    with db.write() as connection:
        return plan_wave(connection, keys, plan, {})


def count_rows() -> tuple[int, int, int]:
    with db.read() as connection:
        invitees, invitations, messages = (
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (Invitee, Invitation, Message)
        )
    return invitees, invitations, messages


def test_a_list_is_stored_with_sealed_contacts_and_three_messages_each(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    with db.write() as connection:
        assert import_frame(connection, keys, facts.id, read(FILE)) == 2
    assert count_rows() == (2, 2, 6)
    with db.read() as connection:
        people = connection.execute(select(Invitee.id, Invitee.contact, Invitee.language)).all()
    assert not any(b"b.example" in row.contact for row in people)
    opened = {
        (open_contact(keys.contact(facts.id), row.id, row.contact).address, row.language) for row in people
    }
    assert opened == {("a@b.example", "nl"), ("c@b.example", "en")}


def test_who_is_on_the_list_already_is_named_and_nobody_is_added(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    with db.write() as connection:
        import_frame(connection, keys, facts.id, read(FILE))
    more = read(HEADER + "\nnieuw@b.example;ib;De School;\nC@b.example;ib;De School;\n")
    with pytest.raises(FrameError) as caught, db.write() as connection:
        import_frame(connection, keys, facts.id, more)
    assert [fault.row for fault in caught.value.faults] == [4]
    assert count_rows() == (2, 2, 6)


def test_the_same_address_in_another_role_is_added_once_that_is_said(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    more = read(HEADER + "A@b.example;zoco;De School;\nnieuw@b.example;ib;De School;\n")
    with db.write() as connection:
        import_frame(connection, keys, facts.id, read(FILE))
    with pytest.raises(FrameError, match="--shared"), db.write() as connection:
        import_frame(connection, keys, facts.id, more)
    with db.write() as connection:
        assert import_frame(connection, keys, facts.id, more, shared=True) == 2
    again = read(HEADER + "a@b.example;ib;de school;\n")
    with pytest.raises(FrameError, match="on the list already"), db.write() as connection:
        import_frame(connection, keys, facts.id, again, shared=True)
    assert count_rows() == (4, 4, 12)


def test_who_wants_no_more_mail_is_skipped_in_every_wave_of_the_region(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    with db.write() as connection:
        import_frame(connection, keys, facts.id, read(FILE))
        [first, *_] = connection.execute(
            select(Invitation.id, Invitation.role).order_by(Invitation.role)
        ).all()
        assert opt_out(connection, keys, derive_token(keys.link(facts.id), "optout", first.id, 0))
        plan = make_plan(clock(), dict.fromkeys(ROLE_CODES, 0), wave="2027")
        later = plan_participation(connection, keys, plan)
        elsewhere = plan_wave(connection, keys, make_plan(clock(), {"ib": 0, "zoco": 0}, region="other"), {})
        assert import_frame(connection, keys, later, read(FILE.replace("a@b", "A@B"))) == 1
        assert import_frame(connection, keys, elsewhere.id, read(FILE)) == 2


def test_two_who_import_at_once_get_words_not_a_crash(
    facts: ParticipationFacts, keys: KeyDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.write() as connection:
        import_frame(connection, keys, facts.id, read(FILE))
    monkeypatch.setattr("aoj_survey.invitations.frame.find_listed", lambda *_: [])
    with pytest.raises(StateError, match="just now"), db.write() as connection:
        import_frame(connection, keys, facts.id, read(FILE))


def test_a_list_taken_along_can_be_imported_as_it_is_and_tells_nothing_of_who_took_part(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    text = (
        "e-mail;rol;organisatie;taal;sector;gemeente;swv\n"
        "a@b.example;ib;=SOM(1);nl;po;Rijnstad;Rijnmeer\n"
        "a@b.example;zoco;'t Hart;en;;;\nuit@b.example;ib;De School;nl;;;\n"
    )
    with db.write() as connection:
        frame = read_frame(text.encode(), ROLE_CODES, ("nl", "en"), FrameReading({}, shared=True))
        import_frame(connection, keys, facts.id, frame, shared=True)
        people = list_people(connection, keys, facts.id)
    out = next(person for person in people if person.address == "uit@b.example")
    others = [person for person in people if person is not out]
    file = write_list([*others, replace(out, opted_out=True)])
    assert b"uit@" not in file
    assert b";=SOM" not in file
    again = read_frame(file, ROLE_CODES, ("nl", "en"), FrameReading({}, shared=True))
    assert set(again.rows) == {person.row for person in others}
    with db.write() as connection:
        connection.execute(update(Invitation).values(status="done", started=True))
        assert write_list(list_people(connection, keys, facts.id)) == write_list(people)


def test_people_may_be_added_while_it_runs_and_not_after(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    for status in ("running", "closed", "opened"):
        with db.write() as connection:
            connection.execute(update(Participation).values(status=status))
        with db.write() as connection:
            if status == "running":
                assert import_frame(connection, keys, facts.id, read(FILE)) == 2
            else:
                with pytest.raises(StateError, match="nobody can be added"):
                    import_frame(connection, keys, facts.id, read(FILE))
