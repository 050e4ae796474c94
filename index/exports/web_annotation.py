"""Write an answer as W3C Web Annotations (JSON-LD): each passage marks words of a document for one question.

The question is the annotation's body with the purpose `questioning`; what the answer claims, `answered` or
`related`, stands beside it with the purpose `assessing`, so that nobody takes a near passage for an answer.
"""

import json
from dataclasses import asdict
from typing import Any
from urllib.parse import urljoin

from index.domain import Answer, Quotation

CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def to_web_annotations(answer: Answer, *, address: str, base: str) -> str:
    """Return an AnnotationPage with an annotation for each passage, none where the sources do not answer.

    `address` is that of this page on the server, `base` the server's own.
    """
    page = {
        "@context": CONTEXT,
        "id": urljoin(base, address),
        "type": "AnnotationPage",
        "partOf": {
            "id": urljoin(base, address) + "#collection",
            "type": "AnnotationCollection",
            "label": answer.question,
            "total": len(answer.passages),
        },
        "startIndex": 0,
        "items": [_annotation(answer, quotation, address, base) for quotation in answer.passages],
    }
    return json.dumps(page, ensure_ascii=False, indent=1) + "\n"


def _annotation(answer: Answer, quotation: Quotation, address: str, base: str) -> dict[str, Any]:
    target = asdict(quotation.target)
    return {
        "id": f"{urljoin(base, address)}#passage-{quotation.number}",
        "type": "Annotation",
        "motivation": "highlighting",
        "body": [
            _body("questioning", answer.question),
            _body("assessing", answer.status),
            _body("describing", quotation.citation),
        ],
        "target": target | {"source": urljoin(base, target["source"])},
    }


def _body(purpose: str, value: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": purpose, "value": value, "format": "text/plain"}
