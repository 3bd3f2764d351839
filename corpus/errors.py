"""Every error that a user may meet.

AssistantError
├── UsageError            a wrong argument, an unusable question, set or folder
├── DocumentUnreadable    one file cannot be read; it becomes a `Problem`, never ends a build
├── IndexNotFound         there is no index in this folder yet
├── IndexMismatch         the index was made by another encoder, reader or format
├── IndexDamaged          the catalog is damaged and nothing in it may be quoted
├── IndexBusy             another process is writing to this index
└── ModelNotFound         an encoder or reader is not on this machine, or is damaged

A message says what happened, with the values, and what to do. Anything else that is raised is a bug.
"""


class AssistantError(Exception):
    """The base of every error that is shown to a user instead of a traceback."""

    exit_code = 2


class UsageError(AssistantError):
    """A wrong argument, or input that cannot be used."""


class DocumentUnreadable(AssistantError):
    """One file cannot be read: `reason` says why and `next_step` what its owner can do."""

    def __init__(self, reason: str, next_step: str) -> None:
        super().__init__(f"{reason} {next_step}")
        self.reason = reason
        self.next_step = next_step


class IndexNotFound(AssistantError):
    """There is no index in this folder."""


class IndexMismatch(AssistantError):
    """The index was made by another encoder, reader or format than the one at hand."""


class IndexDamaged(AssistantError):
    """The catalog is damaged; nothing in it may be quoted."""


class IndexBusy(AssistantError):
    """Another process is writing to this index."""

    exit_code = 3


class ModelNotFound(AssistantError):
    """A model is not on this machine, or its folder is damaged."""
