from undying.finding.question import All, Either, HasTag, HasTerm, Not, Question, Term, Words

complete = HasTerm(Term.STATUS, ("complete",))
ASKED = (
    Question(
        node=All(
            (Words(("moon",), "title"), HasTag((1,)), All((complete, Not(HasTag((5,))), Not(Words(("rain",), "text")))))
        ),
        kinds=(),
    ),
    Question(node=Not(Not(HasTag((1,)))), kinds=()),
    Question(node=Not(All((HasTag((1,)), Words(("moon",), "title")))), kinds=()),
    Question(node=Not(Either((HasTag((1,)), HasTag((2,))))), kinds=()),
)
