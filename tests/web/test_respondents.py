"""The respondents' pages: the state of the invitation's mail only, acts alike for everyone, and a forecast."""

import re
from collections import Counter
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from aoj_survey.db import db
from aoj_survey.fieldwork import close_participation, start_participation
from aoj_survey.invitations import Invitation, Invitee, ListedPerson, Message, list_people
from aoj_survey.keys import KeyDirectory
from aoj_survey.regions import set_members
from aoj_survey.waves import ParticipationFacts, list_acts
from tests.by_area import plan_areas
from tests.conftest import FixedClock
from tests.responses.boxes import read_rows
from tests.staging import ANSWERS, QUESTIONNAIRES, Person, send, start_wave
from tests.staging import list_people as list_staged
from tests.web.browsing import TOKEN, Browser, log_in
from tests.web.conftest import PASSWORD

PEOPLE = "/coordinator/2026/rijnmeer/people"
NEW = {"address": "nieuw@school.example", "organisation": "basisschool De Verzonnen Bij", "role": "ib"}


@pytest.fixture
def coordinator(app: Flask, facts: ParticipationFacts) -> Browser:
    return log_in(app, PASSWORD)


def find_all(keys: KeyDirectory, facts: ParticipationFacts) -> tuple[ListedPerson, ...]:
    with db.read() as connection:
        return list_people(connection, keys, facts.id)


@pytest.fixture
def listed(keys: KeyDirectory, facts: ParticipationFacts) -> ListedPerson:
    return find_all(keys, facts)[0]


def mark_mail(person: UUID, state: str, kind: str = "invitation") -> None:
    with db.write() as connection:
        invitation = select(Invitation.id).where(Invitation.invitee_id == person).scalar_subquery()
        connection.execute(
            update(Message)
            .where(Message.invitation_id == invitation, Message.kind == kind)
            .values(state=state)
        )


def read_log(facts: ParticipationFacts) -> list[str]:
    with db.read() as connection:
        return [act.code for act in list_acts(connection, facts.id) if act.made_by == "coordinator"]


# The list


def test_all_pages_need_the_password(app: Flask, facts: ParticipationFacts, listed: ListedPerson) -> None:
    stranger = Browser(app)
    for place in (PEOPLE, f"{PEOPLE}/new", f"{PEOPLE}/{listed.id}", f"{PEOPLE}/{listed.id}/withdrawal"):
        refused = stranger.get(place)
        assert (refused.status_code, refused.headers["Location"]) == (303, "/coordinator/login")


def test_the_list_shows_a_page_of_people_with_the_state_of_their_invitation(
    coordinator: Browser, keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    people = find_all(keys, facts)
    for person, state in zip(people, ("sent", "undelivered", "uncertain", "failed"), strict=False):
        mark_mail(person.id, state)
    page = coordinator.get(PEOPLE).text
    assert "28 mensen" in page
    assert "u ziet 1 tot en met 25" in page
    assert page.count(">Wijzig<") == 25
    assert page.count('<span class="tag ok">mail aangekomen</span>') == 1
    assert page.count('<span class="tag err">mail kwam niet aan</span>') == 2
    assert page.count('<span class="tag warn">niet zeker</span>') == 1
    assert page.count('<span class="tag ">nog niet verstuurd</span>') == 21
    assert "Op zondag 5 juli 2026 wissen we deze lijst." in page
    later = re.search(r'href="([^"]+)">Volgende 25', page)
    assert later is not None
    rest = coordinator.get(later[1]).text
    assert rest.count(">Wijzig<") == 3
    assert "Vorige 25" in rest


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ({"text": "zoco-3"}, 1),
        ({"text": "SCHOOL 11"}, 2),
        ({"role": "jeugdhulp"}, 4),
        ({"mail": "sent"}, 1),
        ({"mail": "failed"}, 2),
        ({"mail": "opted_out"}, 1),
        ({"role": "ib", "mail": "opted_out", "text": "nobody"}, 0),
    ],
)
def test_people_are_found_by_address_organisation_role_and_mail(
    coordinator: Browser, keys: KeyDirectory, facts: ParticipationFacts, sought: dict[str, str], found: int
) -> None:
    people = find_all(keys, facts)
    for person, state in zip(people, ("sent", "undelivered", "failed"), strict=False):
        mark_mail(person.id, state)
    with db.write() as connection:
        connection.execute(update(Invitee).where(Invitee.id == people[3].id).values(opted_out=True))
    coordinator.get(PEOPLE)
    page = seek(coordinator, **sought)
    shown = re.search(r"<caption>(\d+) (?:persoon|mensen)", page)
    assert (int(shown[1]) if shown else 0) == found
    assert ("Niemand op de lijst past hierbij." in page) is (found == 0)


