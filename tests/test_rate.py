"""One address has its share of requests a minute, and is told when the next one is answered."""

import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.problems import MEDIA_TYPE
from server.rate import client_key
from server.settings import Settings
from tests.fakes import FakeSearcher, fake_corpus
from tests.markup import Markup

SHARE = 3
BROWSER = {"accept": "text/html"}


@pytest.fixture
def client() -> TestClient:
    return TestClient(limited(SHARE), client=("192.0.2.1", 40000))


def limited(per_minute: int):  # type: ignore[no-untyped-def]
    return create_app(Settings(rate_per_minute=per_minute), FakeSearcher(fake_corpus()))


def test_more_than_the_share_is_refused_with_when_to_come_back(client: TestClient) -> None:
    """The share is answered; what comes after it gets 429, a problem body, and how long to wait, within the minute."""
    answered = [client.get("/ask.json?q=helicopters").status_code for _ in range(SHARE)]
    refused = client.get("/ask.json?q=helicopters")

    assert answered == [200] * SHARE
    assert refused.status_code == 429
    assert refused.headers["content-type"] == MEDIA_TYPE
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["retry-after"] in refused.json()["detail"]
    assert "content-security-policy" in refused.headers
    assert refused.headers["cache-control"] == "no-store"


def test_browser_gets_a_page_that_leads_on(client: TestClient) -> None:
    """A person reads how long to wait, and has a link to the same address; the page does not knock by itself."""
    for _ in range(SHARE):
        client.get("/sources")
    refused = client.get("/ask?q=helicopters", headers=BROWSER)
    page = Markup(refused.text)

    assert refused.status_code == 429
    assert refused.headers["retry-after"] in page.named("h1")[0].text
    assert "" in page.links()
    assert "http-equiv" not in refused.text


def test_window_moves(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute after the first request the next one is answered."""
    import time

    now = time.time()
    for _ in range(SHARE + 1):
        refused = client.get("/sources.json")
    monkeypatch.setattr("time.time", lambda: now + 61)

    assert refused.status_code == 429
    assert client.get("/sources.json").status_code == 200


def test_health_and_static_files_are_not_counted(client: TestClient) -> None:
    """Who watches the server, and what a page is made of, takes nothing of the share."""
    icon = client.app.state.assets.address("icon.svg")  # type: ignore[attr-defined]
    for path in ("/health", "/ready", icon, "/favicon.ico"):
        assert [client.get(path).status_code for _ in range(SHARE + 1)] == [200] * (SHARE + 1)

    assert client.get("/sources.json").status_code == 200


def test_forwarded_addresses_are_not_believed(client: TestClient) -> None:
    """Who writes another address into a header is still himself."""
    codes = [client.get("/sources.json", headers={"x-forwarded-for": f"198.51.100.{n}"}).status_code for n in range(SHARE + 1)]

    assert codes[-1] == 429


def test_others_are_served() -> None:
    """One address's haste is no other address's wait."""
    app = limited(SHARE)
    hasty, other = (TestClient(app, client=(host, 40000)) for host in ("192.0.2.1", "192.0.2.2"))
    codes = [hasty.get("/sources.json").status_code for _ in range(SHARE + 1)]

    assert codes[-1] == 429
    assert other.get("/sources.json").status_code == 200


def test_nought_is_no_limit() -> None:
    """With the setting at 0 nobody is refused."""
    client = TestClient(limited(0), client=("192.0.2.1", 40000))

    assert {client.get("/sources.json").status_code for _ in range(SHARE * 3)} == {200}


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", None),
    ],
)
def test_key_is_the_address_or_its_network(host: str, key: str | None) -> None:
    """An IPv6 customer has one share for all addresses; who does not come over a network is not counted."""
    assert client_key({"client": (host, 1)}) == key
    assert client_key({"client": None}) is None
