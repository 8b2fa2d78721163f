from undying.finding.question import All, Either, HasTag, Not, Question, Words

ASKED = (
    Question(node=Either((Words(("moon",), "title"), HasTag((1,)), Not(HasTag((2,))))), kinds=()),
    Question(node=All((Either((HasTag((1,)), HasTag((2,)))), Words(("moon",), "title"))), kinds=()),
    Question(node=Either((HasTag((1,)),)), kinds=()),
)
