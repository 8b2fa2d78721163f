from undying.finding.question import HasTag, Question
from undying.manuscript import TagKind

ASKED = (Question(node=HasTag((1,)), page=3), Question(kinds=(TagKind.FANDOM,)))
