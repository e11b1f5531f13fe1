"""The mapping file held against its questionnaires and the columns of its data file: all faults, with what to do."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from aoj_survey.questionnaire import KINDS, ROLES, Instrument, Item, ItemKind

from .mapping import Codes, Findings, ItemColumns, Place, WaveMapping, list_codes

ALL = "all"
BY_CHOICE = frozenset({"multiple", "ranking"})
READABLE = frozenset({"choice", "mark", "number", "date", "month"}) | BY_CHOICE


def check_mapping(
    mapping: WaveMapping,
    instruments: Sequence[Instrument],
    findings: Findings,
    kinds: Mapping[str, ItemKind] = KINDS,
) -> None:
    """Add every fault of a mapping file but those in the names of columns."""
    _check_roles(mapping, instruments, findings)
    items = list_items(instruments, kinds)
    asked = {item.code for instrument in instruments for item in instrument.items()}
    for code in items.keys() - mapping.items.keys():
        what = f"The questionnaire asks {code!r}, and no column is named for it."
        findings.add(
            f"no-column-{code}", ("items",), what, "Add it, or use a questionnaire of what was asked then."
        )
    for code, where in mapping.items.items():
        if code in asked - items.keys():
            what = (
                f"Answers to {code!r} are in somebody's own words, or it is no question; they are not read."
            )
            findings.add("kind", ("items", code), what, "Name its column under `left_out`.", key=True)
        elif code not in items:
            _tell_unknown(findings, ("items", code), "question", code, items)
        else:
            for item in items[code]:
                _check_item(item, where, findings)
        _check_skipped(mapping, code, where, findings)
    _check_printed(mapping, items, findings)


def list_items(
    instruments: Iterable[Instrument], kinds: Mapping[str, ItemKind] = KINDS
) -> dict[str, list[Item]]:
    """Return the items that fill columns, by code, as each questionnaire has them."""
    found: dict[str, list[Item]] = {}
    for instrument in instruments:
        for item in instrument.items():
            if item.kind not in kinds or kinds[item.kind].columns(item):
                found.setdefault(item.code, []).append(item)
    return found


def list_used(mapping: WaveMapping) -> list[tuple[Place, str]]:
    """Return the columns of the data file that are read, with their place in the mapping file."""
    used: list[tuple[Place, str]] = [(("role", "column"), mapping.role.column)]
    if mapping.partial:
        used.append((("partial", "column"), mapping.partial.column))
    for code, where in mapping.items.items():
        if where.column:
            used.append((("items", code, "column"), where.column))
        used += [(("items", code, "columns", choice), name) for choice, name in where.columns.items()]
    return used


def _check_roles(mapping: WaveMapping, instruments: Sequence[Instrument], findings: Findings) -> None:
    asked = Counter(role for instrument in instruments for role in instrument.roles)
    for role in mapping.role.codes:
        place = ("role", "codes", role)
        if role not in ROLES:
            _tell_unknown(findings, place, "role", role, ROLES)
        elif asked[role] != 1:
            what = f"{asked[role] or 'No'} questionnaires are for the role {role!r}; it must be one."
            findings.add("questionnaire-of-role", place, what, "Mend `questionnaires`.", key=True)
        elif mapping.invited.get(role, 0) < 1:
            what = f"How many of the role {role!r} were invited is not told."
            findings.add("invited", place, what, "Write it under `invited`.", key=True)
    _check_codes(mapping.role.codes, ("role", "codes"), findings)
    for role in mapping.invited.keys() - mapping.role.codes.keys():
        if role in ROLES:
            what = f"People of the role {role!r} were invited, and no code of the data file means that role."
            findings.add("role-without-code", ("invited", role), what, "Add it to `role`.", key=True)
        else:
            _tell_unknown(findings, ("invited", role), "role", role, ROLES)


def _check_item(item: Item, where: ItemColumns, findings: Findings) -> None:
    place: Place = ("items", item.code)
    choices = [choice.code for choice in item.choices]
    if item.kind not in READABLE:
        what = f"Answers to a question of kind {item.kind!r} cannot be imported."
        findings.add("kind", place, what, "Leave the question out of this questionnaire.", key=True)
    elif item.kind in BY_CHOICE:
        for code in where.columns.keys() - set(choices):
            _tell_unknown(findings, (*place, "columns", code), "answer", code, choices)
        if set(where.columns) < set(choices) or where.column:
            what = f"Each answer to {item.code!r} has a column of its own: {', '.join(choices)}."
            findings.add("columns", place, what, "Name them all under `columns`.", key=True)
        _check_codes({"chosen": where.chosen, "not_chosen": where.not_chosen}, place, findings)
    else:
        _check_codes(where.answers, (*place, "answers"), findings)
        if not where.column or where.columns:
            what = f"The answers to {item.code!r} stand in one column."
            findings.add("column", place, what, "Name it as `column`.", key=True)
        for code in where.answers.keys() - set(choices):
            _tell_unknown(findings, (*place, "answers", code), "answer", code, choices)
        if item.kind == "choice" and not where.answers:
            what = f"It is not told which codes the answers to {item.code!r} have in the data file."
            findings.add(
                "answers", place, what, f"Write them under `answers`: {', '.join(choices)}.", key=True
            )


def _check_codes(told: Mapping[str, Codes], place: Place, findings: Findings) -> None:
    """One code can mean one thing only."""
    means: dict[str, str] = {}
    for name, codes in told.items():
        for code in list_codes(codes):
            other = means.setdefault(code, name)
            if other != name:
                what = f"The code {code!r} means {other!r} and {name!r}."
                findings.add(
                    f"code-twice-{code}", (*place, name), what, "Let each code mean one thing.", key=True
                )


def _check_skipped(mapping: WaveMapping, item: str, where: ItemColumns, findings: Findings) -> None:
    """A code that means no answer cannot be an answer too."""
    skipped = {*list_codes(mapping.skipped), *list_codes(where.skipped)} - {""}
    chosen = {"chosen": where.chosen, "not_chosen": where.not_chosen} if where.columns else {}
    for name, codes in (*where.answers.items(), *chosen.items()):
        for code in skipped.intersection(list_codes(codes)):
            place: Place = ("items", item, name) if name in chosen else ("items", item, "answers", name)
            what = f"The code {code!r} means {name!r} here, and no answer under `skipped`."
            findings.add(f"code-skipped-{code}", place, what, "Let it mean one of the two.", key=True)


def check_columns(mapping: WaveMapping, columns: Sequence[str], findings: Findings) -> None:
    """Add every fault in the names of columns; `columns` are those of the data file."""
    used = list_used(mapping)
    left_out: list[tuple[Place, str]] = [
        (("left_out", number), name) for number, name in enumerate(mapping.left_out)
    ]
    seen: set[str] = set()
    for place, name in (*used, *left_out):
        if name not in columns:
            _tell_unknown(findings, place, "column", name, columns, key=False)
        elif name in seen:
            what = f"The column {name!r} is named twice."
            findings.add("column-twice", place, what, "Let each column hold one thing.")
        seen.add(name)
    for name in columns:
        if name not in seen:
            what = f"The data file has a column {name!r}, of which nothing is said."
            findings.add(f"column-unnamed-{name}", (), what, "Name it under `items`, or under `left_out`.")


def _check_printed(mapping: WaveMapping, items: Mapping[str, Sequence[Item]], findings: Findings) -> None:
    roles = {*mapping.role.codes, ALL}
    for part in ("invited", "answered", "rate"):
        printed: Mapping[str, object] = getattr(mapping.printed, part)
        for role in printed.keys() - roles:
            _tell_unknown(findings, ("printed", part, role), "role", role, roles)
    for number, figure in enumerate(mapping.printed.figures):
        place: Place = ("printed", "figures", number)
        for role in set(figure.roles) - roles | set(figure.roles) & {ALL}:
            _tell_unknown(findings, (*place, "roles"), "role", role, roles - {ALL}, key=False)
        if figure.item not in items:
            _tell_unknown(findings, (*place, "item"), "question", figure.item, items, key=False)
            continue
        given = [figure.percent, figure.count, figure.mean]
        if given.count(None) != len(given) - 1 or (figure.mean is None) != bool(figure.answer):
            what = "A printed figure is the `percent` or `count` of an `answer`, or a `mean`."
            findings.add("figure", place, what, "Give one of them.")
        known = {choice.code for item in items[figure.item] for choice in item.choices}
        if figure.answer and figure.answer not in known:
            _tell_unknown(findings, (*place, "answer"), "answer", figure.answer, known, key=False)


def _tell_unknown(
    findings: Findings, place: Place, thing: str, name: str, known: Collection[str], *, key: bool = True
) -> None:
    remedy = f"Choose from: {', '.join(sorted(known))}."
    findings.add(f"unknown-{thing}", place, f"There is no {thing} {name!r}.", remedy, key=key)
