"""The measures of the attacks, against a search by brute force."""

from itertools import permutations
from pathlib import Path
from statistics import fmean, pstdev
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.db import db
from aoj_survey.relinking import (
    LootError,
    are_random,
    carry_off,
    compare_classes,
    find_file_places,
    find_needles,
    follow_ids,
    rank_correlation,
)
from aoj_survey.relinking.loot import take_logs
from aoj_survey.relinking.marks import count_visits
from aoj_survey.relinking.sealing import is_readable
from aoj_survey.relinking.sizes import count_differences
from aoj_survey.relinking.write_ahead import join_pages, name_segment
from aoj_survey.statistics import ResponseRow

PAGE = 4096
PIECES = st.lists(st.sampled_from([b"ab", b"cd", b"e", b"\0"]), max_size=12).map(b"".join)


@given(PIECES, st.lists(PIECES.filter(lambda piece: len(piece) >= 4), max_size=6))
def test_needles_are_found_as_by_looking_for_each(content: bytes, needles: list[bytes]) -> None:
    assert find_needles(content, needles) == {needle for needle in needles if needle in content}


def test_a_needle_that_is_found_everywhere_is_refused() -> None:
    with pytest.raises(ValueError, match="3 bytes"):
        find_needles(b"content", [b"abc"])


@pytest.mark.parametrize("order", [[0, 0], [1, 2], [0, 2]])
def test_only_a_permutation_has_a_rank_correlation(order: list[int]) -> None:
    with pytest.raises(ValueError, match="each once"):
        rank_correlation(order)


@given(st.lists(st.sampled_from("ab"), min_size=3, max_size=6), st.randoms(use_true_random=False))
def test_agreement_by_chance_is_that_of_all_permutations(people: list[str], source: st.DataObject) -> None:
    answers = people[::-1]
    chances = [
        sum(one == other for one, other in zip(people, order, strict=True)) for order in permutations(answers)
    ]
    hits, expected, deviations = compare_classes(people, answers)
    assert expected == pytest.approx(fmean(chances))
    spread = pstdev(chances)
    assert deviations == pytest.approx((hits - expected) / spread if spread > 1e-9 else 0)


def test_full_agreement_of_many_stands_out_and_of_few_does_not() -> None:
    assert compare_classes(["a"] * 5 + ["b"] * 5, ["a"] * 5 + ["b"] * 5)[2] == pytest.approx(3)
    assert compare_classes(["a"] * 50 + ["b"] * 50, ["b"] * 50 + ["a"] * 50)[2] > 9


@pytest.mark.parametrize("turned", [False, True])
def test_pages_filled_in_the_order_of_ids_follow_them_either_way_round(turned: bool) -> None:
    ids = sorted((uuid4() for _ in range(60)), reverse=turned)
    places = {item: number * 400 for number, item in enumerate(ids)}
    assert follow_ids(places, PAGE) == pytest.approx(1)


def test_twin_pages_filled_in_another_order_do_not_follow_the_ids() -> None:
    places = {uuid4(): number * 20 for number in range(2000)}
    assert follow_ids(places, PAGE) < 0.5


def test_a_page_with_few_rows_counts_for_few() -> None:
    # Three in order on a page of their own, and 21 in an order that their ids do not tell.
    ids = [UUID(int=number, version=4) for number in range(24)]
    mixed = [3 + (number * 8) % 21 for number in range(21)]
    places = {ids[number]: number for number in range(3)}
    places |= {ids[number]: PAGE + place for place, number in enumerate(mixed)}
    assert follow_ids(places, PAGE) < 0.3


def test_rows_are_found_however_a_database_writes_them() -> None:
    participation, ids = uuid4(), [uuid4() for _ in range(3)]
    content = b"".join(
        [
            b"x" * 10,
            ids[0].bytes + participation.bytes,
            ids[1].hex.encode() + participation.hex.encode(),
            f"{ids[2]}\t{participation}\t".encode(),
            participation.bytes + ids[0].bytes,
        ]
    )
    assert find_file_places(content, ids, participation) == {ids[0]: 10, ids[1]: 42, ids[2]: 106}


def test_random_ids_are_told_from_those_that_count_or_hold_a_time() -> None:
    assert are_random([uuid4() for _ in range(50)])
    assert not are_random([UUID(int=number) for number in range(50)])
    version_4 = UUID("00000000-0000-4000-8000-000000000000").int
    assert not are_random([UUID(int=version_4 + number) for number in range(50)])
    timed = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
    assert not are_random([uuid4(), timed])


