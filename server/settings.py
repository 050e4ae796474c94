"""Hold the settings: one object, made once, each field with its default and a sentence that explains it."""

import re
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.chroma_server import ChromaAddress
from index.errors import FootnoteError

CHECKOUT = Path(__file__).resolve().parents[1]
PREFIX = "FOOTNOTE_"

_SERVER = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?/?")

Style = Literal["chicago", "apa", "mla", "nlm"]


class BadSetting(FootnoteError):
    """A setting has a value that cannot be used; the message names it, the value and what was expected."""


class Settings(BaseSettings):
    """Everything that can be set, by a FOOTNOTE_* variable or by the command line."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    corpus: Path = Field(CHECKOUT / "corpus", description="The folder with the article, its references and sources.")
    index: Path = Field(CHECKOUT / ".index", description="The folder that `footnote build` writes and `serve` reads.")
    host: str = Field("127.0.0.1", min_length=1, description="The address the server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="The port the server listens on; 0 takes a free one.")
    workers: int = Field(
        1,
        ge=1,
        le=256,
        description="How many processes answer, each with the index opened for itself.",
    )
    encoder: str = Field(
        "all-MiniLM-L6-v2", min_length=1, description="The sentence-transformers name or folder that encodes text."
    )
    style: Style = Field("chicago", description="The citation style where a question does not name one.")
    rate_per_minute: int = Field(
        120, ge=0, description="How many requests a minute one address may make of a process; 0: no limit."
    )
    disk_budget_mb: int | None = Field(
        None,
        ge=0,
        description="The most MB of token states; where passages have more, vectors alone rank. No limit by default.",
    )
    private_use: bool = Field(False, description="Show fetched sources whole; only for yourself, they are not ours.")
    chroma_url: str = Field(
        "",
        description="The Chroma server, http(s)://host:port, that gets the vectors and searches collections above 20,000.",
    )
    chroma_token: SecretStr = Field(SecretStr(""), description="What that server is shown as `x-chroma-token`.")
    chroma_tenant: str = Field("default_tenant", min_length=1, description="The tenant on that server.")
    chroma_database: str = Field("default_database", min_length=1, description="The database of that tenant.")

    @field_validator("chroma_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if url and not _SERVER.fullmatch(url):
            raise ValueError("input should be http:// or https://, a host and where need be a port")
        return url.rstrip("/")

    @property
    def chroma(self) -> ChromaAddress | None:
        """Return the Chroma server that is set, if one is."""
        if not self.chroma_url:
            return None
        return ChromaAddress(self.chroma_url, self.chroma_token.get_secret_value(), self.chroma_tenant, self.chroma_database)


def read_settings(**given: Any) -> Settings:
    """Return the settings from the environment, those given by name first.

    Raises BadSetting, with the variable, its value and what was expected.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        name = str(first["loc"][0]).removeprefix(PREFIX.lower()).upper()
        expected = first["msg"].removeprefix("Value error, ")
        expected = expected[0].lower() + expected[1:]
        raise BadSetting(f"{PREFIX}{name} is {first['input']!r}: {expected}.") from None
