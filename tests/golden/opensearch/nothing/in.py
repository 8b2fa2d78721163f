from undying.finding.question import All, Either, Not, Question

ASKED = (
    Question(node=All(()), kinds=()),
    Question(node=Either(()), kinds=()),
    Question(node=Not(All(())), kinds=()),
    Question(kinds=()),
)
