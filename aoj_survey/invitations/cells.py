"""What a cell of a list of people says, what is wrong with it, and what was probably meant."""

import difflib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from aoj_survey.questionnaire import ROLES
from aoj_survey.regions import Members

MAX_TEXT = 200
CLOSE = 0.75
"""How alike a word must be to one we know, to be proposed (`difflib`, from 0 to 1)."""

ROLE_SYNONYMS = {
    "ib": ("ib'er", "ib-er", "iber", "interne begeleider", "interne begeleiding", "kwaliteitscoördinator"),
    "zoco": ("zorgcoordinator", "zorgcoördinator vo", "zoco vo", "ondersteuningscoördinator"),
    "zoco_mbo": ("zoco mbo", "zorgcoordinator mbo"),
    "leerplicht": ("lpa", "rmc", "ambtenaar leerplicht"),
    "jgz": ("jeugdverpleegkundige", "jeugdarts", "schoolarts", "ggd"),
    "jeugdhulp": ("jeugdhulpverlening", "jeugdzorgwerker", "jeugdprofessional"),
    "ouder": ("vader", "moeder", "verzorger"),
}
"""Other words that lists use for roles; they are proposed, not taken for granted."""

SECTORS: Mapping[str, tuple[str, ...]] = {
    "po": ("primair onderwijs", "basisonderwijs", "basisschool"),
    "vo": ("voortgezet onderwijs", "middelbare school"),
    "mbo": ("middelbaar beroepsonderwijs",),
    "onderwijs": ("school", "education"),
    "jeugdhulp": ("jeugdzorg", "youth care"),
    "gemeente": ("municipality",),
    "kinderopvang": ("opvang", "childcare"),
}
"""The kinds of organisations, with other words for them."""

LANGUAGES = ("nl", "en")
"""The languages mails are written in; the first is meant where a list says nothing."""

