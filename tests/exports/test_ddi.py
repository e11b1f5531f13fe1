"""The DDI file, validated by the DDI Alliance's schema and held against a table of what DDI-Codebook 2.5 has.

The schema is that of 2.6, which keeps the elements of 2.5. That of 2.5 (17 January 2012) could be read in parts but not had
as a file, so a table made by hand of it, for the elements used here, stands beside it.
"""

from dataclasses import replace
from importlib import import_module
from typing import Any, TypeAlias
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from aoj_survey.config import ROOT
from aoj_survey.exports.ddi import NAMESPACE, Beside, write_ddi
from aoj_survey.exports.open_answers import ABOUT, COLUMNS
from aoj_survey.exports.variables import Sheet, Variable
from tests.exports.sheets import EMPTY, SHEET, VARIABLES, labelled

etree: Any = import_module("lxml.etree")  # it has no types
TITLE, UNIVERSE = {"nl": "Proef", "en": "Trial"}, {"nl": "iedereen", "en": "everybody"}
Element: TypeAlias = "ET.Element[str]"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
SCHEMA = ROOT / "tests/vendor/ddi-codebook/codebook.xsd"
SCHEMA_LANGUAGE = "{http://www.w3.org/2001/XMLSchema}"

CHILDREN: dict[str, list[str]] = {
    "codeBook": ["docDscr", "stdyDscr", "fileDscr", "dataDscr", "otherMat"],
    "stdyDscr": ["citation", "studyAuthorization", "stdyInfo", "studyDevelopment", "method", "dataAccs"],
    "citation": ["titlStmt", "rspStmt", "prodStmt", "distStmt", "serStmt", "verStmt", "biblCit"],
    "titlStmt": ["titl", "subTitl", "altTitl", "parTitl", "IDNo"],
    "stdyInfo": ["studyBudget", "subject", "abstract", "sumDscr"],
    "sumDscr": ["timePrd", "collDate", "nation", "geogCover", "geogUnit", "anlyUnit", "universe", "dataKind"],
    "method": ["dataColl", "notes", "anlyInfo", "stdyClas"],
    "dataColl": ["timeMeth", "dataCollector", "sampProc", "collMode", "resInstru", "weight", "cleanOps"],
    "fileDscr": ["fileTxt", "locMap", "notes"],
    "fileTxt": ["fileName", "fileCitation", "fileCont", "fileStrc", "dimensns", "fileType", "format"],
    "dimensns": ["caseQnty", "varQnty", "logRecL", "recPrCas", "recNumTot"],
    "dataDscr": ["varGrp", "nCubeGrp", "var", "nCube", "notes"],
    "var": [
        *("location", "labl", "imputation", "security", "embargo", "respUnit", "anlysUnit", "qstn", "valrng"),
        *("invalrng", "undocCod", "universe", "TotlResp", "sumStat", "txt", "stdCatgry", "catgryGrp"),
        *(
            "catgry",
            "codInstr",
            "verStmt",
            "concept",
            "derivation",
            "varFormat",
            "geoMap",
            "catLevel",
            "notes",
        ),
    ],
    "qstn": ["preQTxt", "qstnLit", "postQTxt", "forward", "backward", "ivuInstr"],
    "valrng": ["range", "item", "key", "notes"],
    "invalrng": ["range", "item", "key", "notes"],
    "catgry": ["catValu", "labl", "txt", "catStat", "mrow"],
}
ONCE = {"stdyInfo", "method", "titl", "fileTxt", "dimensns", "catValu", "varFormat", "citation", "titlStmt"}
ATTRIBUTES: dict[str, set[str]] = {
    "codeBook": {"version"},
    "fileDscr": {"ID"},
    "varGrp": {"ID", "name", "type", "var"},
    "var": {"ID", "name", "files", "dcml", "intrvl", "wgt"},
    "range": {"min", "max"},
    "item": {"VALUE"},
    "catgry": {"missing"},
    "varFormat": {"type", "category"},
}
VALUES = {
    "intrvl": {"contin", "discrete"},
    "wgt": {"wgt", "not-wgt"},
    "missing": {"Y", "N"},
    "category": {"date", "time", "currency", "other"},
}


