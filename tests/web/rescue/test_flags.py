"""The archivist's page of what to look at."""

from __future__ import annotations

import pytest

from tests.exchange.test_flags import EMAIL, batch, texts, with_addresses  # noqa: F401 - a fixture
from undying.exchange.private import Flag

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def test_each_place_is_shown_with_its_words_and_decided_one_by_one_or_all(browser, cast, batch):  # noqa: F811 - the fixture
    work = with_addresses(batch)
    desk = browser(cast.ari)
    told = desk.get(f"/imports/{batch.pk}/flags").content.decode()
    assert f"Send it to <strong>{EMAIL}</strong>" in told.replace("\n", " ") or f"<strong>{EMAIL}</strong>" in told
    assert "To look at" in desk.get(f"/imports/{batch.pk}").content.decode()
    one = Flag.objects.get(place="review")
    desk.post(f"/imports/{batch.pk}/flags", {f"flag-{one.pk}": "mask", "flag-999": "mask", "flag-x": "mask"})
    assert "lucy@mail.example" not in texts(work)
    assert EMAIL in texts(work)
    desk.post(f"/imports/{batch.pk}/flags", {"kind": "address", "all": "mask"})
    assert EMAIL not in texts(work)
    assert "Nothing of this kind." in desk.get(f"/imports/{batch.pk}/flags?kind=wish").content.decode()
    assert desk.post(f"/imports/{batch.pk}/flags", {f"flag-{one.pk}": "burn"}).status_code == 400
