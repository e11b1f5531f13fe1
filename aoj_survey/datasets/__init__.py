"""From opened responses to a protected wave dataset: the only thing exports and results accept."""

from .codebook import CODEBOOK_FORMAT, Origin, load_codebook
from .columns import MISSING, NOT_ASKED, NOT_ROUTED, PROTECTED, SKIPPED, Cell, Column
from .design import AREA, NO_AREA
from .open_answers import OpenAnswers, read_open_answers
from .policies import ONDERZOEK, OPENBAAR, POLICIES, Policy, tighten
from .protection import OpenedResponse, PrivacyReport, WaveDataset, make_dataset
from .reading import read_dataset, read_joint_dataset

__all__ = [
    "AREA",
    "CODEBOOK_FORMAT",
    "MISSING",
    "NOT_ASKED",
    "NOT_ROUTED",
    "NO_AREA",
    "ONDERZOEK",
    "OPENBAAR",
    "POLICIES",
    "PROTECTED",
    "SKIPPED",
    "Cell",
    "Column",
    "OpenAnswers",
    "OpenedResponse",
    "Origin",
    "Policy",
    "PrivacyReport",
    "WaveDataset",
    "load_codebook",
    "make_dataset",
    "read_dataset",
    "read_joint_dataset",
    "read_open_answers",
    "tighten",
]