def faults(root: Element) -> list[str]:
    """What breaks the table."""
    found: list[str] = []
    for element in root.iter():
        name = local(element)
        children = [local(child) for child in element]
        known = CHILDREN.get(name, [])
        found += [f"{child} in {name}" for child in children if child not in known]
        places = [known.index(child) for child in children if child in known]
        found += [f"order in {name}"] if places != sorted(places) else []
        found += [f"{child} twice in {name}" for child in ONCE if children.count(child) > 1]
        allowed = ATTRIBUTES.get(name, set()) | {XML_LANGUAGE}
        found += [f"{key} of {name}" for key in element.attrib if key not in allowed]
        found += [
            f"{key} = {value}"
            for key, value in element.attrib.items()
            if value not in VALUES.get(str(key), {value})
        ]
    return found


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def parse(sheet: Sheet = SHEET) -> Element:
    return ET.fromstring(write_ddi(sheet, TITLE, UNIVERSE))


def find(root: Element, path: str) -> list[Element]:
    return root.findall(path, {"d": NAMESPACE})


def variable(root: Element, name: str) -> Element:
    (found,) = find(root, f".//d:var[@name='{name}']")
    return found


def test_elements_their_order_and_attributes_are_those_of_the_standard() -> None:
    assert faults(parse()) == []
    assert faults(parse(EMPTY)) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (b"<varQnty>", b"<caseQnty/><varQnty>", None),
        (b"</catValu>", b"</catValu><catValu/>", "catValu twice in catgry"),
        (b"<dimensns>", b"<fileType/><dimensns>", "order in fileTxt"),
        (b"<var ", b"<var opened_on='x' ", "opened_on of var"),
        (b"<dataColl>", b"<dataColl><answer/>", "answer in dataColl"),
        (b'intrvl="discrete"', b'intrvl="vague"', "intrvl = vague"),
    ],
)
def test_twin_what_breaks_the_standard_is_noticed(before: bytes, after: bytes, fault: str | None) -> None:
    content = write_ddi(SHEET, TITLE, UNIVERSE).replace(before, after, 1)
    found = faults(ET.fromstring(content))
    assert found == ([] if fault is None else [fault])


def test_identifiers_are_unique_and_referred_to() -> None:
    root = parse()
    identifiers = [str(element.get("ID")) for element in root.iter() if element.get("ID")]
    assert len(identifiers) == len(set(identifiers))
    (group,) = find(root, ".//d:varGrp")
    assert set(str(group.get("var")).split()) <= set(identifiers)
    assert {str(item.get("files")) for item in find(root, ".//d:var")} <= set(identifiers)


def test_study_and_file_are_described_in_two_languages() -> None:
    root = parse()
    assert [item.text for item in find(root, ".//d:titl")] == ["Proef"]
    assert [item.text for item in find(root, ".//d:parTitl")] == ["Trial"]
    assert [(item.text, item.get(XML_LANGUAGE)) for item in find(root, ".//d:sumDscr/d:universe")] == [
        ("iedereen", "nl"),
        ("everybody", "en"),
    ]
    assert [item.text for item in find(root, ".//d:caseQnty")] == ["4"]
    assert [item.text for item in find(root, ".//d:varQnty")] == [str(len(VARIABLES))]


def test_question_tells_the_words_above_it_and_its_hint() -> None:
    shown = [
        replace(item, above={"nl": "Kent u elkaar?"}, hint={"nl": "Denk aan nu."})
        if item.name == "snel"
        else item
        for item in VARIABLES
    ]
    root = parse(replace(SHEET, variables=tuple(shown)))
    question = find(variable(root, "snel"), "d:qstn")[0]
    assert [(local(part), part.text) for part in question] == [
        ("preQTxt", "Kent u elkaar?"),
        ("qstnLit", "kolom"),
        ("qstnLit", "column"),
        ("ivuInstr", "Denk aan nu."),
    ]
    assert faults(root) == []


