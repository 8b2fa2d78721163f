"""The archivist's page for severing an old name."""

from __future__ import annotations

import pytest

from tests.exchange.test_severing import OLD, SITE, archive  # noqa: F401 - a fixture
from undying.people.models import Pseud

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def test_first_every_place_is_shown_and_then_it_is_done(browser, cast, archive):  # noqa: F811 - the fixture
    desk = browser(cast.ari)
    asked = {"name": OLD, "site": SITE, "new": "M."}
    shown = desk.post("/authors-to-find/sever", {**asked, "act": "look"}).content.decode()
    assert "1 pen name, 1 work, 1 review" in " ".join(shown.split())
    assert "work “Hers”, notes before" in shown
    assert Pseud.objects.filter(name=OLD).exists()
    refused = desk.post("/authors-to-find/sever", {**asked, "new": "", "act": "sever"}).content.decode()
    assert "Say which name" in refused
    done = desk.post(
        "/authors-to-find/sever", {**asked, "act": "sever", "mention": [f"work-{archive[0].pk}-notes_before"]}
    )
    assert done.status_code == 302
    assert not Pseud.objects.filter(name=OLD).exists()
    archive[0].refresh_from_db()
    assert archive[0].notes_before == "<p>Yours, M..</p>"
