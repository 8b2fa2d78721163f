from undying.finding.question import HasTag, Question

ASKED = (
    Question(node=HasTag((1,)), kinds=()),
    Question(node=HasTag((3, 2**62), direct=True), kinds=()),
    Question(node=HasTag(()), kinds=()),
)
