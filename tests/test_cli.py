import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import TypeAdapter

from index.calibration import Calibration
from index.domain import Answer
from index.evaluation.comparison import read_evaluation
from index.explanation import NOTICE
from server.cli import app, main
from server.settings import Settings
from tests.conftest import ARTICLE, QUESTIONS, ROOT, ToyEncoder

BUILDING = "When did they start to build?"
GRANITE = "Forty masons cut granite on the island of Tarra"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch, toy_corpus: Path, built: Path, tmp_path: Path) -> None:
    """Let every command find the toy corpus and its index, and encode by the toy encoder, in a folder of its own."""

    def open_toy(name: str) -> ToyEncoder:
        encoder = ToyEncoder()
        encoder.name = name
        return encoder

    monkeypatch.setattr("index.encoder.open_encoder", open_toy)
    for name, value in (("ENCODER", "toy"), ("CORPUS", toy_corpus), ("INDEX", built)):
        monkeypatch.setenv(f"FOOTNOTE_{name}", str(value))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command line and returns its exit code, standard output and standard error."""

    def run_command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["footnote", *arguments])
        with pytest.raises(SystemExit) as exit:
            main()
        return exit.value.code or 0, *capsys.readouterr()

    return run_command


def commands(group: Any, *names: str) -> Iterator[tuple[str, ...]]:
    yield names
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, *names, name)


COMMANDS = [pytest.param(names, id=" ".join(names) or "footnote") for names in commands(typer.main.get_command(app))]


def question(number: int, words: str, quote: str | None) -> dict[str, Any]:
    """Return an entry of a question set."""
    answers = [{"quote": quote}] if quote else []
    entry = {"id": f"q{number}", "question": words, "kind": "fact", "split": "dev", "origin": "close", "answers": answers}
    return {**entry, "answerable": "yes" if quote else "no"}


def write_lines(path: Path, entries: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")


@pytest.fixture
def question_set(toy_corpus: Path) -> Path:
    """Write eight questions, each of which asks for one sentence and has another for gold, and eight without an answer."""
    asked = "Whale oil burned in four wicks"
    path = toy_corpus / "questions.jsonl"
    wrong = [question(n, f"{asked} {n}", "Forty masons cut granite on the island") for n in range(8)]
    write_lines(path, wrong + [question(n, f"zebra {n}?", None) for n in range(8, 16)])
    return path


@pytest.mark.parametrize("names", COMMANDS)
def test_every_command_explains_itself(run: Run, names: tuple[str, ...]) -> None:
    """`--help` says what a command does and what each of its options is for, and exits 0."""
    code, out, err = run(*names, "--help")
    options = [line.split() for line in out.splitlines() if line.startswith("  -")]

    assert (code, err) == (0, "")
    assert out.startswith("Usage: ")
    assert options
    assert all(len(words) > 1 for words in options)


@pytest.mark.parametrize("names", [(), ("questions",)])
def test_nothing_asked_shows_the_commands(run: Run, names: tuple[str, ...]) -> None:
    """Without a command the help is shown, as for any mistake on standard error with exit code 2."""
    code, out, err = run(*names)

    assert (code, out) == (2, "")
    assert err.startswith("Usage: ")
    assert "Commands:" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("ask Why? --index nowhere", r"there is no index in nowhere; run 'footnote build'."),
        ("evaluate --index nowhere", r"there is no index in nowhere; run 'footnote build'."),
        ("build --corpus nowhere", "nowhere: there is no such folder; name a corpus folder with --corpus."),
        ("questions check --corpus nowhere", "nowhere: there is no such folder; name a corpus folder with --corpus."),
        ("questions coverage --corpus nowhere", "nowhere: there is no such folder; name a corpus folder with --corpus."),
        ("import nowhere.txt", "nowhere.txt: there is no such file."),
        ("sources --index nowhere", "there is no index in nowhere; run 'footnote build'."),
        ("sources 9", "There is no source 9."),
        ("sources 1 --article other", "There is no source 1 in other."),
        ("sources first", "Invalid value for 'number': "),
        ("verify --index nowhere", "there is no index in nowhere; run 'footnote build'."),
        ("verify nowhere.json", "nowhere.json: there is no such file."),
        ("verify corpus/article.md", "article.md: not an answer of /ask.json: "),
        (
            "evaluate --questions nowhere.jsonl",
            "nowhere.jsonl: there is no such file; a question set is one JSON object a line.",
        ),
        (
            "questions check --questions nowhere.jsonl",
            "nowhere.jsonl: there is no such file; a question set is one JSON object a line.",
        ),
        ("evaluate --baseline nowhere.json", "nowhere.json: no such file; make a baseline with 'footnote evaluate --json'."),
        ("evaluate --baseline corpus/article.md", "corpus/article.md: not an evaluation of this version (the whole: "),
        ("evaluate --ways late,later", "--ways: there is no way 'later'; the ways are bm25, dense, fused, late, full."),
        ("evaluate --split half", "Invalid value for '--split': "),
        ("ask Why? --style harvard", "FOOTNOTE_STYLE is 'harvard': input should be 'chicago', 'apa', 'mla' or 'nlm'."),
        ("ask Why? -k 0", "Invalid value for '-k': Input should be greater than or equal to 1."),
        ("ask Why? -k 21", "Invalid value for '-k': Input should be less than or equal to 20."),
        ("ask Why? -k many", "Invalid value for '-k': "),
        ("ask ?", "The question has no word in it; type a question."),
        ("ask Why? --format doc", "Invalid value for '--format': "),
        ("ask Why? --format bib --json", "Invalid value for '--format': it goes with neither --json nor --explain."),
        ("ask", "Missing argument 'question'."),
        ("ask Why? --loud", "No such option: --loud."),
        ("answer Why?", "No such command 'answer'."),
        ("serve --port 70000", "FOOTNOTE_PORT is 70000: input should be less than or equal to 65535."),
        ("serve --corpus nowhere", "nowhere: there is no such folder; name a corpus folder with --corpus."),
        ("import corpus/article.md -o corpus/article.md/a.md", "corpus/article.md: File exists."),
    ],
)
def test_mistake_is_said_in_one_sentence(run: Run, arguments: str, message: str) -> None:
    """A user's mistake is one line on standard error that says what was wrong, and exit code 2."""
    code, out, err = run(*arguments.split())

    assert (code, out) == (2, "")
    assert err.strip().startswith(f"footnote: {message}")
    assert err.strip().endswith(".")
    assert len(err.strip().splitlines()) == 1


