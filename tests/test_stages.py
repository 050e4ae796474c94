"""The stages of an answer are told in the Server-Timing header, and add up."""

import re

from fastapi.testclient import TestClient

from index.searcher import Searcher
from index.stages import measured, stage
from server.app import create_app
from server.settings import Settings

STAGES = [
    "wait", "read", "encode", "question_index", "candidates", "late_interaction", "confidence", "compose", "serialise",
]  # fmt: skip


def timing(header: str) -> dict[str, float]:
    return {name: float(ms) for name, ms in re.findall(r"(\w+);dur=([\d.]+)", header)}


def test_every_stage_is_told_and_all_add_up(toy_searcher: Searcher) -> None:
    """An answer tells the time of each stage once, together no more than the whole took; and a kept one took none."""
    client = TestClient(create_app(Settings(), toy_searcher))
    first = timing(client.get("/ask.json?q=What+fuel+did+the+lamp+burn").headers["server-timing"])
    again = timing(client.get("/ask.json?q=What+fuel+did+the+lamp+burn").headers["server-timing"])

    assert set(first) == {*STAGES, "ask", "total"}
    assert sum(first[name] for name in STAGES) <= first["total"]
    assert set(again) == {"wait", "ask", "serialise", "total"}


def test_nothing_is_measured_unasked(toy_searcher: Searcher) -> None:
    """Without anybody to measure stages pass unnoticed, and measuring ends where it was begun."""
    spent: dict[str, float] = {}
    with measured(spent), stage("inside"):
        pass
    with stage("outside"):
        toy_searcher.ask("What fuel did the lamp burn?")

    assert list(spent) == ["inside"]
