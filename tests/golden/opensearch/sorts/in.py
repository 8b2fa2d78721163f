from undying.finding.question import Question, Sort

ASKED = tuple(Question(sort=sort, ascending=up, seed=5, kinds=()) for sort in Sort for up in (False, True))
