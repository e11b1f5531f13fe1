"""Every place of the website, from its route table, so that a new route is never forgotten."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from aoj_survey.db import db
from aoj_survey.invitations import Invitation, derive_group_tokens, derive_token, list_groups
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts
from tests.staging import Person
from tests.web.browsing import TOKEN, Browser

START = re.compile(r'name="start" value="([^"]+)"')
"""The random id that makes a start by a group link happen once; like the form's token new on each page."""


@dataclass(frozen=True, slots=True)
class Values:
    """What to fill in for the variable parts of routes."""

    link: str
    optout: str
    wave: str
    region: str
    group: UUID
    group_link: str
    group_page: str
    person: UUID
    handle: str = "aaaaaaaaaaaaaaaa"

    @property
    def release(self) -> str:
        """What a bundle of this participation would be called."""
        return f"aoj_{self.region}_{self.wave}_v1"

    def _token(self, endpoint: str) -> str:
        tokens = {"optout": self.optout, "groups": self.group_link, "posters": self.group_page}
        return tokens.get(endpoint.partition(".")[0], self.link)

    def of(self, rule: Rule) -> dict[str, Any]:
        """The values of a rule; a part nobody thought of fails the test that asks."""
        known: dict[str, Any] = {
            "token": self._token(rule.endpoint),
            "group": self.group,
            "person": self.person,
            # Lists that nobody put in: the pages lead back. Those of a real one have a swap test of their own.
            "upload": self.group,
            "supplier": self.group,
            "handle": self.handle,
            "page": "overleg",
            "code": "en",
            "wave": self.wave,
            "region": self.region,
            "digest": "0",
            "item": "visie_hoe",
            "kind": "second_reminder",
            "name": self.release
            if rule.endpoint.partition(".")[0] in {"api", "downloads"}
            else "monitor.css",
            "path": "data/responses.csv",
        }
        missing = rule.arguments - set(known)
        assert not missing, f"{rule} has parts these tests do not know: {missing}"
        return {name: known[name] for name in rule.arguments}


def find_values(keys: KeyDirectory, facts: ParticipationFacts, person: Person) -> Values:
    """Values that lead to a real participation, and to one person's own links."""
    optout = derive_token(keys.link(facts.id), "optout", person.invitation, 0)
    with db.read() as connection:
        groups = list_groups(connection, facts.id)
        mine = select(Invitation.invitee_id).where(Invitation.id == person.invitation)
        invitee = connection.execute(mine).scalar_one_or_none()
    # Where nobody made a group link, its pages say that there is none.
    group = groups[0].id if groups else facts.id
    tokens = derive_group_tokens(keys.contact(facts.id), group)
    # Somebody who is not on the list has no page.
    on_list = invitee or person.invitation
    return Values(person.token, optout, facts.wave, facts.region, group, tokens.link, tokens.page, on_list)


def list_places(app: Flask, values: Values, method: str = "GET") -> list[str]:
    """The address of every route that answers a method."""
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        return [
            adapter.build(rule.endpoint, values.of(rule), method=method)
            for rule in app.url_map.iter_rules()
            if method in (rule.methods or ())
        ]


def crawl(browser: Browser, places: list[str]) -> dict[str, str]:
    """What a browser gets at every place, what is new in a form for each visit left out."""
    return {place: _bare(browser.get(place)) for place in places}


def _bare(response: TestResponse) -> str:
    text = response.get_data(as_text=True) if response.mimetype != "font/woff2" else ""
    shown = START.sub("start", TOKEN.sub("token", text))
    return f"{response.status_code} {response.headers.get('Location', '')}\n{shown}"