def test_stale_index_is_not_asked(run: Run, toy_corpus: Path) -> None:
    """Where the corpus has changed since, the command that mends it is named."""
    (toy_corpus / "article.md").write_text(ARTICLE + "\nA new sentence.\n", encoding="utf-8")

    assert run("ask", BUILDING) == (
        2, "", f"footnote: the corpus in {toy_corpus} has changed since the index was built; run 'footnote build'.\n",
    )  # fmt: skip


def test_index_of_another_encoder_is_not_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another encoder is set than the index was made with, both are named."""
    monkeypatch.setenv("FOOTNOTE_ENCODER", "other")
    code, _, err = run("ask", BUILDING)

    assert code == 2
    assert "the index was made with the encoder toy, not other" in err


def test_interruption_is_no_mistake(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a command with the shell's own exit code and without a traceback."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("server.commands.printing.answer_lines", interrupt)

    assert run("ask", BUILDING) == (130, "", "")


def test_building_twice_builds_once(run: Run, toy_corpus: Path, tmp_path: Path) -> None:
    """`build` makes an index where there is none, leaves one that is up to date, and says which of both."""
    first, second = (run("build", "--index", "new") for _ in range(2))
    as_json = json.loads(run("build", "--index", "new", "--json")[1])

    assert first[0] == second[0] == 0
    assert "texts encoded. It is in new." in first[1]
    assert second[1].endswith(f"is up to date: {as_json['passages']} passages.\n")
    assert (as_json["changed"], as_json["encoded"], as_json["questions"]) == (False, 0, len(QUESTIONS))


def test_answer_is_printed_with_its_footnotes(run: Run) -> None:
    """`ask` prints passages with marked words, whose words they are, where they stand, and the notes in them."""
    code, out, err = run("ask", "What did the engineer write about the sea?")

    assert (code, err) == (0, "")
    assert "»He wrote in his diary:" in out
    assert "   — the author. Ada Stone, “The Lighthouse on Corran Rock,” n.d., “The building,” para. 2." in out
    assert "/documents/article?start=283&end=347#hl" in out
    assert "Nobody speaks until dawn.”[^2]" in out
    assert "\n  [^2] Diary of an Engineer (n.d.), https://example.org/diary. (not obtained)" in out


def test_what_makes_an_answer_less_sure_is_printed(run: Run, toy_corpus: Path) -> None:
    """`ask` prints what the answer had to do without."""
    (toy_corpus / "question_index.jsonl").unlink()
    run("build")
    code, out, _ = run("ask", BUILDING)

    assert code == 0
    assert "no index of questions" in out.splitlines()[1]


def test_answer_is_printed_as_json(run: Run) -> None:
    """`ask --json` prints the answer as the server gives it, with the options taken into account."""
    code, out, _ = run("ask", "And who lit it?", "--previous", "Who lit the lamp?", "-k", "1", "--style", "apa", "--json")
    answer = TypeAdapter(Answer).validate_json(out)
    typed = json.loads(run("ask", "And who lit it?", "--previous", "Who lit the lamp?", "--as-typed", "--json")[1])

    assert code == 0
    assert answer.searched == "Who lit the lamp? And who lit it?"
    assert len(answer.passages or answer.nearest) == 1
    assert "(n.d.)" in (answer.passages or answer.nearest)[0].citation
    assert typed["searched"] == "And who lit it?"


@pytest.mark.parametrize(
    ("form", "start"), [("md", "# When did"), ("bib", "@"), ("ris", "TY  - "), ("csl", "[\n"), ("jsonld", "{\n")]
)
def test_answer_is_printed_in_any_form(run: Run, form: str, start: str) -> None:
    """An answer is printed as the server would send it, and nothing with it."""
    code, out, err = run("ask", "When did they start to build?", "--format", form)

    assert (code, err) == (0, "")
    assert out.startswith(start)
    assert "Stone" in out


def test_explanation_stands_apart_from_the_answer(run: Run) -> None:
    """`ask --explain` prints the same answer, the parts of its scores in it, and below, labelled, how it came about."""
    plain, explained = run("ask", BUILDING)[1], run("ask", BUILDING, "--explain")[1]
    answer, explanation = explained.split(NOTICE)

    assert explained.count("   score ") == plain.count("/documents/")
    assert NOTICE not in plain
    assert "question_index" in answer
    assert BUILDING not in answer
    assert f"1.000 {BUILDING} (fact)" in explanation
    assert "Nearest gaps, known not to be answered:" in explanation
    assert "intercept" in explanation
    assert [line for line in plain.splitlines() if line.strip()] == [
        line for line in answer.splitlines() if line.strip() and line not in scores(answer)
    ]


def scores(answer: str) -> list[str]:
    """Return the lines that hold the parts of a score, which may be broken."""
    lines = answer.splitlines()
    first = [at for at, line in enumerate(lines) if line.startswith("   score ")]
    return [line for at in first for line in lines[at : at + 3] if line.strip() and not line.strip()[0].isdecimal()]


def test_explanation_is_beside_the_answer_in_json(run: Run) -> None:
    """`ask --explain --json` leaves the answer as it is and puts the explanation beside it."""
    plain, both = (json.loads(run("ask", BUILDING, "--json", *options)[1]) for options in ((), ("--explain",)))

    assert both.keys() == {"answer", "explanation"}
    assert both["answer"] == plain
    assert both["explanation"]["notice"] == NOTICE
    assert both["explanation"]["answered"][0]["question"] == BUILDING


def test_serving_takes_its_options(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`serve` runs with what is given, and with the settings for all else."""
    served: list[Settings] = []
    monkeypatch.setattr("server.running.run", served.append)

    assert run("serve", "--port", "0", "--host", "::1")[0] == 0
    assert (served[0].port, served[0].host, served[0].encoder) == (0, "::1", "toy")


