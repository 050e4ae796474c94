"""Ask the served article one question and check that the answer stands verbatim where it says."""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request

base = f"http://127.0.0.1:{sys.argv[1]}"
question = "When did Moscow recognise the Taliban government?"


def read(path: str) -> dict:
    with urllib.request.urlopen(base + path, timeout=30) as answer:
        return json.load(answer)


try:
    answer = read("/ask.json?" + urllib.parse.urlencode({"q": question}))
except (urllib.error.URLError, ConnectionError):
    sys.exit("not ready yet")
first = answer["passages"][0]
document = read(f"/documents/{first['document']['id']}.json")
assert document["text"][first["start"] : first["end"]] == first["text"]
assert "2025" in first["text"]
assert first["notes"][0]["references"]
print(answer["status"], first["citation"])
