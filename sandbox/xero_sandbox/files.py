"""A file as an answer: bytes and their type instead of JSON."""

from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """What GET of an attachment answers."""

    body: bytes
    content_type: str
