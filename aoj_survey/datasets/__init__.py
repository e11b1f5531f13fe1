"""From opened responses to a protected wave dataset: the only thing exports and results accept."""

from .codebook import CODEBOOK_FORMAT, Origin, load_codebook
from .columns import MISSING, NOT_ASKED, NOT_ROUTED, PROTECTED, SKIPPED, Cell, Column
from .derived import derive_columns, state_facts
from .open_answers import OpenAnswers, read_open_answers
from .places import AREA, MUNICIPALITY, NO_AREA, SWV, SWV_SECTOR
from .policies import ONDERZOEK, OPENBAAR, POLICIES, Policy, tighten
from .protection import OpenedResponse, PrivacyReport, WaveDataset, make_dataset
from .reading import read_dataset, read_finest, read_joint_dataset

__all__ = [
    "AREA",
    "CODEBOOK_FORMAT",
    "MISSING",
    "MUNICIPALITY",
    "NOT_ASKED",
    "NOT_ROUTED",
    "NO_AREA",
    "ONDERZOEK",
    "OPENBAAR",
    "POLICIES",
    "PROTECTED",
    "SKIPPED",
    "SWV",
    "SWV_SECTOR",
    "Cell",
    "Column",
    "OpenAnswers",
    "OpenedResponse",
    "Origin",
    "Policy",
    "PrivacyReport",
    "WaveDataset",
    "derive_columns",
    "load_codebook",
    "make_dataset",
    "read_dataset",
    "read_finest",
    "read_joint_dataset",
    "read_open_answers",
    "state_facts",
    "tighten",
]
