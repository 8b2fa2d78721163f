from undying.finding.question import IsWork, Question

ASKED = (Question(node=IsWork((7, 9)), kinds=()), Question(kinds=()))
LEAVE_OUT = (8, 5)
