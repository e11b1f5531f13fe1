"""The instrument of small regions together: what all were asked in one way, and nothing in which one differs."""

from dataclasses import replace

import pytest

from aoj_survey.disclosure import join_instruments
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import Word, digest_instrument, dump_instrument, load_instrument
from tests.datasets.builders import SNEL, compile_items

ASKED = """      - {code: samen, kind: open, text: {nl: x?, en: x?}, ask_if: 'group == "professionals"'}
      - {code: daarna, kind: open, text: {nl: x?, en: x?}, ask_if: 'has(snel) && group == "professionals"'}
      - {code: eigen, kind: open, text: {nl: x?, en: x?}, ask_if: 'role == "ib"'}
      - {code: niet, kind: open, text: {nl: x?, en: x?}, ask_if: 'role == "swv"'}
"""


def test_conditions_that_say_the_same_of_all_are_worked_out() -> None:
    instrument = compile_items("samen", "ib, zoco, swv", [SNEL, ASKED])
    joint = join_instruments([(instrument, "ib"), (replace(instrument, region="elders"), "zoco")], "joint")
    assert {item.code: item.ask_if for item in joint.items()} == {
        "snel": None,
        "samen": None,
        "daarna": ("has", "snel"),
    }
    assert (joint.region, joint.roles) == ("joint", ("ib", "zoco"))
    assert load_instrument(dump_instrument(joint)) == joint


def test_words_and_labels_in_which_regions_differ_are_left_out() -> None:
    instrument = compile_items("samen", "ib", [SNEL])
    alike, own = Word("team", {"nl": "team"}), Word("loket", {"nl": "loket Noord"})
    first = replace(instrument, words=(alike, own), mail={"nl": "Groet uit Noord"})
    other = replace(instrument, words=(alike, replace(own, text={"nl": "loket Zuid"})))
    joint = join_instruments([(first, "ib"), (other, "ib")], "joint")
    assert (joint.words, joint.mail) == ((alike,), None)


def test_the_order_of_regions_does_not_tell() -> None:
    instrument = compile_items("samen", "ib, zoco, swv", [SNEL, ASKED])
    other = replace(instrument, region="elders", words=(Word("loket", {"nl": "loket"}),))
    digests = {
        digest_instrument(dump_instrument(join_instruments(asking, "joint")))
        for asking in ([(instrument, "ib"), (other, "zoco")], [(other, "zoco"), (instrument, "ib")])
    }
    assert len(digests) == 1


@pytest.mark.parametrize("asking", [0, 1])
def test_without_anything_in_common_nothing_is_kept(asking: int) -> None:
    own = compile_items("samen", "ib, zoco, swv", [ASKED.splitlines()[2] + "\n"])
    with pytest.raises(DisclosureError, match="nothing can be kept"):
        join_instruments([(own, "ib"), (own, "zoco")] if asking else [], "joint")