def test_imported_article_is_printed_or_written(run: Run, tmp_path: Path) -> None:
    """`import` prints the Markdown, or writes the same into a file, whose folder it makes."""
    source = str(ROOT / "tests" / "data" / "article.txt")
    printed = run("import", source, "--license", "L")
    written = run("import", source, "--license", "L", "-o", "my/new/made.md")

    assert printed[0] == written[0] == 0
    assert printed[1].startswith("---\n")
    assert (tmp_path / "my" / "new" / "made.md").read_text(encoding="utf-8") == printed[1]


def test_evaluation_is_printed_and_saved(run: Run, question_set: Path, tmp_path: Path) -> None:
    """`evaluate` prints tables, or JSON that can be a baseline, and writes the files that are asked for."""
    code, out, _ = run("evaluate", "--report", "report.html", "--run", "made.trec")
    (tmp_path / "saved.json").write_text(run("evaluate", "--json")[1], encoding="utf-8")

    assert code == 0
    assert "Success@1" in out
    assert "<svg" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert (tmp_path / "made.trec").read_text(encoding="utf-8").startswith("q0 Q0 ")
    assert (tmp_path / "made.qrels").is_file()
    assert len(read_evaluation(tmp_path / "saved.json").outcomes) == 16


def test_ways_stand_side_by_side(run: Run, question_set: Path) -> None:
    """`evaluate --ways` measures each way that is named."""
    code, out, _ = run("evaluate", "--ways", "bm25, late", "--json")

    assert code == 0
    assert [evaluation["system"] for evaluation in json.loads(out)["evaluations"]] == ["bm25", "late"]