def test_variable_tells_its_question_codes_and_missing_codes() -> None:
    snel = variable(parse(), "snel")
    assert [item.text for item in find(snel, "d:labl")] == ["kolom", "column"]
    assert [item.text for item in find(snel, "d:qstn/d:qstnLit")] == ["kolom", "column"]
    assert [item.get("VALUE") for item in find(snel, "d:invalrng/d:item")] == [
        str(code) for code in range(-9, -3)
    ]
    assert [item.text for item in find(snel, "d:catgry[@missing='N']/d:catValu")] == ["1", "2", "99"]
    assert find(snel, "d:catgry[@missing='Y']/d:catValu")[0].text == "-9"
    assert [item.text for item in find(snel, "d:concept")] == ["tempo"]
    assert [item.text for item in find(snel, "d:universe")] == ["iedereen", "everybody"]


def test_weights_numbers_texts_and_dates_are_told_apart() -> None:
    root = parse()
    assert variable(root, "w_region").get("wgt") == "wgt"
    assert variable(root, "jaren").get("intrvl") == "contin"
    assert [item.attrib for item in find(variable(root, "jaren"), "d:valrng/d:range")] == [
        {"min": "0", "max": "50"}
    ]
    assert [item.get("type") for item in find(variable(root, "region"), "d:varFormat")] == ["character"]
    assert [item.get("category") for item in find(variable(root, "dag"), "d:varFormat")] == ["date"]


@settings(max_examples=40, deadline=None)
@given(labelled())
def test_any_labels_give_xml_that_keeps_the_standard(variables: tuple[Variable, ...]) -> None:
    assert faults(parse(replace(SHEET, variables=variables))) == []


def test_characters_that_xml_cannot_write_are_replaced() -> None:
    odd = replace(VARIABLES[0], label={"nl": "a\x0bb\ufffe<&>", "en": "x"})
    (label, _) = find(variable(parse(replace(SHEET, variables=(odd,))), "region"), "d:labl")
    assert label.text == "a\ufffdb\ufffd<&>"


# By the schema of the DDI Alliance


@pytest.fixture(scope="module")
def schema() -> Any:
    """Without its annotations: one stands where XML Schema has no place for it."""
    document = etree.parse(SCHEMA)
    for annotation in list(document.iter(f"{SCHEMA_LANGUAGE}annotation")):
        annotation.getparent().remove(annotation)
    return etree.XMLSchema(document)


def as_newer(content: bytes) -> Any:
    """The same file under the name of 2.6."""
    renamed = content.replace(NAMESPACE.encode(), b"ddi:codebook:2_6").replace(
        b'version="2.5"', b'version="2.6"'
    )
    return etree.fromstring(renamed)


@pytest.mark.parametrize("sheet", [SHEET, EMPTY])
def test_file_is_valid_by_the_schema(schema: Any, sheet: Sheet) -> None:
    schema.assertValid(as_newer(write_ddi(sheet, TITLE, UNIVERSE)))


def test_file_that_tells_of_open_answers_too_is_valid_by_the_schema(schema: Any) -> None:
    answers = Sheet("aoj_proef_2026_v1", COLUMNS, [("2026", "proef", "beter", "", "meer tijd")])
    content = write_ddi(SHEET, TITLE, UNIVERSE, Beside("data/open_answers.csv", answers, ABOUT))
    assert faults(ET.fromstring(content)) == []
    schema.assertValid(as_newer(content))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"</catValu>", b"</catValu><answer/>"),
        (b"<dimensns>", b"<fileType/><dimensns>"),
        (b"<var ", b"<var opened_on='x' "),
        (b'intrvl="discrete"', b'intrvl="vague"'),
        (b"<titl ", b"<parTitl>x</parTitl><titl "),
    ],
)
def test_twin_schema_refuses_what_is_not_ddi(schema: Any, before: bytes, after: bytes) -> None:
    content = write_ddi(SHEET, TITLE, UNIVERSE)
    assert before in content
    assert not schema.validate(as_newer(content.replace(before, after, 1)))
