"""Two servers on copies of one index behind nginx: whoever answers, the bytes are the same, and one may go."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from index.build import build
from index.query_encoder import StoredEncoder
from tests.conftest import QUESTIONS, ROOT, silent, write_toy_corpus
from tests.ports import free_port
from tests.test_query_encoder import write_stored

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CONFIG = ROOT / "tests/data/nginx.conf"
ASKED = [q["question"] for q in QUESTIONS] + ["Who slept in the barrack?", "zebra"]
DEADLINE_SECONDS = 60

pytestmark = [
    pytest.mark.proxy,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed (on Debian: apt-get install nginx-light)"),
]


@contextmanager
def running(command: list[str | Path], **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program for as long as the test needs it."""
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def read(url: str, *, body: dict[str, object] | None = None, headers: dict[str, str] | None = None) -> bytes:
    sent = json.dumps(body).encode() if body else None
    kind = {"Content-Type": "application/json"} if body else {}
    with urlopen(Request(url, sent, {**kind, **(headers or {})}), timeout=30) as answer:
        content: bytes = answer.read()
        return content


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"{process.args} has ended"
        try:
            read(url)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{url} does not answer")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_corpus(tmp_path_factory.mktemp("proxied") / "corpus")


@pytest.fixture(scope="module")
def index(corpus: Path) -> Path:
    """Return an index that holds its query encoder, so that a server needs nothing else."""

    def store(encoder: object, folder: Path, *, before: Path | None) -> None:
        write_stored(folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.build.store_query_encoder", store)
        build(corpus, corpus.parent / "index", StoredEncoder(write_stored(corpus.parent / "stored")), progress=silent)
    return corpus.parent / "index"


Behind = tuple[str, list[tuple[str, "subprocess.Popen[bytes]"]]]


@pytest.fixture(scope="module")
def behind(corpus: Path, index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    with two_servers(corpus, index, tmp_path_factory.mktemp("behind")) as behind:
        yield behind


@contextmanager
def two_servers(corpus: Path, index: Path, folder: Path) -> Iterator[Behind]:
    """Give the address of nginx, and the address and process of each server behind it."""
    with ExitStack() as stack:
        servers = []
        for number in (1, 2):
            copy = Path(shutil.copytree(index, folder / f"index-{number}"))
            port = free_port()
            options = {"ENCODER": "handmade", "CORPUS": str(corpus), "INDEX": str(copy), "PORT": str(port)}
            command = [sys.executable, "-c", "from server.cli import main; main()", "serve"]
            process = stack.enter_context(running(command, **{f"FOOTNOTE_{name}": v for name, v in options.items()}))
            servers.append((f"http://127.0.0.1:{port}", process))
        for address, process in servers:
            wait_for(f"{address}/ready", process)
        ports = [address.rpartition(":")[2] for address, _ in servers]
        yield stack.enter_context(proxied(ports, folder / "nginx")), servers


@contextmanager
def proxied(ports: list[str], folder: Path) -> Iterator[str]:
    """Run nginx with the configuration that is documented, but for the ports."""
    folder.mkdir()
    folder.chmod(0o755)
    config, port = CONFIG.read_text(encoding="utf-8"), free_port()
    for documented, taken in (("8001", ports[0]), ("8002", ports[1]), ("8080", str(port))):
        assert config.count(f"127.0.0.1:{documented}") == 1
        config = config.replace(f"127.0.0.1:{documented}", f"127.0.0.1:{taken}")
    (folder / "nginx.conf").write_text(config, encoding="utf-8")
    assert NGINX
    command: list[str | Path] = [NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", "stderr", "-g", "daemon off;"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/ready", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)  # the master ends its worker, which a kill would orphan
        process.wait()


def by_get(address: str, question: str) -> bytes:
    return read(f"{address}/ask.json?{urlencode({'q': question})}")


def by_post(address: str, question: str) -> bytes:
    return read(f"{address}/ask.json", body={"question": question})


@pytest.mark.parametrize("ask", [by_get, by_post])
def test_one_server_answers_as_the_other(behind: Behind, ask: Callable[[str, str], bytes]) -> None:
    """Each question has one answer, to the byte, from either server and through the proxy, however often it is asked."""
    proxy, servers = behind
    for question in ASKED:
        direct = {ask(address, question) for address, _ in servers}
        through = {ask(proxy, question) for _ in range(10)}

        assert len(direct) == 1
        assert through == direct


def test_one_server_may_go(corpus: Path, index: Path, tmp_path: Path) -> None:
    """When a server is killed no question fails and no answer changes; the other gives them all."""
    with two_servers(corpus, index, tmp_path) as (proxy, servers):
        before = [ask(proxy, question) for question in ASKED for ask in (by_get, by_post)]
        servers[0][1].kill()
        servers[0][1].wait()
        after = [[ask(proxy, question) for question in ASKED for ask in (by_get, by_post)] for _ in range(5)]

    assert after == [before] * 5


def test_both_servers_answer(behind: Behind) -> None:
    """The proxy asks both servers, not one of them."""
    proxy, servers = behind
    before = [answered(address) for address, _ in servers]
    for _ in range(20):
        by_get(proxy, ASKED[0])
    asked = [answered(address) - count for (address, _), count in zip(servers, before, strict=True)]

    assert sum(asked) == 20
    assert min(asked) > 0


def answered(address: str) -> float:
    lines = read(f"{address}/metrics").decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("footnote_questions_total{"))


def test_forwarded_headers_are_not_believed(behind: Behind) -> None:
    """What a client claims in X-Forwarded headers reaches no page: addresses are those of the Host that was asked."""
    proxy, _ = behind
    claims = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    query = urlencode({"q": ASKED[0]})
    claimed = read(f"{proxy}/ask.jsonld?{query}", headers=claims).decode()

    assert claimed == read(f"{proxy}/ask.jsonld?{query}").decode()
    assert proxy in claimed
    assert "https://127" not in claimed


def test_metrics_stay_inside(behind: Behind) -> None:
    """The proxy tells nobody what is counted; it lets 512 KiB through and no more."""
    proxy, _ = behind
    with pytest.raises(HTTPError) as refused:
        read(f"{proxy}/metrics")
    with pytest.raises(HTTPError) as too_large:
        read(f"{proxy}/ask.json", body={"question": "a" * 540_000})
    statuses = (refused.value.code, too_large.value.code)
    refused.value.close()
    too_large.value.close()

    assert statuses == (403, 413)
