import pytest

from index.fetching.charsets import decoded

RUSSIAN = "Россия и Пакистан обсудили строительство газопровода, который пройдёт через всю страну с юга на север."

FRENCH = "L’accord signé à Kaboul prévoit que les deux pays s’entendent dès l’été sur le tracé de l’oléoduc, où qu’il mène."


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("Kâbul – “Москва”".encode(), None, "Kâbul – “Москва”"),
        ("Kâbul".encode(), "iso-8859-1", "Kâbul"),
        (FRENCH.encode("cp1252"), "utf-8", FRENCH),
        (f"{RUSSIAN} ".encode() + b"\xff", "cp1252", f"{RUSSIAN} \ufffd"),
        ("“Kâbul”".encode("cp1252"), "iso-8859-1", "“Kâbul”"),
        ("Москва".encode("koi8-r"), "koi8-r", "Москва"),
        ("Kâbul".encode("utf-16"), "utf-8", "Kâbul"),
        ("\ufeffKâbul".encode(), None, "Kâbul"),
        (b"<meta charset=windows-1251>" + "Москва".encode("cp1251"), None, "<meta charset=windows-1251>Москва"),
        ("東京".encode("iso2022_jp"), "iso-2022-jp", "東京"),
        (RUSSIAN.encode("cp1251"), "no-such-charset", RUSSIAN),
        (b"a\0b", None, "ab"),
    ],
    ids="utf8 called-latin1 called-utf8 damaged-utf8 latin1-is-1252 header utf16 mark meta seven-bit unknown nul".split(),
)
def test_bytes_become_the_text_they_are(content: bytes, charset: str | None, text: str) -> None:
    """A wrong header does not spoil a text, and a right one is followed where the bytes do not speak for themselves."""
    assert decoded(content, charset) == text


def test_what_is_no_text_is_decoded_all_the_same() -> None:
    """Bytes in no encoding give a text, if not a fine one."""
    assert isinstance(decoded(bytes(range(256)), "utf-8"), str)
