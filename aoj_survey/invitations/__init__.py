"""Who is asked, by which link, with which mail. Nothing here knows what anybody answered."""

from .contacts import Contact, hash_address, open_contact, seal_contact
from .links import clean_token, derive_handle, derive_token, hash_token
from .models import Invitation, Invitee, Message, ServiceNote
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

__all__ = [
    "Contact",
    "FrameRow",
    "Invitation",
    "InvitationFacts",
    "Invitee",
    "Message",
    "ServiceNote",
    "add_invitations",
    "clean_token",
    "count_invited",
    "count_progress",
    "derive_handle",
    "derive_token",
    "find_invitation",
    "find_opt_out",
    "hash_address",
    "hash_token",
    "mark_done",
    "mark_started",
    "open_contact",
    "opt_out",
    "seal_contact",
]