def seek(browser: Browser, **sought: str) -> str:
    answer = browser.post(PEOPLE, **sought)
    assert answer.status_code == 303
    assert sought.get("text", "-") not in answer.headers["Location"]
    return browser.get(answer.headers["Location"]).text


@pytest.mark.parametrize("start", ["9999999999999999999999999999", "-4"])
def test_a_place_that_cannot_be_is_the_first(coordinator: Browser, start: str) -> None:
    assert "u ziet 1 tot en met 25" in coordinator.get(f"{PEOPLE}?start={start}").text


def test_what_is_sought_stands_in_no_address_and_goes_along_to_the_next_page(coordinator: Browser) -> None:
    coordinator.get(PEOPLE)
    page = seek(coordinator, text="example", mail="waiting")
    assert 'value="example"' in page
    later = re.search(r'href="([^"]+)">Volgende 25', page)
    assert later is not None
    assert "example" not in later[1]
    assert "u ziet 26 tot en met 28" in coordinator.get(later[1].replace("&amp;", "&")).text
    assert coordinator.get(f"{PEOPLE}?mail=failed").text.count(">Wijzig<") == 0, "the overview leads there"
    seek(coordinator, text="nobody")
    assert "28 mensen" in coordinator.get(PEOPLE).text
    assert "28 mensen" in coordinator.get(f"{PEOPLE}?text=nobody").text


def test_a_list_without_people_says_so(app: Flask, keys: KeyDirectory, facts: ParticipationFacts) -> None:
    with db.write() as connection:
        connection.execute(update(Invitee).values(withdrawn="removed"))
    assert "Er staat nog niemand op de lijst." in log_in(app, PASSWORD).get(PEOPLE).text


def test_after_the_purge_the_page_says_that_the_list_was_erased(
    coordinator: Browser, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    close(facts, clock)
    (keys.path / str(facts.id) / "contact.key").unlink()
    page = coordinator.get(PEOPLE)
    assert page.status_code == 200
    assert "of de lijst is gewist zoals beloofd" in page.text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("due", "link opnieuw verstuurd: onderweg"),
        ("sent", "link opnieuw verstuurd: aangekomen"),
        ("undelivered", "link opnieuw verstuurd: kwam niet aan"),
        ("uncertain", "link opnieuw verstuurd: niet zeker"),
    ],
)
def test_what_became_of_the_link_sent_again_stands_beside_the_invitation(
    coordinator: Browser, facts: ParticipationFacts, listed: ListedPerson, state: str, words: str
) -> None:
    mark_mail(listed.id, "undelivered")
    coordinator.get(f"{PEOPLE}/{listed.id}")
    assert "link opnieuw verstuurd" not in coordinator.get(PEOPLE).text
    for number in (1, 2):
        coordinator.post(f"{PEOPLE}/{listed.id}/link")
        with db.write() as connection:
            # The newest one is told of.
            connection.execute(
                update(Message)
                .where(Message.kind == "link_again", Message.number == number)
                .values(state="failed" if number == 1 else state)
            )
    for page in (PEOPLE, f"{PEOPLE}/{listed.id}"):
        text = coordinator.get(page).text
        assert text.count(words) == 1
        assert "mail kwam niet aan" in text


def close(facts: ParticipationFacts, clock: FixedClock) -> None:
    with db.write() as connection:
        close_participation(connection, facts, clock())


