"""The README of a bundle: what is in it and how to read it, in Dutch and English."""

from aoj_survey.datasets import WaveDataset

TEMPLATE = """# {name}

## Nederlands
Beveiligde antwoorden van regio `{region}`, meting `{wave}`: {rows} rijen, {columns} kolommen.

- `data/responses.csv`: één rij per respondent, in de volgorde van de waarden zelf (UTF-8, komma, CRLF).
- `metadata/codebook.json`: wat elke kolom en elke code betekent, in alle talen.
- `reports/response.csv` en `.json`: uitgenodigd, aangekomen, ingevuld en respons per functie.
- `reports/privacy.json`: hoe de gegevens beschermd zijn en welk risico overblijft.
- `checksums.sha256`: controleer met `sha256sum --check checksums.sha256`.

Codes: 99 weet niet; -4 weet niet (bij getallen); -5 niet gevraagd aan deze functie; -6 beveiligd;
-7 niet van toepassing door een eerder antwoord; -8 overgeslagen. Dagen staan als 2026-05-31, maanden als 2026-05,
met dezelfde codes ertussen; rangen tellen vanaf 1, met 0 voor niet gerangschikt.
`stratum` is de groep van functies, `pop_n` het aantal uitgenodigden daarin, `w_region` en `w_all` het gewicht
(uitgenodigd gedeeld door ingevuld). Open antwoorden zitten niet in deze map.
Labels zijn de teksten zoals ze bij de start waren; `errata` in het codeboek zegt wat daarna verbeterd is.
Probeer niet om mensen te herkennen. Toon geen cijfers over minder dan 10 mensen.

## English
Protected answers of region `{region}`, wave `{wave}`: {rows} rows, {columns} columns.

- `data/responses.csv`: one row per respondent, in the order of the values themselves (UTF-8, comma, CRLF).
- `metadata/codebook.json`: what each column and each code means, in all languages.
- `reports/response.csv` and `.json`: invited, delivered, done and response per role.
- `reports/privacy.json`: how the data were protected and which risk is left.
- `checksums.sha256`: check with `sha256sum --check checksums.sha256`.

Codes: 99 don't know; -4 don't know (numbers); -5 not asked of this role; -6 protected; -7 not routed by an
earlier answer; -8 skipped. Days are written as 2026-05-31, months as 2026-05, with the same codes among them; ranks
count from 1, with 0 for what was not ranked.
`stratum` is the class of roles, `pop_n` the number invited in it, `w_region` and `w_all` the weight (invited
divided by answered). Open answers are not in this folder.
Labels are the texts as they were at the start; `errata` in the codebook tells what was mended afterwards.
Do not try to recognise people. Show no figures of fewer than 10 people.
"""


def write_readme(name: str, dataset: WaveDataset) -> str:
    """Return the README of the bundle with this name, as Markdown."""
    return TEMPLATE.format(
        name=name,
        region=dataset.region,
        wave=dataset.wave,
        rows=len(dataset.rows),
        columns=len(dataset.columns),
    )
