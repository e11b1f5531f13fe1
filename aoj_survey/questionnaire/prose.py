"""What can be said of a sentence without knowing what it is about: too long, too hard, or two in one.

Dutch and English; of other languages only the length of sentences is looked at. The bounds are those of the
monitor's own microcopy: a respondent has eight minutes between two meetings.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MOST_WORDS = 20
"""Words in a sentence."""

DIFFICULT: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "aangaande": "over",
        "aanvang": "begin",
        "alsmede": "en ook",
        "betreffende": "over",
        "conform": "volgens",
        "continueren": "doorgaan met",
        "derhalve": "daarom",
        "desbetreffende": "deze",
        "dient te": "moet",
        "dienen te": "moeten",
        "discrepantie": "verschil",
        "echter": "maar",
        "evenals": "en ook",
        "evident": "duidelijk",
        "faciliteren": "helpen",
        "gelieve": "wilt u",
        "geschieden": "gebeuren",
        "hetgeen": "wat",
        "hieromtrent": "hierover",
        "implementeren": "invoeren",
        "inzake": "over",
        "indien": "als",
        "initiëren": "beginnen",
        "integraal": "samen, als één geheel",
        "jegens": "tegen",
        "middels": "met",
        "mits": "als",
        "mogelijkerwijs": "misschien",
        "omtrent": "over",
        "optimaliseren": "verbeteren",
        "participeren": "meedoen",
        "prioriteren": "kiezen wat eerst komt",
        "realiseren": "doen, maken",
        "relevant": "belangrijk",
        "reeds": "al",
        "significant": "duidelijk",
        "teneinde": "om",
        "tevens": "ook",
        "thans": "nu",
        "uitermate": "heel",
        "vigerend": "geldend",
        "voornemens": "van plan",
        "voorts": "ook",
        "zodoende": "zo",
    },
    "en": {
        "ascertain": "find out",
        "commence": "start",
        "facilitate": "help",
        "henceforth": "from now on",
        "implement": "carry out",
        "in order to": "to",
        "leverage": "use",
        "notwithstanding": "despite",
        "optimise": "improve",
        "prior to": "before",
        "pursuant to": "under",
        "regarding": "about",
        "subsequently": "then",
        "terminate": "end",
        "utilise": "use",
        "whilst": "while",
    },
}
"""Words to avoid, by language, with what to write instead."""

_NEGATIONS = {
    "nl": re.compile(r"\b(niet|geen|nooit|niemand|nergens|niets|noch|zonder)\b", re.IGNORECASE),
    "en": re.compile(
        r"\b(not|no|never|nobody|nowhere|nothing|neither|without)\b|n[\u2019']t\b", re.IGNORECASE
    ),
}
_VERBS = {
    "nl": "bent|doet|doen|gaat|heb|hebt|hebben|heeft|is|kan|kunnen|kunt|moet|vindt|vinden|weet|weten|wilt|zijn|zou",
    "en": "are|can|could|did|do|does|have|how|is|should|was|were|what|which|will|would",
}
_AND = {"nl": "en|of", "en": "and|or"}
_AND_OR = re.compile(r"\b(en/of|and/or)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n+")
_WORD = re.compile(r"[^\W\d_][\w\u2019'-]*|\d+")
_ABBREVIATION = re.compile(r"\b[A-Z][A-Z0-9]{1,5}\b")
_EXPLAINED = re.compile(r"\(([A-Z][A-Z0-9]{1,5})\)|\b([A-Z][A-Z0-9]{1,5}) \([^)]+\)")
_RANGE = re.compile(r"\b(\d+)\s*(?:-|\u2013|t/m|tot en met|tot|to|until)\s*(\d+)\b")


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a text: code of the advice, and values for its sentences."""

    code: str
    values: Mapping[str, str | int]


def read_prose(text: str, language: str) -> Iterator[Remark]:
    """Yield the remarks on a text in a language."""
    for sentence in split_sentences(text):
        count = len(_WORD.findall(sentence))
        if count > MOST_WORDS:
            yield Remark("long-sentence", {"count": count, "most": MOST_WORDS})
        if language in _NEGATIONS:
            yield from _read_sentence(sentence, language)
    if text.count("?") > 1:
        yield Remark("two-questions", {"value": "?"})
    for word, plain in DIFFICULT.get(language, {}).items():
        if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE):
            yield Remark("difficult-word", {"value": word, "plain": plain})


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text; a line of its own is one too."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def find_abbreviations(text: str) -> set[str]:
    """Return the words in capitals, which a reader may not know."""
    return set(_ABBREVIATION.findall(text))


def find_explained(text: str) -> set[str]:
    """Return the abbreviations a text explains: `samenwerkingsverband (SWV)` or `SWV (samenwerkingsverband)`."""
    return {first or second for first, second in _EXPLAINED.findall(text)}


def find_ranges(texts: list[str]) -> list[tuple[int, int]]:
    """Return the ranges of numbers that answers are, such as `1 - 5` and `6 tot en met 10`, in order."""
    found = (_RANGE.search(text) for text in texts)
    return [(int(match[1]), int(match[2])) for match in found if match]


def _read_sentence(sentence: str, language: str) -> Iterator[Remark]:
    negations = [match[0] for match in _NEGATIONS[language].finditer(sentence)]
    if len(negations) > 1:
        yield Remark("double-negation", {"value": ", ".join(negations)})
    if both := _AND_OR.search(sentence):
        yield Remark("two-questions", {"value": both[0]})
    elif sentence.rstrip().endswith("?"):
        second = re.search(rf"\b({_AND[language]}) ({_VERBS[language]})\b", sentence, re.IGNORECASE)
        if second:
            yield Remark("two-questions", {"value": second[0]})