def test_the_forecast_says_which_roles_stand_apart(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    start_wave(keys, clock(), {"ib": 40, "zoco": 24, "jeugdhulp": 9, "swv": 14, "beleid_gem": 15})
    page = log_in(app, PASSWORD).get(PEOPLE).text
    forecast = page.partition("Vooruitblik")[2]
    assert forecast.count('<span class="tag ok">apart</span>') == 1
    assert "samen met jeugdhulpverleners" in forecast
    assert forecast.count("samen als \u2018beleid\u2019") == 2
    assert "Verwacht bij 45%" in forecast
    assert 'data-l="Verwacht">18<' in forecast


# Acts about one person


def test_a_region_that_keeps_areas_sees_before_and_after_the_start_which_stand_apart(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    planned = plan_areas(keys, clock)
    coordinator = log_in(app, PASSWORD)
    before = coordinator.get(PEOPLE).text
    with db.write() as connection:
        start_participation(connection, planned, QUESTIONNAIRES, clock(), keys=keys)
    after = coordinator.get(PEOPLE).text
    for page in (before, after):
        table = page[page.index("welke gebieden kunnen straks apart") :]
        cells = re.findall(r"<t[hd][^>]*>(?:<span[^>]*>)?([^<]+)", table)
        rows = [" ".join(cells[start : start + 5]) for start in (5, 10, 15)]
        assert rows == [
            "intern begeleiders 1 11 5 apart",
            "intern begeleiders 2 13 6 apart",
            "zorgcoördinatoren - 12 5 niet per gebied",
        ]
        assert "Havendam / swv PO Rijnmeer" in table
    assert ("liggen vast" in before, "liggen vast" in after) == (False, True)
    assert "ook per gemeente" in coordinator.get(PEOPLE.replace("people", "schedule")).text


def test_somebody_added_has_a_place_that_is_a_member_of_the_region_or_that_of_the_organisation(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    planned = plan_areas(keys, clock)
    with db.write() as connection:
        start_participation(connection, planned, QUESTIONNAIRES, clock(), keys=keys)
        set_members(connection, "rijnmeer", ["gemeente Havendam", "Rijnmeer", "swv PO Rijnmeer"])
        known = list_people(connection, keys, planned.id)
    coordinator = log_in(app, PASSWORD)
    page = coordinator.get(f"{PEOPLE}/new").text
    assert '<option value="Havendam">' in page
    assert '<option value="swv PO Rijnmeer">' in page
    elsewhere = coordinator.post(f"{PEOPLE}/new", **NEW, municipality="Elders")
    assert elsewhere.status_code == 422
    assert "geen gemeente van uw regio" in elsewhere.text
    given = {**NEW, "municipality": "gemeente Havendam", "swv": "PO Rijnmeer"}
    assert coordinator.post(f"{PEOPLE}/new", **given).status_code == 303
    colleague = next(person for person in known if person.municipality == "gemeente Rijnmeer")
    second = {**NEW, "address": "tweede@school.example", "organisation": colleague.organisation}
    assert coordinator.post(f"{PEOPLE}/new", **second).status_code == 303
    third = {**NEW, "address": "derde@school.example", "organisation": "school Zonder Plaats"}
    assert coordinator.post(f"{PEOPLE}/new", **third).status_code == 303
    with db.read() as connection:
        places = {
            person.address: (person.municipality, person.swv)
            for person in list_people(connection, keys, planned.id)
            if person.address in {NEW["address"], "tweede@school.example", "derde@school.example"}
        }
        kept = connection.execute(select(Invitation.area).where(Invitation.role == "ib")).scalars()
        assert Counter(kept) == {"a1": 12, "a2": 14, "": 1}
    assert places == {
        NEW["address"]: ("Havendam", "swv PO Rijnmeer"),
        "tweede@school.example": ("gemeente Rijnmeer", "swv PO Rijnmeer"),
        "derde@school.example": ("", ""),
    }
    # What the list said before anybody named the members does not stand in the way of another address.
    assert '<option value="gemeente Rijnmeer" selected>' in coordinator.get(f"{PEOPLE}/{colleague.id}").text
    moved = coordinator.post(f"{PEOPLE}/{colleague.id}/address", address="verhuisd@school.example")
    assert moved.status_code == 303


def test_without_areas_nobody_is_asked_for_a_place(coordinator: Browser) -> None:
    assert 'name="municipality"' not in coordinator.get(f"{PEOPLE}/new").text


def test_the_link_is_sent_again_by_the_same_act_for_everyone(
    coordinator: Browser, facts: ParticipationFacts, listed: ListedPerson
) -> None:
    mark_mail(listed.id, "sent")
    page = coordinator.get(f"{PEOPLE}/{listed.id}")
    assert listed.address in page.text
    assert "Stuur de link opnieuw" in page.text
    sent = coordinator.post(f"{PEOPLE}/{listed.id}/link")
    assert sent.headers["Location"] == f"{PEOPLE}/{listed.id}?done=link"
    assert "De link gaat vanzelf opnieuw uit." in coordinator.get(sent.headers["Location"]).text
    assert [row["kind"] for row in read_rows(Message)].count("link_again") == 1
    assert read_log(facts) == ["link_sent_again"]
    again = coordinator.post(f"{PEOPLE}/{listed.id}/link")
    assert again.status_code == 422
    assert "De link staat al klaar om opnieuw te versturen" in again.text
    assert len(read_log(facts)) == 1


def test_a_link_that_has_not_gone_out_is_not_sent_again(coordinator: Browser, listed: ListedPerson) -> None:
    coordinator.get(f"{PEOPLE}/{listed.id}")
    refused = coordinator.post(f"{PEOPLE}/{listed.id}/link")
    assert refused.status_code == 422
    assert "De uitnodiging is nog niet verstuurd." in refused.text
    assert "<title>Fout: " in refused.text


def test_another_address_is_kept_and_a_wrong_one_stays_typed(
    coordinator: Browser, keys: KeyDirectory, facts: ParticipationFacts, listed: ListedPerson
) -> None:
    coordinator.get(f"{PEOPLE}/{listed.id}")
    wrong = coordinator.post(f"{PEOPLE}/{listed.id}/address", address="geen adres")
    assert wrong.status_code == 422
    assert "Vul een mailadres in, zoals naam@school.nl" in wrong.text
    assert 'value="geen adres"' in wrong.text
    assert '<a href="#address">' in wrong.text
    moved = coordinator.post(f"{PEOPLE}/{listed.id}/address", address="anders@school.example")
    assert moved.status_code == 303
    assert "anders@school.example" in {person.address for person in find_all(keys, facts)}
    assert listed.address not in {person.address for person in find_all(keys, facts)}
    assert read_log(facts) == ["address_changed"]


def test_a_shared_address_is_asked_about_and_confirmed(
    coordinator: Browser, keys: KeyDirectory, facts: ParticipationFacts, listed: ListedPerson
) -> None:
    other = find_all(keys, facts)[5]
    coordinator.get(f"{PEOPLE}/{listed.id}")
    asked = coordinator.post(f"{PEOPLE}/{listed.id}/address", address=other.address)
    assert asked.status_code == 422
    assert "Ja, dit is een tweede persoon met dit adres" in asked.text
    kept = coordinator.post(f"{PEOPLE}/{listed.id}/address", address=other.address, confirmed="yes")
    assert kept.status_code == 303


def test_a_correction_changes_what_was_typed_and_keeps_the_rest(
    coordinator: Browser, keys: KeyDirectory, facts: ParticipationFacts, listed: ListedPerson
) -> None:
    coordinator.get(f"{PEOPLE}/{listed.id}")
    corrected = coordinator.post(
        f"{PEOPLE}/{listed.id}/correction", organisation="basisschool De Verzonnen Zeester", sector="po"
    )
    assert corrected.status_code == 303
    found = next(person for person in find_all(keys, facts) if person.id == listed.id)
    assert (found.organisation, found.sector) == ("basisschool De Verzonnen Zeester", "po")
    assert (found.address, found.role, found.language) == (listed.address, listed.role, listed.language)


def test_the_role_stays_once_the_invitation_has_gone_out(coordinator: Browser, listed: ListedPerson) -> None:
    mark_mail(listed.id, "sent")
    coordinator.get(f"{PEOPLE}/{listed.id}")
    role = "zoco" if listed.role != "zoco" else "ib"
    refused = coordinator.post(f"{PEOPLE}/{listed.id}/correction", role=role)
    assert refused.status_code == 422
    assert "Daarom kan de functie niet meer veranderen" in refused.text


def test_somebody_is_added(coordinator: Browser, keys: KeyDirectory, facts: ParticipationFacts) -> None:
    coordinator.get(f"{PEOPLE}/new")
    added = coordinator.post(f"{PEOPLE}/new", **NEW, sector="po", language="en")
    assert added.headers["Location"] == f"{PEOPLE}?done=added"
    page = coordinator.get(added.headers["Location"]).text
    assert "29 mensen" in page
    assert "De uitnodiging gaat vanzelf uit." in page
    assert "zette een persoon op de lijst" in page
    found = next(person for person in find_all(keys, facts) if person.address == NEW["address"])
    assert (found.role, found.sector, found.language, found.mail) == ("ib", "po", "en", "waiting")
    assert "nieuw@school.example" not in " ".join(read_log(facts))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"address": ""}, "Vul een mailadres in"),
        ({"role": ""}, "Kies de functie"),
        ({"role": "koning"}, "Kies de functie"),
        ({"organisation": ""}, "Vul de organisatie in."),
        ({"organisation": "x" * 201}, "Maak dit korter"),
    ],
)
def test_somebody_who_cannot_be_added_is_said_why_and_what_was_typed_stays(
    coordinator: Browser, keys: KeyDirectory, facts: ParticipationFacts, given: dict[str, str], words: str
) -> None:
    coordinator.get(f"{PEOPLE}/new")
    refused = coordinator.post(f"{PEOPLE}/new", **(NEW | given))
    assert refused.status_code == 422
    assert refused.text.count(words) == 2
    typed = NEW | given
    assert f'value="{typed["address"]}"' in refused.text
    assert f'value="{typed["organisation"]}"' in refused.text
    assert len(find_all(keys, facts)) == 28
    assert read_log(facts) == []


