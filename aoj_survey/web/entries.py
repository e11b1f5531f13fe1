"""Forms about a person on the list: what was typed, and what is wrong with it, in words."""

from dataclasses import dataclass, fields

from flask import request
from flask_babel import gettext

from aoj_survey.errors import ChangeError
from aoj_survey.invitations import LANGUAGES, LINKS_A_DAY, FrameRow

EMPTY = FrameRow("", "", "", LANGUAGES[0])
"""The form about somebody new."""


def read_typed(known: FrameRow = EMPTY) -> FrameRow:
    """Return what was typed about a person; what the form does not hold stays as it is known."""
    return FrameRow(
        **{
            field.name: request.form.get(field.name, str(getattr(known, field.name))).strip()
            for field in fields(FrameRow)
        }
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a form: the field it is about, and what to do."""

    field: str
    words: str
    code: str = ""


def word_fault(error: ChangeError) -> Fault:
    """Return why a change cannot be made, in words, and at which field."""
    words = {
        "same": Fault("address", gettext("This is the address that is on the list already")),
        "listed": Fault(
            "address", gettext("This person is on the list already, with this role and organisation")
        ),
        "shared": Fault(
            "address",
            gettext(
                "This address is on the list with another role or organisation. Is this a second person? Then confirm that"
            ),
        ),
        "opted_out": Fault("address", gettext("This address wants no more mail")),
        "role_sent": Fault(
            "role", gettext("The invitation has gone out, so the role can no longer be changed")
        ),
        "role_unasked": Fault("role", gettext("Choose the role")),
        "role_missing": Fault("role", gettext("Choose the role")),
        "role_unknown": Fault("role", gettext("Choose the role")),
        "organisation_missing": Fault(
            "organisation", gettext("Fill in the organisation. It stands in the greeting of the mail")
        ),
        "too_long": Fault("organisation", gettext("Make this shorter, at most 200 characters")),
        "municipality_unknown": Fault("municipality", gettext("This is no municipality of your region.")),
        "swv_unknown": Fault("swv", gettext("This is no school partnership (swv) of your region.")),
        "control": Fault(
            "organisation", gettext("There is an invisible character in a field. Type it again")
        ),
        "not_invited": Fault("link", gettext("The invitation has not gone out yet. It holds the link")),
        "waiting": Fault("link", gettext("The link is waiting to be sent again already")),
        "often": Fault(
            "link", gettext("The link was sent %(most)s times today. Try again tomorrow", most=LINKS_A_DAY)
        ),
        "not_running": Fault("link", gettext("The questionnaire is not open, so no link can be sent")),
        "closed": Fault(
            "address", gettext("The questionnaire is closed, so the list can no longer be changed")
        ),
    }
    other = Fault("address", gettext("Fill in a mail address, such as name@school.nl"))
    found = words.get(error.code, other)
    return Fault(found.field, found.words, error.code)
