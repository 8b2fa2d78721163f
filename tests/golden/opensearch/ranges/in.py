from undying.finding.question import All, Measure, Question, Within

ASKED = (
    Question(node=All(tuple(Within(each, 1, 10) for each in Measure)), kinds=()),
    Question(node=Within(Measure.KUDOS, 100), kinds=()),
    Question(node=Within(Measure.HITS, None, 100), kinds=()),
    Question(node=Within(Measure.WORDS), kinds=()),
    Question(node=Within(Measure.WORDS, -(10**30), 10**30), kinds=()),
)
