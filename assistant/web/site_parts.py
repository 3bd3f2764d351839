"""What all parts of the page share."""

from dataclasses import dataclass, field
from pathlib import Path

from assistant.web.conversation import Conversations
from assistant.web.desk import Desk
from assistant.web.jobs import Jobs
from assistant.web.seal import Seal


@dataclass(frozen=True, slots=True)
class Site:
    """One served index. `sets` are the evaluation sets on offer, besides those uploaded into `own_sets`."""

    desk: Desk
    seal: Seal
    own_sets: Path
    sets: tuple[Path, ...] = ()
    conversations: Conversations = field(default_factory=Conversations)
    builds: Jobs = field(default_factory=Jobs)
    evaluations: Jobs = field(default_factory=Jobs)
