"""What all parts of the page share."""

from dataclasses import dataclass, field
from pathlib import Path

from assistant.web.backend import Backend
from assistant.web.conversation import Conversations
from assistant.web.desk import Desk
from assistant.web.feedback import Feedback
from assistant.web.jobs import Jobs
from assistant.web.offline import SocketGuard
from assistant.web.pictures import Pictures
from assistant.web.present import Present
from assistant.web.pulse import Pulse
from assistant.web.seal import Seal


@dataclass(frozen=True, slots=True)
class Site:
    """One served index. `sets` are the evaluation sets on offer, besides those in `own_sets`."""

    desk: Desk
    seal: Seal
    own_sets: Path
    feedback: Feedback
    sets: tuple[Path, ...] = ()
    conversations: Conversations = field(default_factory=Conversations)
    builds: Jobs = field(default_factory=Jobs)
    evaluations: Jobs = field(default_factory=Jobs)
    pictures: Pictures = field(default_factory=Pictures)
    pulse: Pulse = field(default_factory=Pulse)
    sockets: SocketGuard = field(default_factory=SocketGuard)
    present: Present = field(init=False)

    def __post_init__(self) -> None:
        """One look at the index a second serves all that ask whether it is another one."""
        object.__setattr__(self, "present", Present(self.desk, self._follow))

    def _follow(self, backend: Backend) -> None:
        self.conversations.follow(backend.status().files)
