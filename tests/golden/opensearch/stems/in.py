from undying.finding.question import Question, Words

ASKED = (Question(node=Words(("running",), field="text", stems=("en:run", "de:running")), kinds=()),)
