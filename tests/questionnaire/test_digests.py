"""An engine upgrade never changes a digest: the same file compiles to the same text for ever.

A digest here may only change when its file does. When a test fails, the change to the engine is wrong, not
the digest: give a new field a default that is left out, and leave the defaults of kinds as they are.
"""

import pytest

from aoj_survey.questionnaire import (
    Instrument,
    compile_questionnaire,
    digest_instrument,
    dump_instrument,
    load_questionnaire,
)

from .test_corpus import BASE, CORPUS

PINNED = {
    "valid/choice-own-choices": "abcc501004c4742019f956e88c4b34ab6e1931f2f489af2adc2ff74af454bf6b",
    "valid/choice": "7ba0c9e359e4a10a23eafef2004e78ba698708679a22e31aca8c53aed37f9282",
    "valid/condition-has": "f3326f1354c95a4bb55e296f8b8e6567cbc3e5b050058de06a9947820d21a7c5",
    "valid/condition-over-lines": "953ca7044a427f59a172293c2161c386c15402a50c2a1559940da1b34afd3549",
    "valid/condition-role": "2466791a6d7b5183030cdd4e939fa015b544acc8a561b1e585a120f241e01bab",
    "valid/date-and-month": "63c47467e0d540a5ec318b839855759ce06fcba51f8c5ded48ad8c76816d93e8",
    "valid/explanation": "1507b2dc126aef518b949f8cd867630bc028f69fc9192d787ff5fffdb005bdfd",
    "valid/group": "8a3cf07e44f95f1ceeb5427c4a1e375ce059e12dcc59c131b91189e03180053b",
    "valid/html-is-text": "89c4863fa4a32b2beedb50f88b254bce12030e42e4b0ac49225ab4d400532ab0",
    "valid/long-list-of-choices": "de27d3b4813557151d736dc08def2af35b5db9327fc497da7d125d70e9f3f19a",
    "valid/mark": "ec011ffbb358a7b5e16a27c6266a0a016ae9547009140068f7db34d8a56a3d8c",
    "valid/metadata": "76ed9abc5f8b08aeaa16379974780cdc18ee1fa1785211a2ef551a5358df83be",
    "valid/multiple-exclusive": "5a063e00b3e5aafc46a7f587e803772e3cf34d8c391e846243202e85bba62642",
    "valid/multiple-with-condition": "931205b471655a7b85793457a51e085ab7190ebb21255d48fa972f8f6fb184a7",
    "valid/number": "1bad7d670fe188a1cfbdc30c8e66c07ef4cc299b0938a9b7b49f1eb7ec006e49",
    "valid/other-text": "f01c1690ae2d327cda79af9fc74938930aeb0c646d584698fd3c809072a59f51",
    "valid/quotes": "75ab19e8f2179c49d17dd99260b02c7157a44535b03bca8334ec73e008ae588c",
    "valid/ranking": "aa98ff9d1a90a250403e93c634a8bea2eb39750c3ce565a05ea2885f157d771c",
    "valid/theme-and-item-share-a-code": "6af3c54447bf54902efcfbea442fcc9def31286101900e64e6834ad094eaa5b7",
    "valid/translation-may-be-missing": "6efb57624b3cf3b5f083dfe027a12e531e486fb6cd9d9ed2c8b2e1215d619efe",
    "valid/two-languages": "f10d4cf264721c93fa8323e0654497919da59e66c1b41126d61ccb40b258bfa5",
    "valid/unchecked-language": "a9277c21730ee11e9736c8c1689bfc289097ddb813f3c3899b255d2a6a516bd2",
    "valid/words-of-yaml-1-1": "d064f7c729798246488c40dc574a0e6e9c2fd7a1a66a51a4ead5180a062cd418",
    "overlays/add-items-and-themes": "67252b6811bf56fa0a9fab42200eb686594ff7d4b6f627b80c71366b85d9896d",
    "overlays/leave-out": "93e7b9161ad47cb7af2662896e1e575812a613e84f68aaa9bd6c81fc2e78f4df",
    "overlays/translations": "85fc7bffded0e63e533309e896042f8ccf6864c6a3aa99434fde548cfe74d048",
    "overlays/words-roles-and-mail": "9bacea7f62b6c1e9b12edffde5c6050de9891f891740be907c8eb9bfa27c0841",
}


def compile_pinned(name: str) -> Instrument:
    folder, _, stem = name.partition("/")
    path = CORPUS / folder / f"{stem}.yaml"
    if folder == "overlays":
        return load_questionnaire(BASE, "buurt", [path])
    return load_questionnaire(path, "proef")


def digest(instrument: Instrument) -> str:
    return digest_instrument(dump_instrument(instrument))


@pytest.mark.parametrize("name", PINNED)
def test_a_file_compiles_to_the_digest_it_always_had(name: str) -> None:
    assert digest(compile_pinned(name)) == PINNED[name]


def test_every_kind_and_every_sort_of_file_is_pinned() -> None:
    kinds = {item.kind for name in PINNED for item in compile_pinned(name).items()}
    assert kinds == {
        "choice",
        "multiple",
        "ranking",
        "mark",
        "number",
        "date",
        "month",
        "open",
        "explanation",
    }
    assert {name.partition("/")[0] for name in PINNED} == {"valid", "overlays"}


def test_a_comma_more_is_another_digest() -> None:
    text = (CORPUS / "valid" / "choice.yaml").read_text("utf-8")
    changed = compile_questionnaire(text.replace("Om te proberen.", "Om te proberen,"), "f.yaml", "proef")
    assert digest(changed) != digest(compile_questionnaire(text, "f.yaml", "proef"))
