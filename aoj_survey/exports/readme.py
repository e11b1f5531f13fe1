"""The README of a bundle: what is in it and how to read it, in Dutch and English."""

from aoj_survey.datasets import WaveDataset

from .added import Added
from .formats import Plan
from .variables import Sheet, say

DATA = {
    "data/responses.csv": {
        "nl": "één rij per respondent, in de volgorde van de waarden zelf (UTF-8, komma, CRLF)",
        "en": "one row per respondent, in the order of the values themselves (UTF-8, comma, CRLF)",
    },
    "data/responses.parquet": {
        "nl": "hetzelfde voor Python, R, DuckDB en Spark; dagen als 20260531",
        "en": "the same for Python, R, DuckDB and Spark; days as 20260531",
    },
    "data/responses.xlsx": {
        "nl": "hetzelfde voor Excel, met het codeboek als tweede werkblad",
        "en": "the same for Excel, with the codebook as second worksheet",
    },
    "data/responses.sav": {
        "nl": "hetzelfde voor SPSS, met Nederlandse labels; -9 tot en met -4 zijn daar ontbrekend",
        "en": "the same for SPSS, with Dutch labels; -9 to -4 are missing there",
    },
    "data/responses.dta": {
        "nl": "hetzelfde voor Stata 14 en later, met Nederlandse labels; -4 tot en met -9 zijn daar .a tot en met .f",
        "en": "the same for Stata 14 and later, with Dutch labels; -4 to -9 are .a to .f there",
    },
}

TEMPLATE = """# {name}

## Nederlands
Beveiligde antwoorden van regio `{region}`, meting `{wave}`: {rows} rijen, {columns} kolommen.

{data_nl}
- `metadata/codebook.json`: wat elke kolom en elke code betekent, in alle talen; `codebook.html` is hetzelfde om te lezen.
- `metadata/ddi-codebook-2.5.xml`, `metadata/responses.csv-metadata.json` en `datapackage.json`: hetzelfde voor
  archieven (DDI) en programma's (CSV on the Web, Data Package).
- `metadata/crosswalk.csv`: welke vraag en welk begrip in elke kolom staat, om metingen naast elkaar te leggen.
- `syntax/read.R`, `.py`, `.sps` en `.do`: lezen de CSV met labels en ontbrekende waarden in.
- `reports/response.html`, `.json` en `.csv`: uitgenodigd, aangekomen, ingevuld en respons per functie.
{printed_nl}- `reports/privacy.html` en `.json`: hoe de gegevens beschermd zijn en welk risico overblijft.
- `reports/limits.json`: welke labels in welk bestand afgekort zijn, en welke bestanden er niet zijn.
- `checksums.sha256`: controleer met `sha256sum --check checksums.sha256`.

Codes: 99 weet niet; -4 weet niet (bij getallen); -5 niet gevraagd aan deze functie; -6 beveiligd;
-7 niet van toepassing door een eerder antwoord; -8 overgeslagen. Dagen staan als 2026-05-31, maanden als 2026-05,
met dezelfde codes ertussen; rangen tellen vanaf 1, met 0 voor niet gerangschikt.
`stratum` is de groep van functies, `pop_n` het aantal uitgenodigden daarin, `w_region` en `w_all` het gewicht
(uitgenodigd gedeeld door ingevuld). {open_nl}
{places_nl}Labels zijn de teksten zoals ze bij de start waren; `errata` in het codeboek zegt wat daarna verbeterd is.
Probeer niet om mensen te herkennen. Toon geen cijfers over minder dan 10 mensen.

## English
Protected answers of region `{region}`, wave `{wave}`: {rows} rows, {columns} columns.

{data_en}
- `metadata/codebook.json`: what each column and each code means, in all languages; `codebook.html` is the same to read.
- `metadata/ddi-codebook-2.5.xml`, `metadata/responses.csv-metadata.json` and `datapackage.json`: the same for
  archives (DDI) and programs (CSV on the Web, Data Package).
- `metadata/crosswalk.csv`: which question and which concept stands in each column, to lay waves side by side.
- `syntax/read.R`, `.py`, `.sps` and `.do`: read the CSV with labels and missing values.
- `reports/response.html`, `.json` and `.csv`: invited, delivered, done and response per role.
{printed_en}- `reports/privacy.html` and `.json`: how the data were protected and which risk is left.
- `reports/limits.json`: which labels were cut short in which file, and which files are not there.
- `checksums.sha256`: check with `sha256sum --check checksums.sha256`.

Codes: 99 don't know; -4 don't know (numbers); -5 not asked of this role; -6 protected; -7 not routed by an
earlier answer; -8 skipped. Days are written as 2026-05-31, months as 2026-05, with the same codes among them; ranks
count from 1, with 0 for what was not ranked.
`stratum` is the class of roles, `pop_n` the number invited in it, `w_region` and `w_all` the weight (invited
divided by answered). {open_en}
{places_en}Labels are the texts as they were at the start; `errata` in the codebook tells what was mended afterwards.
Do not try to recognise people. Show no figures of fewer than 10 people.
"""
PRINTED = {
    "nl": "- `reports/printed.html` en `.json`: deze meting is ingelezen uit een eerder bestand; gedrukte cijfers naast wat we vonden.\n",
    "en": "- `reports/printed.html` and `.json`: this wave came from an earlier file; printed figures beside those we found.\n",
}
OPEN = {
    False: {"nl": "Open antwoorden zitten niet in deze map.", "en": "Open answers are not in this folder."},
    True: {
        "nl": "Open antwoorden die twee mensen vrijgaven staan apart in `data/open_answers.*`: per vraag in willekeurige\nvolgorde, en zonder nummer van een respondent. Leg ze niet naast de rijen van de andere gegevens.",
        "en": "Open answers that two people released stand apart in `data/open_answers.*`: shuffled for\neach question, and without a response id. Do not lay them beside the rows of the other data.",
    },
}
PLACES = {
    "nl": "`area` zijn de plaatsen van het stratum; `municipality` en `swv` de ene gemeente en het ene samenwerkingsverband, -6 waar het er\nmeer zijn of niet bekend is.\n",
    "en": "`area` are the places of the stratum; `municipality` and `swv` its one municipality and one school partnership, -6 where there\nare several or it is not known.\n",
}
NOTHING = Added()
ADDED = {"nl": "van de regiomodule", "en": "of the region module"}
ABSENT = {"nl": "niet in deze map", "en": "not in this folder"}


