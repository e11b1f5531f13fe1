"""What was found before mail goes out, in the language of the page."""

from flask_babel import gettext

from aoj_survey.preflight import Finding


def describe_finding(finding: Finding) -> str:
    """Return what was found and what to do about it, as sentences in the language of the page."""
    return gettext(finding.sentence, **finding.values)
