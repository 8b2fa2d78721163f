from undying.finding.question import Question, Words

ASKED = (
    Question(node=Words(("moon",)), kinds=()),
    Question(node=Words(("吸", "血", "鬼"), field="title"), kinds=()),
    Question(node=Words(("rain",), field="episode"), kinds=()),
)
