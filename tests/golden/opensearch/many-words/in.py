from undying.finding.question import All, HasTag, Not, Prefix, Question, Words

CLAUSES = 10
ASKED = (
    Question(
        node=All(
            (
                Words(("rain", "moon"), stems=("en:x", "de:x")),
                Not(Words(("night",))),
                Prefix("li"),
                Words(("sea",), field="title"),
                HasTag((1,)),
            )
        ),
        kinds=(),
    ),
)
