"""Programs that read the CSV of a bundle with its labels and missing codes: R, Python, SPSS and Stata.

They run from any folder that lies in the bundle, as `syntax` does. Labels are Dutch; in R and Python the
codebook's other languages are one argument away.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from .labels import Labels, fit_labels
from .quoting import quote_r, quote_spss, quote_stata
from .spss import ROOM as SPSS_ROOM
from .spss import WIDTHS
from .stata import LETTERS
from .stata import ROOM as STATA_ROOM
from .tables import ISO_LENGTHS
from .variables import Sheet, Variable, group_choices, say

PYTHON_READER = Path(__file__).parent / "templates" / "read_py.txt"
"""The script for Python: it takes everything from the codebook, so it is the same in each bundle."""

SPSS_HEAD = """* Reads data/responses.csv of {name} with Dutch labels and missing codes.
* Run it with `syntax` as working folder (CD) or give whole paths. responses.sav holds the same data.
* Lacks: what was cut to 256 bytes (variables) and 120 bytes (values); the codebook has the whole labels.
"""
SPSS_GET = """GET DATA /TYPE=TXT /FILE='../data/responses.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED
  /DELCASE=LINE /FIRSTCASE=2 /DELIMITERS=',' /QUALIFIER='"' /VARIABLES=
{fields}.
"""
STATA_HEAD = """* Reads data/responses.csv of {name} with Dutch labels; missing codes -4 to -9 become .a to .f.
* Run it with the folder syntax as working folder (cd). responses.dta holds the same data.
* Labels of variables are cut to 80 characters, and signs of Stata's macro language in labels are replaced by others;
* the codebook has the whole labels.
version 14
"""
STATA_IMPORT = """import delimited using "../data/responses.csv", clear varnames(1) case(preserve) asdouble /*
  */ bindquotes(strict) encoding("utf-8") stringcols({texts})
"""
R_HEAD = """# Reads data/responses.csv of {name} with labels; missing codes (-9 to -4) become NA.
# Base R alone. Run it with `syntax` as working folder, or: source("read.R", chdir = TRUE)
# With haven: haven::read_sav("../data/responses.sav", user_na = TRUE) keeps the missing codes.
responses <- read.csv("../data/responses.csv", colClasses = "character", check.names = FALSE,
                      fileEncoding = "UTF-8", na.strings = character())
missing_codes <- -9:-4
"""
R_FUNCTIONS = """
whole <- function(x) { x <- as.numeric(x); x[x %in% missing_codes] <- NA; x }
day <- function(x) { x[startsWith(x, "-")] <- NA; as.Date(x, format = "%Y-%m-%d") }
month <- function(x) { x[startsWith(x, "-")] <- NA; as.Date(ifelse(is.na(x), NA, paste0(x, "-01")), format = "%Y-%m-%d") }
described <- function(x, label, labels = NULL) { attr(x, "label") <- label; attr(x, "labels") <- labels; x }