def write_readme(
    sheet: Sheet, dataset: WaveDataset, plan: Plan, *, open_answers: bool = False, added: Added = NOTHING
) -> str:
    """Return the README of the bundle, as Markdown."""
    return TEMPLATE.format(
        name=sheet.name,
        region=dataset.region,
        wave=dataset.wave,
        rows=len(sheet.rows),
        columns=len(sheet.variables),
        printed_nl=PRINTED["nl"] if "imported" in dataset.codebook else "",
        printed_en=PRINTED["en"] if "imported" in dataset.codebook else "",
        open_nl=OPEN[open_answers]["nl"],
        open_en=OPEN[open_answers]["en"],
        places_nl=PLACES["nl"] if "areas" in dataset.codebook else "",
        places_en=PLACES["en"] if "areas" in dataset.codebook else "",
        data_nl=_list_data(plan, added, "nl"),
        data_en=_list_data(plan, added, "en"),
    )


def _list_data(plan: Plan, added: Added, language: str) -> str:
    lines = [
        f"- `{path}`: {ABSENT[language]}: {plan.left_out[path][language]}."
        if path in plan.left_out
        else f"- `{path}`: {line[language]}."
        for path, line in DATA.items()
    ]
    lines += [
        f"- `{file.path}`: {say(file.form.label, language)} ({ADDED[language]} {file.module})."
        for file in added.files
    ]
    lines += [f"- `{path}`: {ABSENT[language]}: {say(reason, language)}." for path, reason in added.left_out]
    return "\n".join(lines)
