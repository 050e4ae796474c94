"""Settings come from FOOTNOTE_* variables, and a bad value is named."""

from pathlib import Path

import pytest

from server.settings import CHECKOUT, PREFIX, BadSetting, Settings, read_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)


def test_every_setting_is_explained() -> None:
    """Every setting has a default and a sentence."""
    for field in Settings.model_fields.values():
        assert not field.is_required()
        assert field.description is not None
        assert field.description.endswith(".")


def test_defaults_are_found_from_the_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Corpus and index are found relative to the checkout, not to the folder one happens to be in."""
    monkeypatch.chdir(tmp_path)

    assert read_settings().corpus == CHECKOUT / "corpus"
    assert read_settings().index == CHECKOUT / ".index"


def test_what_is_given_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable replaces a default, and what is given by name replaces both."""
    monkeypatch.setenv("FOOTNOTE_PORT", "9000")
    monkeypatch.setenv("FOOTNOTE_STYLE", "apa")

    settings = read_settings(port=9001, style=None)

    assert (settings.port, settings.style) == (9001, "apa")


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("FOOTNOTE_PORT", "eighty", "valid integer"),
        ("FOOTNOTE_PORT", "70000", "65535"),
        ("FOOTNOTE_WORKERS", "0", "greater than or equal to 1"),
        ("FOOTNOTE_STYLE", "harvard", "'chicago', 'apa', 'mla' or 'nlm'"),
        ("FOOTNOTE_PRIVATE_USE", "perhaps", "valid boolean"),
        ("FOOTNOTE_HOST", "", "at least 1 character"),
    ],
)
def test_bad_value_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: str) -> None:
    """A value that cannot be used is refused with the variable, the value and what was expected."""
    monkeypatch.setenv(variable, value)

    with pytest.raises(BadSetting) as refused:
        read_settings()
    assert variable in str(refused.value)
    assert repr(value) in str(refused.value)
    assert expected in str(refused.value)
