import json

from aoj_survey.exports.reports import (
    report_limits,
    report_privacy,
    report_response,
    response_rows,
    write_json,
)
from aoj_survey.exports.variables import Cut
from aoj_survey.statistics import ResponseRow, ResponseTable, RoleCount, response_table
from tests.datasets.builders import ROW, make_small


def test_response_rows_name_roles_in_both_languages_and_end_with_their_sum() -> None:
    table = response_table([RoleCount("ib", 138, 135, 70, 59), RoleCount("swv", 9, 9, 9, 9)])
    (first, second, total) = response_rows(table)
    assert (first["code"], first["label_nl"], first["rate"]) == ("ib", "intern begeleiders", 43)
    assert second["label_en"] == "directors and coordinators of school partnerships"
    assert (total["code"], total["invited"], total["done"], total["rate"]) == ("total", 147, 68, 46)
    assert "started" not in total


def test_response_rows_of_nobody_have_no_rate() -> None:
    assert response_rows(response_table([]))[-1]["rate"] == ""


def test_a_rate_with_people_of_group_links_is_marked_as_estimated_and_so_is_the_total() -> None:
    table = ResponseTable(
        (ResponseRow(("ib",), 42, 12, 20, 18, estimated=True), ResponseRow(("zoco",), 12, 12, 9, 8))
    )
    assert [(row["code"], row["estimated"]) for row in response_rows(table)] == [
        ("ib", 1),
        ("zoco", 0),
        ("total", 1),
    ]


def test_report_of_the_response_keeps_the_total_apart() -> None:
    report = report_response(response_table([RoleCount("ib", 20, 19, 8, 6)]))
    assert [row["code"] for row in report["rows"]] == ["ib"]
    assert report["total"]["invited"] == 20


def test_report_of_privacy_says_what_was_done_and_what_is_left() -> None:
    report = report_privacy(make_small([ROW] * 6))
    assert (report["rows"], report["k"], report["open_text"]) == (6, 5, "not included")
    assert {risk["code"] for risk in report["residual_risks"]} == {"knows_participation", "knows_answers"}


def test_report_of_limits_names_what_was_cut_and_what_is_not_there() -> None:
    cut = Cut("responses.dta", "snel", None, 80, "characters", "Leidt…")
    report = report_limits([cut], {"data/responses.xlsx": {"nl": "te veel", "en": "too many"}})
    assert report["cut"] == [
        {
            "file": "responses.dta",
            "column": "snel",
            "value": None,
            "limit": 80,
            "unit": "characters",
            "kept": "Leidt…",
        }
    ]
    assert report["left_out"] == [{"file": "data/responses.xlsx", "nl": "te veel", "en": "too many"}]


def test_json_is_sorted_and_keeps_letters_as_they_are() -> None:
    content = write_json({"b": "coördinator", "a": 1})
    assert content.decode() == '{\n  "a": 1,\n  "b": "coördinator"\n}\n'
    assert json.loads(content) == {"a": 1, "b": "coördinator"}
