"""Which column of a list says what: our guess, for a person to confirm."""

from collections.abc import Mapping

from flask import redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.invitations import NEEDED, Upload, guess_columns

from .frame_steps import Desk, keep
from .frame_words import name_columns

EXAMPLES = 3


def show_columns(desk: Desk, upload: Upload, wrong: str = "", chosen: Mapping[int, str] | None = None) -> str:
    """Return the page that asks what each column says, with our guess."""
    guess = guess_columns(upload.table)
    guessed = {place: key for key, place in (upload.places or guess.places).items()}
    columns = [
        {
            "place": place,
            "name": name.strip(),
            "examples": _list_examples(upload, place),
            "key": (chosen if chosen is not None else guessed).get(place, ""),
            "is_name": name.strip() in guess.ignored,
        }
        for place, name in enumerate(upload.table.header)
    ]
    return render_template(
        "frame/columns.html",
        participation=desk.facts,
        desk=desk,
        upload=upload,
        columns=columns,
        names=name_columns(),
        needed=NEEDED,
        wrong=wrong,
        faulty=bool(wrong),
    )


def _list_examples(upload: Upload, place: int) -> list[str]:
    cells = (cells[place] for _, cells in upload.table.rows if place < len(cells) and cells[place].strip())
    return [cell for cell, _ in zip(cells, range(EXAMPLES), strict=False)]


def read_columns(upload: Upload) -> tuple[dict[str, int], dict[int, str], str]:
    """Return where each column stands by the form, what was chosen, and a code for what is wrong with it."""
    known = name_columns()
    chosen = {
        place: key
        for place in range(len(upload.table.header))
        if (key := request.form.get(f"c{place}", "")) in known
    }
    places = {key: place for place, key in chosen.items()}
    if len(places) < len(chosen):
        return places, chosen, "twice"
    return places, chosen, "" if all(key in places for key in NEEDED) else "missing"


def save_columns(desk: Desk, upload: Upload) -> AnyResponse | tuple[str, int]:
    """Keep what each column says, and go on to the check; with a fault, ask again."""
    places, chosen, wrong = read_columns(upload)
    if wrong:
        return show_columns(desk, upload, wrong, chosen), 422
    # Rows are read anew, so nothing that was typed for them fits any more.
    kept = keep(desk, Upload(upload.name, upload.table, places, id=upload.id, supplier=upload.supplier))
    return redirect(desk.check if kept else desk.back, 303)