def test_fit_is_written_where_the_next_build_takes_it_up(run: Run, question_set: Path, toy_corpus: Path) -> None:
    """`evaluate --fit` writes the corpus's calibration and says where, as JSON too; the index is built anew with it."""
    written = toy_corpus / "calibration.json"
    said, taken_up, as_json = run("evaluate", "--fit"), run("build"), run("evaluate", "--fit", "--json")

    assert said[:2] == (0, f"Wrote {written}; run 'footnote build' to take it up.\n")
    assert (taken_up[0], as_json[0]) == (0, 0)
    assert json.loads(as_json[1]) == {"calibration": str(written)}
    assert Calibration.read(written).with_question_index.made["answerable"] == 8


@pytest.mark.parametrize(("before", "expected"), [(1.0, 1), (0.0, 0)])
def test_significant_loss_is_exit_code_one(run: Run, question_set: Path, tmp_path: Path, before: float, expected: int) -> None:
    """Against a baseline that found what is no longer found `evaluate` exits 1, against an equal one 0."""
    saved = json.loads(run("evaluate", "--json")[1])
    for outcome in saved["outcomes"]:
        outcome["measures"] |= dict.fromkeys(outcome["measures"], before) if before else {}
    (tmp_path / "before.json").write_text(json.dumps(saved), encoding="utf-8")

    assert run("evaluate", "--baseline", "before.json")[0] == expected


def test_sound_question_index_is_exit_code_zero(run: Run) -> None:
    """`questions check` counts and finds nothing in a sound question index."""
    assert run("questions", "check")[:2] == (
        0, "4 questions (3 answered, 1 gaps) beside 0 of the evaluation set: nothing wrong.\n",
    )  # fmt: skip