@pytest.mark.parametrize(("reason", "invited"), [("removed", 28), ("ineligible", 27)])
def test_taking_off_the_list_has_its_own_page_and_a_button_that_names_it(
    coordinator: Browser,
    keys: KeyDirectory,
    facts: ParticipationFacts,
    listed: ListedPerson,
    reason: str,
    invited: int,
) -> None:
    page = coordinator.get(f"{PEOPLE}/{listed.id}/withdrawal").text
    assert f"Het gaat om één persoon: {listed.address}" in page
    assert "Haal van de lijst en wis" in page
    assert "Antwoorden die al zijn verstuurd, blijven in de bus." in page
    gone = coordinator.post(f"{PEOPLE}/{listed.id}/withdrawal", reason=reason)
    assert gone.headers["Location"] == f"{PEOPLE}?done=withdrawn"
    assert listed.id not in {person.id for person in find_all(keys, facts)}
    assert coordinator.get(f"{PEOPLE}/{listed.id}").status_code == 404
    shown = coordinator.get(PEOPLE).text.partition("Vooruitblik")[2]
    assert sum(map(int, re.findall(r'data-l="Uitgenodigd">(\d+)<', shown))) == invited


def test_without_a_reason_nobody_is_taken_off(
    coordinator: Browser, keys: KeyDirectory, facts: ParticipationFacts, listed: ListedPerson
) -> None:
    coordinator.get(f"{PEOPLE}/{listed.id}/withdrawal")
    refused = coordinator.post(f"{PEOPLE}/{listed.id}/withdrawal", reason="anders")
    assert refused.status_code == 422
    assert "Kies waarom deze persoon van de lijst gaat" in refused.text
    assert listed.id in {person.id for person in find_all(keys, facts)}


