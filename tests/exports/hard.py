"""Works whose names, titles and addresses a careless writer spoils."""

from typing import Any

from index.exports.works import Work

TITLES = (
    "R&D at 100 %, for $5 in C#: under_score ~ tilde ^ caret \\ backslash",
    "{Braces} in {{a title}} and one { alone",
    "A closing } alone",
    "“Curly” – \"straight\" and 'single' — it's O'Neill's",
    "'Quoted'",
    "Ends in a backslash \\",
    "two -- hyphens, three --- and ``old'' quotes ?` !` ,, ''",
    "@article{not-an-entry, title = {x}}",
    "A sign @ {ICAO} and user@ICAO.int",
    "50% of % signs",
    "\\textbf{not bold} and $x_1^2$ & \\{",
    "<Less> than | more",
    "ER  - and TY  - JOUR in a title",
    "Ça, un œuvre à Łódź: naïve Ångström",
    "中国与巴基斯坦的关系",
    "العلاقات بين باكستان وروسيا",
    "a, comma = equals; semicolon and and",
    'Ends in quotes "',
    "iPhone and eBay",
    "[Archived page]",
)
NAMES: tuple[list[dict[str, Any]], ...] = (
    [{"family": "O'Neill", "given": "Tip"}, {"family": "García Márquez", "given": "Gabriel José"}],
    [{"family": "Berg", "given": "Anna", "non-dropping-particle": "van der"}],
    [{"family": "Humboldt", "given": "Alexander", "dropping-particle": "von"}],
    [{"family": "King", "given": "Martin Luther", "suffix": "Jr."}],
    [{"literal": "Sound and Fury, Inc."}, {"family": "李", "given": "明"}],
    [{"literal": "Barnes & Noble and Sons"}],
    [{"family": "Żółć", "given": "Zażółć"}],
    [{"family": "Smith and Wesson", "given": "A."}],
    [{"family": "خان", "given": "محمد"}],
    [{"family": "Under_score", "given": "J. {K.}"}],
)
URLS = (
    "https://example.org/a_b?c=d&e=100%25#f~g",
    "https://example.org/%7Euser/x;y=1,2",
    "https://example.org/ü/Łódź",
)
DOIS = ("10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O", "10.1000/under_score", "10.37540/njips.v8i1.188")


def hard_works() -> list[Work]:
    """Return a work for each hard title, the hard names, addresses and DOIs spread over them."""
    return [
        Work(f"work-{at}", {
            "type": ("book", "article-journal", "webpage", "chapter")[at % 4], "title": title,
            "author": NAMES[at % len(NAMES)], "issued": {"date-parts": [[1999, 2, 3][: 1 + at % 3]]},
            "URL": URLS[at % len(URLS)], "DOI": DOIS[at % len(DOIS)],
        })
        for at, title in enumerate(TITLES)
    ]  # fmt: skip
