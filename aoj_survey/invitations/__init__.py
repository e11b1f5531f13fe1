"""Who is asked, by which link, with which mail. Nothing here knows what anybody answered."""

from .bounces import LARGEST, Verdict, take_report
from .cells import (
    LANGUAGES,
    SECTORS,
)
from .changes import (
    add_person,
    ask_link_again,
    change_address,
    correct_person,
    withdraw_person,
)
from .codes import StretchedCode, clean_code, forget_codes, open_code, stretch_code, write_code
from .cohorts import admit, count_asked, count_waiting
from .columns import (
    COLUMNS,
)
from .contacts import Contact, hash_address, hash_person, open_contact, seal_contact
from .corrections import correct_role, list_answering_roles
from .counts import GroupCount, count_groups, count_invited, count_progress
from .dispositions import count_dispositions
from .due import Candidate, find_due
from .examples import Example, write_example
from .frame import (
    FrameFile,
    FrameReading,
    find_asked,
    import_frame,
    load_frame,
    read_frame,
)
from .greeting import greet_mail_server
from .groups import (
    GroupFacts,
    GroupRole,
    GroupTokens,
    add_group,
    derive_group_tokens,
    find_group,
    find_group_named,
    find_group_page,
    list_groups,
    stop_group,
)
from .handout import HandoutLink, make_handout
from .held import (
    LINKS_A_DAY,
)
from .links import clean_token, derive_handle, derive_token, hash_token
from .listing import (
    ListedPerson,
    MailState,
    find_person,
    list_people,
)
from .lists import (
    write_list,
)
from .mail import Letter, compose
from .mailbox import MAILBOX_NOTE, read_mailbox
from .messages import ClaimedMessage, claim_message, count_messages, mark_uncertain
from .models import (
    FrameUpload,
    GroupLink,
    GroupPeople,
    Invitation,
    Invitee,
    MailPace,
    Message,
    OptOut,
    ProofMail,
    ResumeCode,
    ServiceNote,
    Supplier,
    YouthConsent,
)
from .notes import Note, clear_note, read_note, write_note
from .optouts import (
    find_opt_out,
    find_opted_out,
    hash_opt_out,
    opt_out,
)
from .proofs import REFUSED, Proof, ask_proof, confirm_proof, is_proof, read_proof, send_proofs
from .receivers import count_receivers
from .records import (
    FrameRow,
    InvitationFacts,
    add_invitations,
    find_invitation,
    mark_done,
    mark_started,
)
from .sending import MAIL_NOTE, SendReport, send_due
from .starts import StartSecrets, add_start, count_starts, derive_start, hold_group, make_start_id
from .youth import (
    AGES,
    LONGEST_NAME,
    LONGEST_TEXT,
    YOUTH_ROLES,
    Consent,
    How,
    list_consent_faults,
    read_consent,
    record_consent,
    waits_for_parents,
)

__all__ = [
    "AGES",
    "COLUMNS",
    "LANGUAGES",
    "LARGEST",
    "LINKS_A_DAY",
    "LONGEST_NAME",
    "LONGEST_TEXT",
    "MAILBOX_NOTE",
    "MAIL_NOTE",
    "REFUSED",
    "SECTORS",
    "Verdict",
    "YOUTH_ROLES",
    "Candidate",
    "ClaimedMessage",
    "Consent",
    "Contact",
    "Example",
    "FrameFile",
    "FrameReading",
    "FrameRow",
    "FrameUpload",
    "GroupCount",
    "GroupFacts",
    "GroupLink",
    "GroupPeople",
    "GroupRole",
    "GroupTokens",
    "HandoutLink",
    "How",
    "Invitation",
    "InvitationFacts",
    "Invitee",
    "Letter",
    "ListedPerson",
    "MailPace",
    "MailState",
    "Message",
    "Note",
    "OptOut",
    "Proof",
    "ProofMail",
    "ResumeCode",
    "SendReport",
    "ServiceNote",
    "StartSecrets",
    "StretchedCode",
    "Supplier",
    "YouthConsent",
    "add_group",
    "add_invitations",
    "add_person",
    "add_start",
    "admit",
    "ask_link_again",
    "ask_proof",
    "change_address",
    "claim_message",
    "clean_code",
    "clean_token",
    "clear_note",
    "compose",
    "confirm_proof",
    "correct_person",
    "correct_role",
    "count_asked",
    "count_dispositions",
    "count_groups",
    "count_invited",
    "count_messages",
    "count_progress",
    "count_receivers",
    "count_starts",
    "count_waiting",
    "derive_group_tokens",
    "derive_handle",
    "derive_start",
    "derive_token",
    "find_asked",
    "find_due",
    "find_group",
    "find_group_named",
    "find_group_page",
    "find_invitation",
    "find_opt_out",
    "find_opted_out",
    "find_person",
    "forget_codes",
    "greet_mail_server",
    "hash_address",
    "hash_opt_out",
    "hash_person",
    "hash_token",
    "hold_group",
    "import_frame",
    "is_proof",
    "list_answering_roles",
    "list_consent_faults",
    "list_groups",
    "list_people",
    "load_frame",
    "make_handout",
    "make_start_id",
    "mark_done",
    "mark_started",
    "mark_uncertain",
    "open_code",
    "open_contact",
    "opt_out",
    "read_consent",
    "read_frame",
    "read_mailbox",
    "read_note",
    "read_proof",
    "record_consent",
    "seal_contact",
    "send_due",
    "send_proofs",
    "stop_group",
    "stretch_code",
    "take_report",
    "waits_for_parents",
    "withdraw_person",
    "write_code",
    "write_example",
    "write_list",
    "write_note",
]
