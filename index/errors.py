"""The family of errors, each one clear sentence that names the file or field and the cure.

VraagbaakError
├── ReadError         a file could not be read or understood; the others go on
├── StoreError        the store is missing, foreign, damaged or in use
├── EmbedderError     the embedding model is missing or does not fit the store
├── ModelError        the language model failed; `retryable` says whether trying again may help
├── QuestionError     a question that cannot be handled as it stands
├── ReceiptError      a file that is no receipt of an answer, or not as it was made
├── FetchError        something could not be fetched from its source; `retryable` says whether trying again may help
└── SettingsError     a setting, an option or an address that cannot be used
    └── UsageError    the value of an option of the command line cannot be right

The sentences stand in `index/texts/nl.toml` and `en.toml`; an error holds the key and the fields to fill in.
"""

from __future__ import annotations

from index.language import Language, say


class VraagbaakError(Exception):
    """An error to be shown to a person: `key` names the sentence, `fields` fill it in."""

    def __init__(self, key: str, **fields: object) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields

    def __str__(self) -> str:
        return self.say("nl")

    def say(self, language: Language) -> str:
        """Return the sentence in `language`."""
        return say(self.key, language, **self.fields)


class ReadError(VraagbaakError):
    """A file could not be read or understood."""


class StoreError(VraagbaakError):
    """The store is missing, foreign, damaged or in use."""


class EmbedderError(VraagbaakError):
    """The embedding model is missing, unknown or does not fit the store."""


class ModelError(VraagbaakError):
    """The language model failed; `retryable` says whether trying again may help."""

    def __init__(self, key: str, *, retryable: bool = False, **fields: object) -> None:
        super().__init__(key, **fields)
        self.retryable = retryable


class QuestionError(VraagbaakError):
    """A question that cannot be handled as it stands: empty or too long."""


class ReceiptError(VraagbaakError):
    """A file that is no receipt of an answer, or not as it was made."""


class FetchError(VraagbaakError):
    """Something could not be fetched.

    `retryable`: trying again may help; `wait` is how many seconds the server asked for. `gone`: the server says that
    it is not there (any more).
    """

    def __init__(
        self, key: str, *, retryable: bool = False, gone: bool = False, wait: float | None = None, **fields: object
    ) -> None:
        super().__init__(key, **fields)
        self.retryable = retryable
        self.gone = gone
        self.wait = wait


class SettingsError(VraagbaakError):
    """A setting, an option or an address that cannot be used."""


class UsageError(SettingsError):
    """The value of an option of the command line that cannot be right, whatever the store holds."""
