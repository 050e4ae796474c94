"""Peers of Footnote, each with the hybrid retrieval that its own documentation shows, over the same passages and encoder.

A system is a function from a question to the rows of passages, best first. Each peer is imported on use, so that those
that are not installed can be left out.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from index.searcher import Searcher

Retrieve = Callable[[str], list[int]]
FOUND = 10
"""Passages that each system is asked for."""
CANDIDATES = 50
"""Of each of the two rankings that a peer fuses, as more than are wanted in the end is what all of them advise."""


def offline() -> None:
    """Let no peer download anything or tell anybody that it runs; to be called before one is imported."""
    os.environ |= {
        "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False",
        "ANONYMIZED_TELEMETRY": "False", "LANGCHAIN_TRACING_V2": "false", "TOKENIZERS_PARALLELISM": "false",
    }  # fmt: skip


def footnote(searcher: Searcher) -> Retrieve:
    """Return Footnote itself, the whole answer with late interaction, question index, confidence and citations."""
    rows = {(p.document, p.start, p.end): row for row, p in enumerate(searcher.index.passages)}

    def retrieve(question: str) -> list[int]:
        answer = searcher.ask(question, k=FOUND)
        return [rows[q.document.id, q.start, q.end] for q in answer.passages or answer.nearest]

    return retrieve


def llamaindex(texts: Sequence[str], encoder: Path) -> Retrieve:
    """LlamaIndex: QueryFusionRetriever over a VectorStoreIndex and a BM25Retriever, reciprocal rank fusion."""
    from llama_index.core import VectorStoreIndex
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.schema import TextNode
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.retrievers.bm25 import BM25Retriever

    nodes = [TextNode(text=text, id_=str(row)) for row, text in enumerate(texts)]
    index = VectorStoreIndex(nodes, embed_model=HuggingFaceEmbedding(model_name=str(encoder), device="cpu"))
    by_word = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=CANDIDATES)
    fused = QueryFusionRetriever(
        [index.as_retriever(similarity_top_k=CANDIDATES), by_word],
        llm=MockLLM(), num_queries=1, mode="reciprocal_rerank", similarity_top_k=FOUND, use_async=False,
    )  # fmt: skip
    return lambda question: [int(found.node.node_id) for found in fused.retrieve(question)]


def langchain(texts: Sequence[str], encoder: Path) -> Retrieve:
    """LangChain: EnsembleRetriever (reciprocal rank fusion) over Chroma and a BM25Retriever."""
    from langchain_chroma import Chroma
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings

    documents = [Document(text, metadata={"row": row}) for row, text in enumerate(texts)]
    embeddings = HuggingFaceEmbeddings(model_name=str(encoder), encode_kwargs={"normalize_embeddings": True})
    store = Chroma.from_documents(documents, embeddings, collection_metadata={"hnsw:space": "cosine"})
    by_word = BM25Retriever.from_documents(documents, k=CANDIDATES)
    by_vector = store.as_retriever(search_kwargs={"k": CANDIDATES})
    fused = EnsembleRetriever(retrievers=[by_word, by_vector], weights=[0.5, 0.5], id_key="row")
    return lambda question: [found.metadata["row"] for found in fused.invoke(question)][:FOUND]


def haystack(texts: Sequence[str], encoder: Path) -> Retrieve:
    """Haystack: a pipeline of embedding and BM25 retrievers and a DocumentJoiner, reciprocal rank fusion."""
    from haystack import Document, Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    quiet: dict[str, Any] = {"model": str(encoder), "progress_bar": False}
    embedder = SentenceTransformersDocumentEmbedder(**quiet)
    embedder.warm_up()
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(embedder.run([Document(content=t, meta={"row": row}) for row, t in enumerate(texts)])["documents"])
    pipeline = Pipeline()
    pipeline.add_component("embedder", SentenceTransformersTextEmbedder(**quiet))
    pipeline.add_component("by_vector", InMemoryEmbeddingRetriever(store, top_k=CANDIDATES))
    pipeline.add_component("by_word", InMemoryBM25Retriever(store, top_k=CANDIDATES))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=FOUND))
    pipeline.connect("embedder.embedding", "by_vector.query_embedding")
    pipeline.connect("by_vector", "joiner")
    pipeline.connect("by_word", "joiner")

    def retrieve(question: str) -> list[int]:
        found = pipeline.run({"embedder": {"text": question}, "by_word": {"query": question}})
        return [document.meta["row"] for document in found["joiner"]["documents"]]

    return retrieve


def txtai(texts: Sequence[str], encoder: Path) -> Retrieve:
    """Return txtai: Embeddings with `hybrid`, its own weighting of BM25 and vectors."""
    from txtai import Embeddings

    embeddings = Embeddings(path=str(encoder), method="sentence-transformers", hybrid=True, gpu=False)
    embeddings.index((row, text, None) for row, text in enumerate(texts))
    return lambda question: [int(row) for row, _ in embeddings.search(question, FOUND)]


def chroma(texts: Sequence[str], encoder: Path) -> Retrieve:
    """Return Chroma alone, as it is by default: dense search by its own export of the same network."""
    import chromadb
    from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

    if not (ONNXMiniLM_L6_V2.DOWNLOAD_PATH / ONNXMiniLM_L6_V2.EXTRACTED_FOLDER_NAME / "model.onnx").is_file():
        raise ModuleNotFoundError("its weights are not here", name="all-MiniLM-L6-v2 as Chroma downloads it")
    collection = chromadb.EphemeralClient().create_collection("passages", embedding_function=ONNXMiniLM_L6_V2())
    collection.add(ids=[str(row) for row in range(len(texts))], documents=list(texts))
    return lambda question: [int(id) for id in collection.query(query_texts=[question], n_results=FOUND)["ids"][0]]


PEERS = {"LlamaIndex": llamaindex, "LangChain": langchain, "Haystack": haystack, "txtai": txtai, "Chroma": chroma}


def open_peers(texts: Sequence[str], encoder: Path, wanted: Sequence[str]) -> Iterator[tuple[str, Retrieve]]:
    """Yield the peers that are installed, and say of the others what they lack."""
    for name in wanted:
        try:
            yield name, PEERS[name](texts, encoder)
        except ModuleNotFoundError as error:
            print(f"{name} is left out: {error.name} is not installed.")
