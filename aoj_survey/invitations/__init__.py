"""Who is asked, by which link, with which mail. Nothing here knows what anybody answered."""

from .contacts import Contact, hash_address, open_contact, seal_contact
from .frame import FrameFile, import_frame, load_frame, read_frame
from .links import clean_token, derive_handle, derive_token, hash_token
from .mail import Letter, compose
from .messages import ClaimedMessage, claim_message, count_messages, mark_uncertain
from .models import Invitation, Invitee, Message, ServiceNote
from .notes import Note, clear_note, read_note, write_note
from .records import (
    FrameRow,
    InvitationFacts,
    add_invitations,
    count_invited,
    count_progress,
    find_invitation,
    find_opt_out,
    mark_done,
    mark_started,
    opt_out,
)
from .sending import MAIL_NOTE, SendReport, send_due

__all__ = [
    "MAIL_NOTE",
    "ClaimedMessage",
    "Contact",
    "FrameFile",
    "FrameRow",
    "Invitation",
    "InvitationFacts",
    "Invitee",
    "Letter",
    "Message",
    "Note",
    "SendReport",
    "ServiceNote",
    "add_invitations",
    "claim_message",
    "clean_token",
    "clear_note",
    "compose",
    "count_invited",
    "count_messages",
    "count_progress",
    "derive_handle",
    "derive_token",
    "find_invitation",
    "find_opt_out",
    "hash_address",
    "hash_token",
    "import_frame",
    "load_frame",
    "mark_done",
    "mark_started",
    "mark_uncertain",
    "open_contact",
    "opt_out",
    "read_frame",
    "read_note",
    "seal_contact",
    "send_due",
    "write_note",
]
