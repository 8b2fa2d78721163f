from undying.finding.question import HasTerm, Question, Term

ASKED = (
    Question(node=HasTerm(Term.STATUS, ("complete", "abandoned")), kinds=()),
    Question(node=HasTerm(Term.LANGUAGE, ("en-GB",)), kinds=()),
    Question(node=HasTerm(Term.CREATOR, ("21", "22")), kinds=()),
    Question(node=HasTerm(Term.SERIES, ("31",)), kinds=()),
    Question(node=HasTerm(Term.PLACEMENT, ("season=4|after|",)), kinds=()),
    Question(node=HasTerm(Term.CROSSOVER, ("T",)), kinds=()),
)
