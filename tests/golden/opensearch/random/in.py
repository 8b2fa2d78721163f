from undying.finding.question import HasTag, Question, Sort

ASKED = (Question(node=HasTag((1,)), sort=Sort.RANDOM, ascending=True, seed=2**32 + 5, page=2, kinds=()),)
