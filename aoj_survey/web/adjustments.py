"""What was changed in released data to protect people, in plain words, from the reports and the codebook beside them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext

from aoj_survey.disclosure import AREA_SIGN, REGION, class_label
from aoj_survey.questionnaire import GROUPS, say

from .language import current_language
from .naming import list_roles

MOST = 10
"""Columns named in a sentence; the privacy report names all."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """The key facts of a privacy report. `alone` tells that no class is smaller than it may be.

    `joined` counts roles that stand with others, `every` all cells with answers.
    """

    k: int
    smallest: int
    alone: bool
    joined: int
    columns: int
    cells: int
    every: int


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Something that was changed, in a sentence, with the parts it is about."""

    words: str
    parts: tuple[str, ...] = ()


def read_privacy(report: Any, codebook: Any) -> Privacy:
    """Return the key facts of a privacy report, as released."""
    columns = {
        item[0] for kind in ("homogeneous", "quasi_identifiers", "dependent") for item in report.get(kind, ())
    }
    protected: dict[str, int] = report.get("protected", {})
    joined = sum(len(stratum["roles"]) for stratum in _find_joined(codebook))
    return Privacy(
        report["k"],
        report["smallest"],
        report["smallest"] >= report["k"],
        joined or len(report.get("merged", {})),
        len(columns | set(protected)),
        sum(protected.values()),
        report["rows"] * sum("item" in column for column in codebook.get("columns", ())),
    )


def _find_joined(codebook: Any) -> list[Any]:
    return [stratum for stratum in codebook.get("strata", ()) if len(stratum["roles"]) > 1]


def list_adjustments(report: Any, codebook: Any, limits: Any) -> list[Adjustment]:
    """Return what was joined, hidden, left out and cut short in the data of a release."""
    names = _read_labels(codebook)
    hidden = (
        ("quasi_identifiers", gettext("Hidden, since somebody could be recognised by it:")),
        ("homogeneous", gettext("Hidden, since a whole group gave the same answer:")),
        ("dependent", gettext("Hidden, since it depends on such a question:")),
    )
    return [
        *_list_joined(report, codebook),
        *_list_protected(report, names),
        *(
            Adjustment(
                words,
                _shorten(
                    f"{names.get(column, column)}: {_name(stratum)}" for column, stratum in report[kind]
                ),
            )
            for kind, words in hidden
            if report.get(kind)
        ),
        *_list_rows(report),
        *_list_cuts(limits),
        *_tell_open_answers(report.get("open_text")),
        Adjustment(gettext("Mail address, organisation and the moment of sending are not in the files.")),
        Adjustment(gettext("The rows stand in the order of what they hold, not in that of sending.")),
    ]


def _read_labels(codebook: Any) -> dict[str, str]:
    """The words of each column, with its name."""
    language = current_language()
    return {
        column["name"]: f"{say(column['label'], language)} ({column['name']})"
        for column in codebook.get("columns", ())
    }


def _name(code: str) -> str:
    """A stratum by its code, as `ib`, `beleid`, `ib+zoco` or `ib@a1`."""
    roles, _, areas = code.partition(AREA_SIGN)
    known = roles in GROUPS or roles == REGION
    name = say(class_label(roles, ()), current_language()) if known else list_roles(roles.split("+"))
    return gettext("%(name)s, area %(areas)s", name=name, areas=areas) if areas else name


def _list_joined(report: Any, codebook: Any) -> Iterable[Adjustment]:
    strata = _find_joined(codebook)
    for stratum in strata:
        roles = list_roles(stratum["roles"])
        values = {"roles": roles[:1].upper() + roles[1:], "number": stratum["answered"]}
        code = stratum["code"].partition(AREA_SIGN)[0]
        if code in GROUPS or code == REGION:
            yield Adjustment(
                gettext(
                    "%(roles)s stand together as “%(name)s” (%(number)s answers), in all files.",
                    name=_name(code),
                    **values,
                )
            )
        else:
            yield Adjustment(
                gettext("%(roles)s stand together (%(number)s answers), in all files.", **values)
            )
    small = [] if strata else report.get("merged", {}).items()
    if small:
        yield Adjustment(
            gettext("Small groups are joined, so that each has at least %(k)s people:", k=report["k"]),
            tuple(f"{_name(code)}: {_name(target)}" for code, target in small),
        )
    if codebook.get("areas"):
        yield Adjustment(
            gettext("Municipality and school partnership stand there as areas only. Small areas are joined.")
        )


def _list_protected(report: Any, names: Mapping[str, str]) -> Iterable[Adjustment]:
    protected: dict[str, int] = report.get("protected", {})
    if protected:
        words = ngettext(
            "%(num)s cell is hidden (-6), since joined roles were not asked the same:",
            "%(num)s cells are hidden (-6), since joined roles were not asked the same:",
            sum(protected.values()),
        )
        yield Adjustment(words, _shorten(names.get(column, column) for column in protected))


def _list_rows(report: Any) -> Iterable[Adjustment]:
    rows = sum(report.get("suppressed", {}).values())
    if rows:
        yield Adjustment(
            ngettext(
                "In %(num)s row all is hidden by which somebody could be recognised.",
                "In %(num)s rows all is hidden by which somebody could be recognised.",
                rows,
            )
        )


def _list_cuts(limits: Any) -> Iterable[Adjustment]:
    counts = Counter(str(cut["file"]) for cut in limits.get("cut", ()))
    for file, number in sorted(counts.items()):
        yield Adjustment(
            ngettext(
                "In %(file)s %(num)s long text is cut short. The codebook has the whole text.",
                "In %(file)s %(num)s long texts are cut short. The codebook has the whole texts.",
                number,
                file=file,
            )
        )


def _tell_open_answers(told: Any) -> Iterable[Adjustment]:
    if not isinstance(told, dict):
        return
    counts: dict[str, Any] = {**told}
    whole = gettext(
        "Of the open answers %(released)s are released whole and %(redacted)s with parts left out. "
        "Thrown away: %(dropped)s. Two people looked at each.",
        **{name: counts[name] for name in ("released", "redacted", "dropped")},
    )
    yield Adjustment(whole)
    if counts["waiting"]:
        yield Adjustment(
            gettext(
                "Open answers that nobody had decided on when the files were made: %(number)s. They are not in it.",
                number=counts["waiting"],
            )
        )
    yield Adjustment(
        gettext("In open answers a program did not look for names of people. Only those two people did.")
    )


def _shorten(parts: Iterable[str]) -> tuple[str, ...]:
    every = tuple(parts)
    rest = len(every) - MOST
    if rest <= 0:
        return every
    return (*every[:MOST], ngettext("and %(num)s more", "and %(num)s more", rest))
