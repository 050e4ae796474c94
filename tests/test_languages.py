import json
import re

import pytest

from index.languages import unread_reason
from tests.conftest import ROOT

SPOKEN = {
    "German": [
        "Was sagt der Artikel über die Beziehungen zwischen Pakistan und Russland?",
        "Wer ist der Autor des Artikels?",
        "Wann besuchte Putin Islamabad?",
        "Wie viele Länder gehören zur Organisation?",
        "wie heisst der leuchtturm im text und warum",
    ],
    "French": [
        "Quels accords militaires ont été signés entre le Pakistan et la Russie ?",
        "Pourquoi l'Inde s'oppose-t-elle à la vente ?",
        "Que dit l'auteur de la Chine ?",
        "quand a eu lieu la visite de lavrov",
    ],
    "Spanish": [
        "¿Qué dice el artículo sobre la relación entre Pakistán y Rusia?",
        "¿Por qué compró Pakistán helicópteros?",
        "quien es el autor del articulo",
    ],
    "Italian": [
        "Perché l'India si oppone alla vendita?",
        "quando è stata firmata la convenzione",
        "Quali accordi sono stati firmati nel 2015?",
    ],
    "Portuguese": [
        "O que diz o artigo sobre a relação entre o Paquistão e a Rússia?",
        "Quem é o autor do artigo?",
        "quando foi assinado o acordo de cooperacao",
    ],
    "Turkish": [
        "Pakistan ile Rusya arasındaki ilişkiler nasıl gelişti?",
        "Makalede hangi anlaşmalardan bahsediliyor?",
        "pakistan neden rusya ile isbirligi yapiyor",
    ],
    "Indonesian": [
        "Apa yang dikatakan artikel ini tentang hubungan Pakistan dan Rusia?",
        "Siapa penulis artikel ini?",
    ],
    "romanised Urdu or Hindi": [
        "Pakistan aur Russia ke taluqat kaise hain?",
        "is mazmoon ka musannif kaun hai",
        "lighthouse kab bana aur kyun",
        "yeh article kis ne likha hai",
    ],
}
WRITTEN = {
    "Cyrillic": ["Каковы отношения между Пакистаном и Россией?", "Что такое SEATO и CENTO?"],
    "Arabic": ["پاکستان اور روس کے تعلقات کیسے ہیں؟", "ما هي العلاقات بين باكستان وروسيا؟"],
    "Devanagari": ["पाकिस्तान और रूस के संबंध कैसे हैं?"],
    "Chinese": ["巴基斯坦和俄罗斯的关系如何？"],
    "Japanese": ["光塔はいつ？", "NATOとは何ですか"],
    "Korean": ["파키스탄과 러시아의 관계는?"],
    "Greek": ["Ποια είναι η σχέση;"],
    "Hebrew": ["מה הקשר?"],
}
ENGLISH = [
    "What does Дружба mean?",
    "What does 上海合作组织 stand for?",
    "Дружба 2016 exercise",
    "Charles de Gaulle visit la Paz",
    "Lashkar e Taiba and Tehrik e Taliban",
    "Der Spiegel and Die Zeit articles",
    "Le Monde article by Alain de Benoist",
    "Mohammed bin Salman al Saud",
    "Dari Pashto languages Afghanistan",
    "Kim Jong Un MIT Wali Khan Sind",
    "what does Jamaat ud Dawa mean for Hafiz Saeed",
    "“Mein Kampf” author Hitler Pakistan",
    "wich presedent recieved him",
    "stratigic partnersip meening plz",
    "druzhba 2016 wer was it",
    "the Taʼif accord of 1989",
    "kya hai ye",
    "ｗｈａｔ　ｉｓ　ｉｔ",
    "x² + y² = z², 42 or µ?",
    "",
]


@pytest.mark.parametrize(("language", "question"), [(name, q) for name, asked in SPOKEN.items() for q in asked])
def test_other_language_is_named(language: str, question: str) -> None:
    """A question in another language than English is not read, and the sentence says which and what would help."""
    assert unread_reason(question) == (
        f"The question is in {language}, which the encoder all-MiniLM-L6-v2 does not read; "
        "a multilingual encoder set by FOOTNOTE_ENCODER would."
    )


@pytest.mark.parametrize(("script", "question"), [(name, q) for name, asked in WRITTEN.items() for q in asked])
def test_other_script_is_named(script: str, question: str) -> None:
    """A question most of whose letters or words are not Latin is not read, and the sentence says which script it is."""
    assert (unread_reason(question) or "").startswith(f"The question is in {script} script, which the encoder")


@pytest.mark.parametrize("question", ENGLISH)
def test_english_is_read(question: str) -> None:
    """Foreign names, one word of another script, misspelt words and very short questions are no other language."""
    assert unread_reason(question) is None


def test_language_that_cannot_be_told_is_not_named() -> None:
    """Where the words fit several languages equally well, none of them is claimed."""
    reason = unread_reason("que acuerdos se firmaron en 2015")

    assert reason is not None
    assert "is in a language other than English, which" in reason


def test_other_encoder_is_not_judged() -> None:
    """Of an encoder other than the default it is not known what it reads, so that nothing is refused."""
    assert unread_reason("Что это?", encoder="paraphrase-multilingual-MiniLM-L12-v2") is None


@pytest.fixture(scope="module")
def indexed() -> list[str]:
    lines = (ROOT / "corpus" / "question_index.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


def test_indexed_questions_are_read(indexed: list[str]) -> None:
    """Of thousands of indexed questions, full of names and misspelt words, none is taken for another language but Urdu."""
    unread = [reason for question in indexed if (reason := unread_reason(question))]

    assert len(unread) < len(indexed) / 200
    assert {reason.split(",")[0] for reason in unread} <= {"The question is in romanised Urdu or Hindi"}


@pytest.mark.parametrize("mistyped", [r"\1\3\2", r"\1\2", r"\1\2\2\3"], ids=["swapped", "dropped", "doubled"])
def test_misspelt_questions_are_read(indexed: list[str], mistyped: str) -> None:
    """A wrong letter in every long word makes no other language of an English question."""
    english = [question for question in indexed if not unread_reason(question) and "kya hai" not in question]
    misspelt = [re.sub(r"\b([A-Za-z]{2})([a-z])([a-z])", mistyped, question) for question in english]

    assert [question for question in misspelt if unread_reason(question)] == []
