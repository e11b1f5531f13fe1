"""What is wrong with a list, and what its columns are called, in words for coordinators and suppliers."""

from collections.abc import Sequence

from flask_babel import gettext

from aoj_survey.errors import Fault

from .naming import name_role


def name_columns() -> dict[str, str]:
    """Return what each column is called that we read, in the order in which they are offered."""
    return {
        "address": gettext("mail address"),
        "role": gettext("role"),
        "organisation": gettext("organisation"),
        "language": gettext("language of the mail"),
        "sector": gettext("kind of organisation"),
        "municipality": gettext("municipality"),
        "swv": gettext("school partnership (swv)"),
    }


def word_row_fault(fault: Fault, roles: Sequence[str]) -> str:
    """Return what is wrong with a row of a list, as short sentences; `roles` are those that are asked."""
    known = gettext("This survey asks: %(roles)s.", roles=", ".join(name_role(role) for role in roles))
    words = {
        "address_missing": gettext("Fill in the mail address."),
        "address_comma": gettext("There is a comma. A mail address has a dot."),
        "address_space": gettext("There is a space in the mail address."),
        "address_wrong": gettext("This is not a mail address that we can mail to."),
        "role_missing": gettext("Fill in the role.") + " " + known,
        "role_unknown": gettext("We do not know this role by this name.") + " " + known,
        "role_unasked": gettext("This role has no questionnaire in this survey.") + " " + known,
        "organisation_missing": gettext("Fill in the organisation. It stands in the greeting of the mail."),
        "too_long": gettext("This is longer than 200 characters."),
        "control": gettext("There is a line break or an invisible character in this cell."),
        "sector_unknown": gettext("We do not know this kind of organisation."),
        "municipality_unknown": gettext("This is no municipality of your region."),
        "swv_unknown": gettext("This is no school partnership (swv) of your region."),
        "organisation_municipality": _word_moved(fault),
        "organisation_swv": _word_moved(fault),
        "language_unknown": gettext("We cannot mail in this language."),
        "double": gettext("This address is there twice (also in row %(row)s).", row=fault.other),
        "shared_file": gettext(
            "This address is also in row %(row)s, with another role or organisation.", row=fault.other
        ),
        "shared_list": gettext("This address is on the list already, with another role or organisation."),
        "listed": gettext("This person is on the list already."),
        "opted_out": gettext("This address wants no more mail. We skip it."),
        "surplus": gettext("This row has more cells than the row with the names of the columns."),
    }
    return words[fault.code]


def _word_moved(fault: Fault) -> str:
    if fault.other:
        return gettext(
            "Row %(row)s has this organisation in %(place)s.", row=fault.other, place=fault.proposal
        )
    return gettext("On the list, this organisation is in %(place)s.", place=fault.proposal)


def say_too_large() -> str:
    """Return what to do with a list that is larger than what is read."""
    return gettext("This file is too large. Split the list, or keep only the list in it.")


def word_file_fault(fault: Fault) -> str:
    """Return why a file cannot be read, with what to do."""
    words = {
        "no_file": gettext("Choose a file first."),
        "too_large": say_too_large(),
        "too_many": gettext("There are more than 20,000 rows in this file. Split the list."),
        "empty": gettext("There are no people in this file. Put one on each row."),
        "old_excel": gettext("This is a file of an old Excel (.xls). Open it and save it as .xlsx."),
        "quotes": gettext("From row %(row)s on we cannot read this file. Check its quotes.", row=fault.row),
    }
    other = gettext("We cannot read this file. Save the list as .xlsx, .ods or .csv and try again.")
    return words.get(fault.code, other)
