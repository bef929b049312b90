"""Which view is asked for and by whom, and the frame of HTML around it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from index.language import Language, say
from ui.access.values import Caller
from ui.desk import Desk
from ui.frame import footer, heading
from ui.shell import VIEW, head


@dataclass(frozen=True, slots=True)
class Here:
    """Where a view stands: the desk, its language, the path of its page (`/`, `/en/`), its name, and what follows that
    in the address (`?document=…`). `caller` is who asks for it."""

    desk: Desk
    language: Language
    path: str
    name: str
    rest: str = ""
    caller: Caller | None = None

    @property
    def is_administrator(self) -> bool:
        """Whether who asks may add and remove documents."""
        return self.caller is not None and self.caller.is_administrator

    def say(self, key: str, **fields: object) -> str:
        """Return a sentence in the language of this view."""
        return say(key, self.language, **fields)

    def html(self, title: str, body: Markup, scripts: tuple[str, ...] = ()) -> str:
        """Return the whole HTML of a view with this title and these contents."""
        whole = Markup(
            '<!doctype html><html lang="{}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{}</title>{}</head>'
            '<body class="beside {}"><a class="skip" href="#main">{}</a><header id="heading">{}</header>'
            '<main id="main" tabindex="-1">{}</main><footer>{}</footer></body></html>'
        )
        return whole.format(
            self.language,
            f"{title} – {self.say('page.title')}",
            Markup(head(self.path, (*VIEW, "account.js", *scripts))),
            self.name,
            self.say("view.skip"),
            heading(self.desk, self.language, self.name, self.rest, self.caller),
            body,
            footer(self.language),
        )
