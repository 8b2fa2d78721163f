from undying.finding.document import Document
from undying.manuscript import Audience, Divergence, Placement, PlacementRelation, State, TagKind

DOCUMENT = Document(
    work_id=7,
    title="The Lighthouse",
    creators=("Ada", "quiet_tide"),
    summary="A café by the sea, running.",
    text="Rain. Don’t look — 夜の吸血鬼が来た.",
    tags=((TagKind.FANDOM, 1, "Dracula"), (TagKind.CHARACTER, 300, "Mina Harker")),
    ancestors=((TagKind.FANDOM, 10),),
    synonyms=("Wilhelmina Murray",),
    language="en-GB",
    status="complete",
    words=7,
    revised=1_000_000,
    published=-5,
    placements=(
        Placement(
            relation=PlacementRelation.AFTER,
            part="4",
            part_to="",
            episodes=("Wild at Heart",),
            divergence=Divergence.UNSAID,
            words="after season 4",
        ),
    ),
    audience=Audience.MEMBERS,
    state=State.POSTED,
    is_hidden=False,
    owners=(7, 8),
    creator_ids=(21, 22),
    series=(31,),
    chapters=2,
    kudos=3,
    comments=2,
    bookmarks=1,
    hits=20,
)
