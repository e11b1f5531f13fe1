"""What is answered: drafts, the sealed ballot box, its opening. Nothing here points to a person."""

from .custodians import (
    LOSS,
    CustodianError,
    KnownCustodian,
    hold_test,
    list_custodians,
    list_untested,
    require_test,
    set_custodians,
    unlock_key,
)
from .drafts import DraftContent, delete_draft, delete_drafts, keep_draft, read_draft
from .envelope import BallotError, Payload, measure_ballots, open_ballot, seal_ballot, seal_for
from .erasure import (
    ErasureError,
    boxes_to_destroy,
    destroy_box,
    destroy_box_key,
    keys_to_destroy,
    openings_to_rewrite,
    record_bundle,
    record_rewrite,
    rewrite_tables,
)
from .merging import Marks, Merged, mark_answers, merge_answers
from .models import Approval, Ballot, Custodian, CustodianCopy, Draft, Opening, Response
from .opening import OpeningRefusedError, approve_opening, count_ballots, open_box
from .records import OpenedResponse, read_responses, read_strata
from .submission import Outcome, submit

__all__ = [
    "LOSS",
    "Approval",
    "Ballot",
    "BallotError",
    "Custodian",
    "CustodianCopy",
    "CustodianError",
    "Draft",
    "DraftContent",
    "ErasureError",
    "KnownCustodian",
    "Marks",
    "Merged",
    "OpenedResponse",
    "Opening",
    "OpeningRefusedError",
    "Outcome",
    "Payload",
    "Response",
    "approve_opening",
    "boxes_to_destroy",
    "count_ballots",
    "delete_draft",
    "delete_drafts",
    "destroy_box",
    "destroy_box_key",
    "hold_test",
    "keep_draft",
    "keys_to_destroy",
    "list_custodians",
    "list_untested",
    "mark_answers",
    "measure_ballots",
    "merge_answers",
    "open_ballot",
    "open_box",
    "openings_to_rewrite",
    "read_draft",
    "read_responses",
    "read_strata",
    "record_bundle",
    "record_rewrite",
    "require_test",
    "rewrite_tables",
    "seal_ballot",
    "seal_for",
    "set_custodians",
    "submit",
    "unlock_key",
]