"""


def write_spss_syntax(sheet: Sheet) -> bytes:
    """Return the syntax for SPSS (and PSPP), with a set for each question with several answers."""
    labels = fit_labels("", sheet.variables, SPSS_ROOM)
    fields = [f"  {_read_in_spss(sheet, place)}" for place in range(len(sheet.variables))]
    commands = [
        SPSS_HEAD.format(name=sheet.name),
        "GET DATA /TYPE=TXT /FILE='../data/responses.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED\n"
        "  /DELCASE=LINE /FIRSTCASE=2 /DELIMITERS=',' /QUALIFIER='\"' /VARIABLES=\n"
        + "\n".join(fields)
        + ".\n",
        *(_date_in_spss(item) for item in sheet.variables if item.holds in ISO_LENGTHS),
        *_label_in_spss(labels),
        *(f"MISSING VALUES {item.name} (-9 THRU -4).\n" for item in sheet.variables if item.missing),
        *(
            f"MRSETS /MDGROUP NAME=${name} CATEGORYLABELS=VARLABELS VARIABLES="
            f"{' '.join(item.name for item in members)} VALUE=1.\n"
            for name, members in group_choices(sheet.variables).items()
            if len(members) > 1
        ),
        "EXECUTE.\n",
    ]
    return "".join(commands).encode()


def write_stata_syntax(sheet: Sheet) -> bytes:
    """Return the do-file for Stata 14 and later."""
    labels = fit_labels("", sheet.variables, STATA_ROOM)
    texts = [
        str(place)
        for place, item in enumerate(sheet.variables, start=1)
        if item.holds == "text" or item.holds in ISO_LENGTHS
    ]
    commands = [
        STATA_HEAD.format(name=sheet.name),
        STATA_IMPORT.format(texts=" ".join(texts)),
        *(_date_in_stata(item) for item in sheet.variables if item.holds in ISO_LENGTHS),
        *(f"label variable {name} {quote_stata(label)}\n" for name, label in labels.variables.items()),
        *(_label_in_stata(name, codes) for name, codes in labels.values.items()),
        *(f"quietly mvdecode {item.name}, mv({_MISSING})\n" for item in sheet.variables if item.missing),
    ]
    return "".join(commands).encode()


def write_r_syntax(sheet: Sheet) -> bytes:
    """Return the script for R, without any package."""
    lines = [R_HEAD.format(name=sheet.name), R_FUNCTIONS, *(_read_in_r(item) for item in sheet.variables)]
    return "".join(lines).encode()


def _read_in_spss(sheet: Sheet, place: int) -> str:
    item = sheet.variables[place]
    if item.holds in ISO_LENGTHS:
        return f"{item.name} A10"
    if item.holds == "text":
        longest = max((len(str(row[place]).encode()) for row in sheet.rows), default=1)
        return f"{item.name} A{max(longest, 1)}"
    return f"{item.name} {f'F{WIDTHS[item.is_wide]}.0' if item.is_integer else 'F12.6'}"


def _date_in_spss(item: Variable) -> str:
    """A day as 20260531, so that missing codes can stand among them; it moves to the end of the file."""
    name = item.name
    return (
        f"NUMERIC @{name} (F8.0).\n"
        f"DO IF SUBSTR({name}, 1, 1) = '-'.\n"
        f"COMPUTE @{name} = NUMBER({name}, F10).\n"
        "ELSE.\n"
        f"COMPUTE @{name} = NUMBER(REPLACE({name}, '-', ''), F10).\n"
        "END IF.\nEXECUTE.\n"
        f"DELETE VARIABLES {name}.\nRENAME VARIABLES (@{name} = {name}).\n"
    )


def _label_in_spss(labels: Labels) -> Iterable[str]:
    for name, label in labels.variables.items():
        yield f"VARIABLE LABELS {name}\n  {quote_spss(label)}.\n"
    for name, codes in labels.values.items():
        listed = "".join(f"\n  {value} {quote_spss(label)}" for value, label in codes.items())
        yield f"VALUE LABELS {name}{listed}.\n"


def _date_in_stata(item: Variable) -> str:
    name = item.name
    return (
        f'tempvar number\ngenerate double `number\' = real(cond(substr({name}, 1, 1) == "-", {name}, '
        f'subinstr({name}, "-", "", .)))\n'
        f"order `number', after({name})\ndrop {name}\nrename `number' {name}\nformat {name} %8.0f\n"
    )


_MISSING = r" \ ".join(f"{value}=.{letter}" for value, letter in LETTERS.items())


def _label_in_stata(name: str, codes: Mapping[int, str]) -> str:
    listed = "".join(
        f"label define {name} {f'.{LETTERS[value]}' if value in LETTERS else value} {quote_stata(label)}, add\n"
        for value, label in codes.items()
    )
    return f"{listed}label values {name} {name}\n"


def _read_in_r(item: Variable) -> str:
    readings = {"text": "{}", "decimal": "as.numeric({})", "date": "day({})", "month": "month({})"}
    column = f'responses[["{item.name}"]]'
    read = readings.get(item.holds, "whole({})").format(column)
    values = ""
    if item.values:
        numbers = ", ".join(str(code.value) for code in item.values)
        names = ", ".join(quote_r(say(code.label)) for code in item.values)
        values = f",\n  stats::setNames(c({numbers}), c({names}))"
    return f"{column} <- described({read},\n  {quote_r(say(item.label))}{values})\n"
