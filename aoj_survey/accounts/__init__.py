"""People with a name and rights, each known by a secret code of which only a hash is kept."""

from .models import Account
from .records import (
    COORDINATOR,
    RIGHTS,
    AccountFacts,
    add_account,
    find_account,
    find_session,
    has_accounts,
    identify,
    list_accounts,
    may,
    may_decide,
    may_read,
    remove_account,
    renew_token,
    sees_region,
)

__all__ = [
    "COORDINATOR",
    "RIGHTS",
    "Account",
    "AccountFacts",
    "add_account",
    "find_account",
    "find_session",
    "has_accounts",
    "identify",
    "list_accounts",
    "may",
    "may_decide",
    "may_read",
    "remove_account",
    "renew_token",
    "sees_region",
]
