"""Run the web server: ready at once, answering as soon as the index is open."""

import uvicorn

from server.settings import Settings


def run(settings: Settings) -> None:
    """Serve until interrupted."""
    from index.encoder import SentenceTransformersEncoder
    from index.searcher import Searcher
    from server.app import create_app

    encoder = SentenceTransformersEncoder(settings.encoder)
    searcher = Searcher.open(settings.index, encoder)
    encoder.encode(["ready"])
    print(f"Footnote answers at http://{settings.host}:{settings.port}/", flush=True)
    try:
        uvicorn.run(create_app(settings, searcher), host=settings.host, port=settings.port, log_level="warning", server_header=False)
    finally:
        searcher.close()