@given(st.binary(min_size=256, max_size=256))
def test_text_is_told_from_what_is_not_printable(content: bytes) -> None:
    printable = sum(32 <= sign < 127 for sign in content)
    assert is_readable(content) == (printable > 0.6 * 256)
    assert is_readable(b'{"beter": "meer tijd"}'.ljust(256))


def row(roles: str, invited: int, *, estimated: bool = False) -> ResponseRow:
    return ResponseRow(tuple(roles.split()), invited, 0, 0, 0, estimated)


@pytest.mark.parametrize(
    ("before", "after", "left", "differences"),
    [
        ([row("ib", 12)], [row("ib", 12)], 0, 0),
        ([row("ib", 12)], [row("ib", 22)], 0, 0),
        ([row("ib", 12)], [row("ib", 15)], 0, 1),
        ([row("ib", 12)], [row("ib", 21)], 1, 0),
        ([row("ib", 12)], [row("ib", 9)], 3, 0),
        ([row("ib", 12, estimated=True)], [row("ib", 15, estimated=True)], 0, 0),
        ([row("ib", 12)], [row("ib zoco", 16)], 0, 1),
        ([row("ib zoco", 16)], [row("ib", 12)], 0, 1),
        ([row("ib zoco", 16)], [row("swv", 17)], 0, 0),
        ([row("ib", 12), row("swv", 12)], [row("ib swv", 24)], 0, 0),
    ],
)
def test_differences_of_a_few_people_are_counted(
    before: list[ResponseRow], after: list[ResponseRow], left: int, differences: int
) -> None:
    assert count_differences([before, after], left) == differences


@pytest.mark.parametrize(
    ("line", "visits"),
    [
        (b"203.0.113.9 - - get /v/(left out)/p/2 200", 1),
        (b"2001:db8::7 post /l/x 303", 1),
        (b"198.51.100.7, 203.0.113.9 get /g/x/start", 1),
        (b"::ffff:203.0.113.9 get /v/x/p/2", 1),
        (b"203.0.113.9:51234 get /v/x/p/2", 1),
        (b"[2001:db8::7]:443 get /v/x/p/2", 1),
        (b"203.0.113.9 post /code", 1),
        (b"get /v/x/p/2 mozilla/5.0 (x11) chrome/120.0.0.0", 1),
        (b"::ffff:127.0.0.1 get /v/x/p/2", 0),
        (b"curl/8.14.1.1 get /v/x/p/2", 0),
        (b"127.0.0.1 get /v/x/p/2", 0),
        (b"::1 get /o/x", 0),
        (b"203.0.113.9 get /coordinator/2026/rijnmeer/people", 0),
        (b"09:30:01 get /v/x/p/2 version 1.2.3", 0),
        (b"999.1.1.1 get /v/x/", 0),
    ],
)
def test_an_address_of_another_machine_beside_a_page_of_respondents_is_a_visit(
    line: bytes, visits: int
) -> None:
    assert count_visits(b"start\n" + line + b"\nend") == visits


def test_a_folder_without_a_write_ahead_log_is_refused(tmp_path: Path, sqlite_app: Flask) -> None:
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    with pytest.raises(LootError, match="no write-ahead log"):
        carry_off(db.engine, None, None, tmp_path)


@given(st.integers(1, 3), st.integers(0, 2**33 // 2**14))
def test_a_segment_is_named_by_its_own_first_page(timeline: int, number: int) -> None:
    size = 2**14
    content = b"\0" * 4 + timeline.to_bytes(4, "little") + (number * size).to_bytes(8, "little")
    name = name_segment(content.ljust(size, b"\0"))
    assert int(name[:8], 16) == timeline
    assert int(name[8:16], 16) * 2**32 + int(name[16:], 16) * size == number * size


def test_words_that_a_page_of_the_log_cuts_in_two_are_joined() -> None:
    pages = [b"h" * 40 + b"x" * (8192 - 43) + b"pos", b"h" * 24 + b"t@school.example".ljust(8192 - 24)]
    assert b"post@school.example" not in b"".join(pages)
    assert b"post@school.example" in join_pages(b"".join(pages))


def test_a_folder_without_logs_and_a_damaged_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LootError, match="no files"):
        take_logs(tmp_path)
    (tmp_path / "access.log.gz").write_bytes(b"\x1f\x8b" + b"x" * 20)
    with pytest.raises(LootError, match=r"access\.log\.gz"):
        take_logs(tmp_path)
