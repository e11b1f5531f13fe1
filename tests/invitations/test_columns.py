"""Which column says what: by its name, by its content, and by who confirms it."""

import pytest

from aoj_survey.errors import FrameError
from aoj_survey.invitations.columns import guess_columns, place_columns, require_columns
from aoj_survey.invitations.tables import Table, read_table


def table(text: str) -> Table:
    return read_table(text.encode())


def test_columns_are_known_by_their_names() -> None:
    header = "Onderwijssoort;Mailadres;Achternaam;Functie;School;Taal;Gemeente;SWV;BRIN\n"
    found = guess_columns(table(header + "po;a@b.example;Verzonnen;ib;De School;nl;Rijnstad;Rijnmeer;00XX\n"))
    assert found.places == {
        "sector": 0,
        "address": 1,
        "role": 3,
        "organisation": 4,
        "language": 5,
        "municipality": 6,
        "swv": 7,
    }
    assert (found.guessed, found.ignored, found.unread) == (frozenset(), ("Achternaam",), ("BRIN",))


def test_what_no_name_tells_is_guessed_by_most_of_the_cells() -> None:
    found = guess_columns(
        table(
            "Contact;Wie;Naam;Waar;Spreekt;Wat\n"
            "a@b.example;intern begeleider;Jan;De School;Nederlands;basisonderwijs\n"
            "b@b,example;IB'er;Piet;De Haven;en;po\n"
            "onbekend;zoco;Klaas;De Kade;nl;\n"
        )
    )
    assert found.places == {"address": 0, "role": 1, "language": 4, "sector": 5}
    assert (found.guessed, found.unread) == (frozenset(found.places), ("Waar",))


def test_names_of_people_are_never_guessed_to_be_something() -> None:
    found = guess_columns(table("naam;functie\na@b.example;ib\n"))
    assert found.places == {"role": 1}


def test_a_name_goes_before_what_a_column_holds() -> None:
    found = guess_columns(table("e-mail;vroeger\n;a@b.example\n"))
    assert found.places == {"address": 0}


def test_who_confirms_chooses_by_place() -> None:
    found = place_columns(table("x;y;naam;z\na@b.example;ib;Jan;De School\n"), {"address": 0, "role": 1})
    assert (found.places, found.ignored, found.unread) == ({"address": 0, "role": 1}, ("naam",), ("z",))


def test_on_the_command_a_column_is_chosen_by_its_name_and_others_are_not_read() -> None:
    found = require_columns(
        table("Contact;functie;School;BRIN\na@b.example;ib;De School;00XX\n"), {"address": " contact "}
    )
    assert (found.places, found.unread) == ({"address": 0, "role": 1, "organisation": 2}, ("BRIN",))


def test_a_choice_goes_before_a_name() -> None:
    found = require_columns(
        table("e-mail;mail 2;rol;school\na@b.example;c@d.example;ib;De School\n"), {"address": "mail 2"}
    )
    assert (found.places["address"], found.unread) == (1, ("e-mail",))


@pytest.mark.parametrize("chosen", [{"address": "Post"}, {"schoenmaat": "Contact"}, {"address": "x"}])
def test_a_choice_that_leads_nowhere_is_a_fault(chosen: dict[str, str]) -> None:
    with pytest.raises(FrameError, match="no such column"):
        require_columns(table("Contact;rol;school;x;x\na@b.example;ib;De School;1;2\n"), chosen)


def test_a_missing_column_is_a_fault_that_says_which_one_it_probably_is() -> None:
    with pytest.raises(FrameError) as caught:
        require_columns(table("Contact;rol;school\na@b.example;ib;De School\n"), {})
    unknown, missing = caught.value.faults
    assert (unknown.code, unknown.value) == ("column_unknown", "Contact")
    assert (missing.code, missing.key, missing.proposal) == ("column_missing", "address", "Contact")
    assert "--column 'address=Contact'" in missing.what


def test_a_list_without_a_header_is_told_by_the_letters_of_its_columns() -> None:
    with pytest.raises(FrameError) as caught:
        require_columns(table("a@b.example;ib;De School\n"), {})
    assert [fault.proposal for fault in caught.value.faults if fault.proposal] == ["A", "B"]
    found = require_columns(
        table("a@b.example;ib;De School\n"), {"address": "A", "role": "B", "organisation": "C"}
    )
    assert found.places == {"address": 0, "role": 1, "organisation": 2}
