"""What all parts of the page share."""

from dataclasses import dataclass, field

from assistant.web.conversation import Conversations
from assistant.web.desk import Desk
from assistant.web.seal import Seal


@dataclass(frozen=True, slots=True)
class Site:
    """One served index."""

    desk: Desk
    seal: Seal
    conversations: Conversations = field(default_factory=Conversations)