def test_problems_are_exit_code_one(run: Run, toy_corpus: Path) -> None:
    """`questions check` lists every problem, of the evaluation set too, and exits 1; `--json` says the same."""
    write_lines(toy_corpus / "question_index.jsonl", [*QUESTIONS, {"question": BUILDING.upper(), "kind": "gap"}])
    write_lines(toy_corpus / "questions.jsonl", [question(1, QUESTIONS[2]["question"], "Whale oil burned")])
    code, out, _ = run("questions", "check", "--by-words")
    as_json = run("questions", "check", "--json")

    assert code == as_json[0] == 1
    assert [line.split(": ")[0] for line in out.splitlines()[:2]] == ["question_index.jsonl:3", "question_index.jsonl:5"]
    assert out.splitlines()[2].endswith("beside 1 of the evaluation set: 2 wrong; compared by words alone.")
    assert [p["kind"] for p in json.loads(as_json[1])["problems"]] == ["overlap", "contradiction"]


def test_unreached_sentences_are_listed(run: Run) -> None:
    """`questions coverage` lists the sentences that no question reaches and counts; `--json` says the same."""
    code, out, err = run("questions", "coverage")
    as_json = json.loads(run("questions", "coverage", "--json")[1])

    assert (code, err) == (0, "")
    assert f"article, paragraph 1: {GRANITE}" in out
    assert len(out.splitlines()) == len(as_json["unreached"]) + 1
    assert out.splitlines()[-1] == f"4 of {as_json['sentences']} sentences are reached ({as_json['share']:.1%})."


def test_corpus_without_a_question_index_says_so(run: Run, toy_corpus: Path) -> None:
    """There is nothing to check or to cover without a question index."""
    (toy_corpus / "question_index.jsonl").unlink()

    for command in ("check", "coverage"):
        code, _, err = run("questions", command)
        assert code == 2
        assert "question_index.jsonl: there is no such file" in err


def test_sources_lists_the_ledger(run: Run) -> None:
    """`sources` prints each source's citation and standing and counts those that are held; `--json` is the JSON twin."""
    code, out, err = run("sources")

    assert (code, err) == (0, "")
    assert "1. A. Reed, Towers of the North" in out
    assert "Page read by the editors" in out
    assert out.endswith("0 of 3 sources are held.\n")
    assert [s["number"] for s in json.loads(run("sources", "--json")[1])["sources"]] == [1, 2, 3]


def test_sources_shows_the_trail_of_one(run: Run, toy_corpus: Path) -> None:
    """`sources N` shows the sentence that cites it beside what the held source says, and whose words each are."""
    (toy_corpus / "sources").mkdir()
    words = "Work on the tower began in the summer of 1838."
    (toy_corpus / "sources" / "1.md").write_text(f"---\ntitle: Towers\n---\n\n{words}\n", encoding="utf-8")
    assert run("sources")[0] == 2
    run("build")

    code, out, err = run("sources", "1")
    assert (code, err) == (0, "")
    assert f"Cited at: {words}" in out
    assert "Close in the source" in out
    assert "Editors’ words: Reed visited every tower himself." in out
    assert json.loads(run("sources", "1", "--json")[1])["passages"][0]["text"] == words


def test_verify_says_what_no_longer_stands(run: Run, toy_corpus: Path) -> None:
    """`verify` exits 0 where every quotation stands; a changed corpus is told quotation by quotation, exit 1."""
    code, out, err = run("verify")
    assert (code, err) == (0, "")
    assert out.endswith("quotations stand word for word.\n")
    Path("answer.json").write_text(run("ask", BUILDING, "--json")[1], encoding="utf-8")

    (toy_corpus / "article.md").write_text(ARTICLE.replace("Forty", "Fifty"), encoding="utf-8")
    for arguments in ("verify",), ("verify", "answer.json"):
        code, out, err = run(*arguments)
        assert (code, err) == (1, "")
        assert "the document has changed; its words are gone: “Work on the tower" in out
    assert json.loads(run("verify", "--json")[1])["failed"][0]["state"] == "lost"