LANGUAGE_NAMES = {"nederlands": "nl", "dutch": "nl", "engels": "en", "english": "en"}


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong with a cell: a code for doors, words for commands, and what was probably meant, if known."""

    code: str
    what: str
    proposal: str = ""


def find_control(value: str) -> Slip | None:
    """Return a slip when a cell holds a line break or an invisible character, which may add headers to a mail."""
    if any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp", "Cs"} for character in value):
        clean = "".join(
            " " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character
            for character in value
            if unicodedata.category(character) not in {"Cf", "Cs"}
        )
        what = "There is a line break or an invisible character in this cell. Type it again."
        return Slip("control", what, " ".join(clean.split()))
    return None


def read_address(value: str) -> tuple[str, Slip | None]:
    """Return the address to write to, and what is wrong with it."""
    if not value:
        return value, Slip("address_missing", "The address is missing.")
    try:
        return _validate(value), None
    except EmailNotValidError as error:
        return value, _explain_address(value, str(error))


def looks_like_address(value: str) -> bool:
    """Return whether a cell was probably meant as an address, right or wrong."""
    return re.fullmatch(r"[^@\n]+@[^@\n]*[.,][^@\n]+", value.strip()) is not None


def _validate(value: str) -> str:
    checked = validate_email(value, check_deliverability=False, allow_smtputf8=False)
    return checked.ascii_email or checked.normalized


def _explain_address(value: str, told: str) -> Slip:
    found = re.fullmatch(r".*<([^<>]+)>", value)
    bare = found.group(1) if found else re.sub(r"^mailto:", "", value, flags=re.IGNORECASE)
    mended = re.sub(r"\.{2,}", ".", re.sub(r"\s+", "", bare).replace(",", ".")).strip(".;:<>\"'")
    try:
        proposal = _validate(mended)
    except EmailNotValidError:
        proposal = ""
    if "," in value and proposal:
        return Slip("address_comma", "There is a comma. An address has a dot.", proposal)
    if re.search(r"\s", bare) and proposal:
        return Slip("address_space", "There is a space in the address.", proposal)
    return Slip("address_wrong", f"This is not an address we can mail: {told}", proposal)


def role_words(roles: Collection[str]) -> dict[str, str]:
    """Return the code of each role by everything it may be called in a file, in small letters."""
    words: dict[str, str] = {}
    for code in sorted(roles):
        for word in (code, *ROLES[code].label.values(), *ROLES[code].plural.values()):
            words[word.casefold()] = code
    return words


def read_role(value: str, words: Mapping[str, str]) -> tuple[str, Slip | None]:
    """Return the code of a role by one of `role_words`, and what is wrong with it."""
    word = fold(value)
    if word in words:
        return words[word], None
    known = sorted(set(words.values()))
    if not word:
        return "", Slip("role_missing", f"The role is missing. Known: {', '.join(known)}.")
    what = f"This role is not known here. Known: {', '.join(known)}."
    return "", Slip("role_unknown", what, suggest_role(value, words))


def suggest_role(value: str, words: Mapping[str, str]) -> str:
    """Return the Dutch name of the role that a word was probably meant as; empty when none is near."""
    word = fold(value)
    code = next(
        (code for code, others in ROLE_SYNONYMS.items() if word in others and code in words.values()), ""
    )
    if not code:
        nearest = difflib.get_close_matches(word, words, 1, CLOSE)
        code = words[nearest[0]] if nearest else ""
    return ROLES[code].label["nl"] if code else ""


def read_organisation(value: str) -> tuple[str, Slip | None]:
    """Return the name of an organisation, and what is wrong with it."""
    if not value:
        what = "The organisation is missing. It stands in the greeting of the mail."
        return value, Slip("organisation_missing", what)
    return read_text(value)


def read_text(value: str) -> tuple[str, Slip | None]:
    """Return a text of a list, and what is wrong with it; empty is fine."""
    if len(value) > MAX_TEXT:
        return value, Slip(
            "too_long", f"This is longer than {MAX_TEXT} characters.", value[:MAX_TEXT].strip()
        )
    return value, None


def read_member(value: str, words: Mapping[str, str], code: str) -> tuple[str, Slip | None]:
    """Return the name of a region's member by one of `words`, and what is wrong with it; empty is fine.

    Without words any text is taken: nobody said which members the region has. `code` is that of the slip.
    """
    word = fold(value)
    if not word or word in words:
        return words.get(word, ""), None
    if not words:
        return read_text(value)
    nearest = difflib.get_close_matches(word, words, 1, CLOSE)
    what = f"This is no member of the region. Known: {', '.join(dict.fromkeys(words.values()))}."
    return value, Slip(code, what, words[nearest[0]] if nearest else "")


def member_words(members: Members) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of municipalities and of school partnerships by everything they may be called in a list.

    A partnership may go without the word swv, and without its sector where that leaves no doubt.
    """
    municipalities = {
        fold(word): name for name in members.municipalities for word in (f"gemeente {name}", name)
    }
    spoken = [(name, _SWV.sub("", name)) for name in members.partnerships]
    bare = [fold(_SECTOR_WORD.sub("", rest)) for _, rest in spoken]
    partnerships: dict[str, str] = {}
    for (name, rest), short in zip(spoken, bare, strict=True):
        words = [name, rest, f"swv {rest}", f"samenwerkingsverband {rest}"]
        words += [short, f"swv {short}"] if short and bare.count(short) == 1 else []
        partnerships |= {fold(word): name for word in words}
    return municipalities, partnerships


_SWV = re.compile(r"^(swv|samenwerkingsverband)\b\s*", re.IGNORECASE)
_SECTOR_WORD = re.compile(r"\b(po|vo)\b\s*", re.IGNORECASE)


def read_sector(value: str) -> tuple[str, Slip | None]:
    """Return the code of a kind of organisation, empty when none is said, and what is wrong with it."""
    word = fold(value)
    codes = {name: code for code, names in SECTORS.items() for name in (code, *names)}
    if not word or word in codes:
        return codes.get(word, ""), None
    nearest = difflib.get_close_matches(word, codes, 1, CLOSE)
    what = f"This kind of organisation is not known here. Known: {', '.join(SECTORS)}."
    return "", Slip("sector_unknown", what, codes[nearest[0]] if nearest else "")


def read_language(value: str, languages: Sequence[str]) -> tuple[str, Slip | None]:
    """Return the code of a language, the first when none is said, and what is wrong with it."""
    word = fold(value)
    code = LANGUAGE_NAMES.get(word, word) or languages[0]
    if code in languages:
        return code, None
    what = f"This language is not known here. Known: {', '.join(languages)}."
    return "", Slip("language_unknown", what, languages[0])


def fold(value: str) -> str:
    """Return a word as it is compared: spaces and letter case do not matter."""
    return " ".join(value.split()).casefold()