def test_after_the_close_the_list_can_only_shrink(
    coordinator: Browser, facts: ParticipationFacts, listed: ListedPerson, clock: FixedClock
) -> None:
    coordinator.get(f"{PEOPLE}/{listed.id}")
    close(facts, clock)
    assert "Persoon toevoegen" not in coordinator.get(PEOPLE).text
    page = coordinator.get(f"{PEOPLE}/{listed.id}").text
    assert "De lijst kan niet meer veranderen." in page
    assert "Stuur de link opnieuw" not in page
    assert coordinator.post(f"{PEOPLE}/new", **NEW).status_code == 422


def test_unknown_people_and_places_have_no_page(coordinator: Browser) -> None:
    for place in (f"{PEOPLE}/{UUID(int=7)}", "/coordinator/2026/elders/people", f"{PEOPLE}/x"):
        assert coordinator.get(place).status_code == 404


# Who answered is nobody's business


def act_on_both(
    coordinator: Browser, people: list[Person], clock: FixedClock, done: Person, look: Callable[[str], str]
) -> list[str]:
    """Everything that is seen of two people, of whom one is done, before and after acts on each."""
    send(done, ANSWERS, clock())
    seen: list[str] = []
    for person in people:
        with db.read() as connection:
            invitee = connection.execute(
                select(Invitation.invitee_id).where(Invitation.id == person.invitation)
            ).scalar_one()
        place = f"{PEOPLE}/{invitee}"
        address = f"a{len(seen)}@verzonnen.example"
        seen.append(look(coordinator.get(place).text))
        # Acts of one moment have no order of their own.
        for act, data in (
            ("link", {}),
            ("address", {"address": address}),
            ("withdrawal", {"reason": "removed"}),
        ):
            clock.pass_time(seconds=1)
            seen.append(look(coordinator.post(f"{place}/{act}", **data).text))
            seen.append(look(coordinator.get(PEOPLE).text))
    return seen


