from undying.finding.document import Sight
from undying.finding.question import HasTag, Question

ASKED = (Question(node=HasTag((1,)), kinds=()),)
SIGHTS = (
    Sight(everything=False, hidden_too=False, members_too=False, own=None),
    Sight(everything=False, hidden_too=False, members_too=True, own=None),
    Sight(everything=False, hidden_too=False, members_too=True, own=7),
    Sight(everything=False, hidden_too=True, members_too=True, own=9),
    Sight(everything=True, hidden_too=True, members_too=True, own=7),
)
