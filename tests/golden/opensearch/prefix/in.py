from undying.finding.question import Prefix, Question

ASKED = (Question(node=Prefix("light"), kinds=()), Question(node=Prefix("mi", field="author"), kinds=()))