def hide_ids(text: str) -> str:
    """A page without what is new in each form and each database."""
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "id", TOKEN.sub("token", text))


@pytest.mark.parametrize("sent", [False, True])
def test_no_act_and_no_page_differs_by_who_of_two_is_done(
    app: Flask, keys: KeyDirectory, clock: FixedClock, sent: bool
) -> None:
    assert compare(app, keys, clock, sent=sent) is True


def compare(
    app: Flask, keys: KeyDirectory, clock: FixedClock, *, sent: bool, look: Callable[[str], str] = hide_ids
) -> bool:
    seen: list[list[str]] = []
    for done in (0, 1):
        with db.write() as connection:
            for table in reversed(db.metadata.sorted_tables):
                connection.execute(table.delete())
        facts = start_wave(keys, clock(), {"ib": 12})
        by_name = {person.id: person.address for person in find_all(keys, facts)}
        with db.read() as connection:
            rows = connection.execute(select(Invitation.id, Invitation.invitee_id)).all()
        names = {row.id: by_name[row.invitee_id] for row in rows if row.invitee_id}
        both = sorted(list_staged(keys, facts), key=lambda person: names[person.invitation])[:2]
        if sent:
            with db.write() as connection:
                values = {"state": "sent"}
                connection.execute(update(Message).where(Message.kind == "invitation").values(**values))
        seen.append(act_on_both(log_in(app, PASSWORD), both, clock, both[done], look))
    return seen[0] == seen[1]


def test_twin_a_page_that_shows_a_status_differs(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    def look_with_status(text: str) -> str:
        with db.read() as connection:
            rows = connection.execute(
                select(Invitation.status)
                .join(Invitee, Invitee.id == Invitation.invitee_id)
                .where(Invitee.withdrawn.is_not(None))
            )
            return hide_ids(text) + " ".join(rows.scalars())

    assert compare(app, keys, clock, sent=True, look=look_with_status) is False
