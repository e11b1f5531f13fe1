"""Opened responses as values; a stored sample of each format is read for ever."""

import json
from pathlib import Path

from flask import Flask

from aoj_survey.db import db
from aoj_survey.disclosure import CaptureClass
from aoj_survey.responses import OpenedResponse, read_responses, read_strata
from aoj_survey.responses.records import read_response
from tests.factories import make_participation, make_response, make_stratum

SAMPLES = Path(__file__).parent.parent / "samples"


def test_the_stored_sample_of_format_1_is_read() -> None:
    sample = json.loads((SAMPLES / "response-1.json").read_text())
    assert read_response(sample["stratum"], sample["content"]) == OpenedResponse(
        "ib",
        ("d" * 64,),
        {
            "overleg": "ja",
            "cijfer": 7,
            "sturing": ("visie", "inkoop"),
            "visie_hoe": "Praat vaker samen, ook over België.",
        },
    )


def test_the_stored_sample_of_format_2_is_read() -> None:
    """Without what was written in own words; where a later question asks whether something was, a sign of that."""
    sample = json.loads((SAMPLES / "response-2.json").read_text())
    assert read_response(sample["stratum"], sample["content"]) == OpenedResponse(
        "ib", ("d" * 64,), {"overleg": "ja", "cijfer": 7, "sturing": ("visie", "inkoop"), "visie_hoe": "…"}
    )


def test_responses_of_one_participation_come_in_order_of_id(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        other = make_participation(connection, region_code="duinstreek")
        for number in range(5):
            content = json.dumps({"format": 1, "instruments": [], "answers": {"jaren": number}})
            make_response(connection, place, content=content)
        make_response(connection, other)
        found = read_responses(connection, place)
        again = read_responses(connection, place)
    assert sorted(str(item.answers["jaren"]) for item in found) == ["0", "1", "2", "3", "4"]
    assert found == again


def test_strata_come_with_their_roles_and_numbers(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        make_stratum(connection, place, code="beleid", roles="beleid_gem swv", invited=17, answered=13)
        make_stratum(connection, place)
        strata = read_strata(connection, place)
    assert strata == (
        CaptureClass("beleid", ("beleid_gem", "swv"), 17, 13),
        CaptureClass("ib", ("ib",), 20, 10),
    )
