"""Who calls: a name, a role, and how that is known. Knows no request."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Role = Literal["desk", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
By = Literal["open", "session", "key", "proxy"]

_KEY = "vraagbaak.caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """The one who sends a request.

    `by` says how that is known: nobody was asked (`open`), a session after logging in, an API key, or the header of
    a trusted proxy. `name` is the name of the user or key; of an open desk the address of the caller, and empty for
    this very machine.
    """

    name: str
    role: Role
    by: By

    @property
    def is_administrator(self) -> bool:
        """Whether documents may be added and removed."""
        return self.role == "administrator"


def caller_of(scope: MutableMapping[str, Any]) -> Caller:
    """Return who sends the request of this ASGI scope (`request.scope`); a stranger has the rights of the desk."""
    found = scope.get(_KEY)
    return found if isinstance(found, Caller) else Caller("", "desk", "open")


def set_caller(scope: MutableMapping[str, Any], caller: Caller) -> None:
    """Note who sends the request."""
    scope[_KEY] = caller
