"""Errors meant for the person who meets them: what happened, where, and what to do.

Doors (web, commands, worker) print `str(error)`; nothing else may be shown of an error.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class AojError(Exception):
    """Base of every error this engine raises on purpose. Its text is written for people."""


class SettingsError(AojError):
    """A settings file that cannot be used."""


class BusyError(AojError):
    """A database that somebody else went on writing in; nothing was changed, and later it works."""


class KeyFileError(AojError):
    """A key that is missing, unreadable or readable by others."""


class StateError(AojError):
    """An act that does not fit the state of a wave or participation (already started, not closed …)."""


class NotFoundError(AojError):
    """A wave, region, questionnaire or other named thing that does not exist."""


class CalendarError(AojError):
    """A file of holidays that cannot be read; the text names every fault by its line."""


class InstrumentError(AojError):
    """A stored instrument that this engine cannot read."""


class ErratumError(AojError):
    """A text that may not be mended in this way after the start."""


class AnswersError(AojError):
    """Answers that do not fit the instrument they are said to be given to."""


class MailError(AojError):
    """A mail that may not be made as asked, or a mail server that does not take any."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault or advice about a questionnaire file: code, place, what is wrong and what to do.

    `level` is `error` (it does not compile), `advice` or `tip`.
    """

    code: str
    file: str
    line: int
    column: int
    what: str
    remedy: str
    level: str = "error"

    def __str__(self) -> str:
        level = "" if self.level == "error" else f"{self.level}: "
        return f"{self.file}:{self.line}:{self.column}: {level}{self.code}: {self.what} {self.remedy}"


class QuestionnaireError(AojError):
    """A questionnaire that does not compile; `problems` holds every fault found, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in an imported table, by row (1 = header) and column name.

    `code` is for doors with words of their own; `key` says what the column is read as, `proposal` what was
    probably meant, and `other` which other row it is about.
    """

    row: int
    column: str
    value: str
    what: str
    code: str = ""
    key: str = ""
    proposal: str = ""
    other: int = 0

    def __str__(self) -> str:
        meant = f"; perhaps {self.proposal!r}" if self.proposal else ""
        return f"row {self.row}, column {self.column}: {self.what} (it says: {self.value!r}{meant})"


class FrameError(AojError):
    """A frame file that was refused as a whole; `faults` holds every fault found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


class HistoryError(AojError):
    """An earlier wave that cannot be imported; `problems` holds every fault found in its files."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class ChangeError(AojError):
    """A change to the list of people that cannot be made; `code` says why, for doors with words of their own."""

    def __init__(self, code: str, what: str) -> None:
        self.code = code
        super().__init__(what)


class AccountError(AojError):
    """An account that cannot be made or found."""


class DisclosureError(AojError):
    """Data or figures that could tell something about a person, and are therefore refused."""


class BundleError(AojError):
    """A bundle that cannot be written, or is not what its checksums say."""


class ReleaseError(AojError):
    """Something that cannot be released, or is not as it was released."""


class PluginError(AojError):
    """A region module that cannot be used, or that failed; `module` is its name, `what` what it did."""

    def __init__(self, module: str, what: str) -> None:
        self.module = module
        self.what = what
        super().__init__(f"The region module {module} {what}")


class XlsformError(AojError):
    """A workbook that cannot be read as an XLSForm."""


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with a field of a form, by its name (`questions.0.text`); doors say it in words."""

    field: str
    code: str


class AdditionsError(AojError):
    """Own questions of a region that cannot be asked like this; `faults` holds every fault found."""

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{fault.field}: {fault.code}" for fault in faults))
