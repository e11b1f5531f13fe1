"""DDI-Codebook 2.5, the standard of data archives: study, file and variables in Dutch and English.

Elements, their order and attributes: the DDI Alliance's XML Schema `codebook.xsd` of 17 January 2012.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import TypeAlias
from xml.etree import ElementTree as ET

from .formats import CSV
from .variables import LANGUAGES, Code, Sheet, Text, Variable, group_choices

NAMESPACE = "ddi:codebook:2_5"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# XML 1.0 has no way to write these characters.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

KIND: Text = {"nl": "antwoorden op een vragenlijst", "en": "answers to a questionnaire"}
WEIGHT: Text = {
    "nl": "w_region en w_all: per stratum het aantal uitgenodigden gedeeld door het aantal antwoorden.",
    "en": "w_region and w_all: per stratum the number invited divided by the number of responses.",
}
FILE = "file_csv"
WEIGHTS = ("w_region", "w_all")

Element: TypeAlias = "ET.Element[str]"


@dataclass(frozen=True, slots=True)
class Beside:
    """Another file of the bundle, which is `about` something else; its columns are listed after those of the data."""

    path: str
    sheet: Sheet
    about: Text

    @property
    def id(self) -> str:
        """Its identifier, of which those of its columns are made."""
        return f"file_{PurePath(self.path).stem}"


def write_ddi(sheet: Sheet, title: Text, universe: Text, beside: Beside | None = None) -> bytes:
    """Return the description as XML. `universe` says who was asked; `beside` is another file of the bundle."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_tag("codeBook"), {"version": "2.5", XML_LANGUAGE: "nl"})
    _describe_study(root, sheet, title, universe)
    _describe_file(root, sheet, FILE, CSV.path)
    if beside:
        _describe_file(root, beside.sheet, beside.id, beside.path, beside.about)
    data = _add(root, "dataDscr")
    groups = group_choices(sheet.variables)
    for name, members in groups.items():
        listed = " ".join(_identify(variable) for variable in members)
        _add(data, "varGrp", ID=f"group_{name}", name=name, type="multipleResp", var=listed)
    for variable in sheet.variables:
        _describe_variable(data, variable)
    if beside:
        for variable in beside.sheet.variables:
            _describe_variable(data, variable, beside.id)
    ET.indent(root)
    file = BytesIO()
    ET.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)
    return file.getvalue() + b"\n"


def _describe_study(root: Element, sheet: Sheet, title: Text, universe: Text) -> None:
    study = _add(root, "stdyDscr")
    naming = _add(_add(study, "citation"), "titlStmt")
    _add(naming, "titl", title["nl"], language="nl")
    if title.get("en", title["nl"]) != title["nl"]:
        _add(naming, "parTitl", title["en"], language="en")
    _add(naming, "IDNo", sheet.name)
    summary = _add(_add(study, "stdyInfo"), "sumDscr")
    _say(summary, "universe", universe)
    _say(summary, "dataKind", KIND)
    _say(_add(_add(study, "method"), "dataColl"), "weight", WEIGHT)


def _describe_file(root: Element, sheet: Sheet, name: str, path: str, about: Text | None = None) -> None:
    file = _add(root, "fileDscr", ID=name)
    text = _add(file, "fileTxt")
    _add(text, "fileName", path)
    if about:
        _add(text, "fileCont", about["nl"], language="nl")
        _add(file, "notes", about["en"], language="en")
    size = _add(text, "dimensns")
    _add(size, "caseQnty", str(len(sheet.rows)))
    _add(size, "varQnty", str(len(sheet.variables)))
    _add(text, "fileType", CSV.media_type)


def _describe_variable(data: Element, variable: Variable, file: str = FILE) -> None:
    described = _add(data, "var", ID=_identify(variable, file), **_list_attributes(variable, file))
    _say(described, "labl", variable.label)
    if variable.item:
        _describe_question(_add(described, "qstn"), variable)
    if variable.minimum is not None and variable.maximum is not None:
        bounds = {"min": str(variable.minimum), "max": str(variable.maximum)}
        _add(_add(described, "valrng"), "range", **bounds)
    if variable.missing:
        unanswered = _add(described, "invalrng")
        for code in variable.missing:
            _add(unanswered, "item", VALUE=str(code.value))
    if variable.universe:
        _say(described, "universe", variable.universe)
    for code in variable.codes:
        _describe_code(described, code, is_missing=code in variable.missing)
    if variable.concept:
        _add(described, "concept", variable.concept)
    if variable.derivation:
        listed = " ".join(f"var_{name}" for name in variable.derivation.sources)
        _say(_add(described, "derivation", var=listed), "drvdesc", variable.derivation.how)
    kind = {"type": "character" if variable.holds == "text" else "numeric"}
    _add(described, "varFormat", **kind, **({"category": "date"} if variable.holds == "date" else {}))


def _describe_code(described: Element, code: Code, *, is_missing: bool) -> None:
    category = _add(described, "catgry", missing="Y" if is_missing else "N")
    _add(category, "catValu", str(code.value))
    _say(category, "labl", code.label)


def _list_attributes(variable: Variable, file: str) -> Mapping[str, str]:
    attributes = {
        "name": variable.name,
        "files": file,
        "intrvl": "contin" if variable.holds in {"decimal", "number", "date", "month"} else "discrete",
    }
    if variable.is_integer:
        attributes["dcml"] = "0"
    return attributes | ({"wgt": "wgt"} if variable.name in WEIGHTS else {})


def _identify(variable: Variable, file: str = FILE) -> str:
    return f"var_{variable.name}" if file == FILE else f"{file}_{variable.name}"


def _describe_question(question: Element, variable: Variable) -> None:
    _say(question, "preQTxt", variable.above or {})
    _say(question, "qstnLit", variable.label)
    _say(question, "ivuInstr", variable.hint or {})


def _say(parent: Element, name: str, text: Text) -> None:
    for language in _order(text):
        _add(parent, name, text[language], language=language)


def _order(text: Text) -> Iterable[str]:
    """Dutch and English first, then what else there is."""
    return sorted(text, key=lambda key: (LANGUAGES.index(key) if key in LANGUAGES else len(LANGUAGES), key))


def _add(parent: Element, tag: str, text: str = "", /, *, language: str = "", **attributes: str) -> Element:
    spoken = {XML_LANGUAGE: language} if language else {}
    element = ET.SubElement(parent, _tag(tag), {**spoken, **attributes})
    element.text = _UNWRITABLE.sub("\ufffd", text) or None
    return element


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
