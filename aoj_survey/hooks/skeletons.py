"""A new region module: one question, its test and a README, ready to run."""

from collections.abc import Mapping
from pathlib import Path
from string import Template

from aoj_survey.errors import StateError
from aoj_survey.questionnaire import MAX_REGION, load_questionnaire

from .loader import NAME

SKELETON = Path(__file__).with_name("skeleton")

_WORDS: Mapping[str, Mapping[str, str]] = {
    "titles": {"nl": "In onze regio", "en": "In our region"},
    "texts": {"nl": "Werken we hier goed samen?", "en": "Do we work together well here?"},
    "yes": {"nl": "ja", "en": "yes"},
    "no": {"nl": "nee", "en": "no"},
    "unknown": {"nl": "weet ik niet", "en": "I do not know"},
}
"""The texts to begin with; a language that is not here begins in English."""


def make_module(plugins: Path, region: str, title: str, questionnaire: Path) -> Path:
    """Make the folder of a module for a region with one question in a questionnaire; return the folder.

    Raises:
        StateError: there is a folder with that name, or the region's code makes no name of a module.
        QuestionnaireError: the questionnaire has faults itself.
        NotFoundError: there is no such questionnaire.
    """
    module = region.replace("-", "_")
    if not NAME.fullmatch(module) or len(region) > MAX_REGION:
        raise StateError(
            f"{region!r} cannot be the name of a module: it starts with a letter "
            f"and holds a-z, 0-9, - and _ only, at most {MAX_REGION}."
        )
    if not title.isprintable() or set(title) & set('"\\$'):
        raise StateError(f"{title!r} cannot be the name of a region: leave out quotes, \\ and $.")
    folder = plugins / module
    if folder.exists():
        raise StateError(f"There is {folder} already; nothing was changed.")
    instrument = load_questionnaire(questionnaire, region, unchecked=True)
    name, edition = instrument.questionnaire, instrument.edition
    values = {
        "region": region,
        "title": title,
        "module": module,
        "prefix": module,
        "place": str(folder),
        "questionnaire": name,
        "edition": edition,
        "theme": instrument.themes[-1].code,
        **{key: _write_texts(texts, instrument.languages) for key, texts in _WORDS.items()},
    }
    files = {
        "__init__.py": "__init__.py",
        "conftest.py": "conftest.py",
        "test_module.py": f"test_{module}.py",
        "README.md": "README.md",
        "overlay.yaml": f"overlays/{name}@{edition}.yaml",
    }
    (folder / "overlays").mkdir(parents=True)
    for source, target in files.items():
        template = Template((SKELETON / f"{source}.txt").read_text(encoding="utf-8"))
        (folder / target).write_text(template.substitute(values), encoding="utf-8")
    return folder


def _write_texts(texts: Mapping[str, str], languages: tuple[str, ...]) -> str:
    return ", ".join(f'{language}: "{texts.get(language, texts["en"])}"' for language in languages)
