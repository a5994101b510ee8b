"""Lines of a file that belongs to somebody else: bytes, each with the line end it came with.

REAPER's settings may hold any encoding and either line end. Nothing is decoded, and what is not ours is not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engines.errors import UnreadableFile

UTF8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Lines:
    """A file as lines that can be put in and taken out again without a trace."""

    mark: bytes
    """The byte-order mark in front, or nothing."""
    lines: tuple[bytes, ...]
    """Every line with its end; only the last may lack one."""
    end: bytes
    """The line end this file uses."""

    @classmethod
    def of(cls, data: bytes, name: str, spare_end: bytes = b"\n") -> Lines:
        """Take a file apart. `spare_end` is for a file that shows no line end of its own."""
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise UnreadableFile(
                f"{name} is UTF-16 text, which REAPER does not write.", "Save it as UTF-8, or rename it, and try again."
            )
        mark = UTF8_MARK if data.startswith(UTF8_MARK) else b""
        parts = data[len(mark) :].split(b"\n")
        lines = tuple(part + b"\n" for part in parts[:-1]) + ((parts[-1],) if parts[-1] else ())
        crlf = sum(line.endswith(b"\r\n") for line in lines)
        plain = sum(line.endswith(b"\n") for line in lines) - crlf
        end = spare_end if not crlf and not plain else b"\r\n" if crlf > plain else b"\n"
        return cls(mark, lines, end)

    def data(self) -> bytes:
        """The file, put together again."""
        return self.mark + b"".join(self.lines)

    def text(self, number: int) -> bytes:
        """A line without its end."""
        return self.lines[number].rstrip(b"\r\n")

    def find(self, wanted: Callable[[bytes], object], begin: int = 0, stop: int | None = None) -> tuple[int, ...]:
        """Numbers of the lines whose text is wanted."""
        last = len(self.lines) if stop is None else stop
        return tuple(number for number in range(begin, last) if wanted(self.text(number)))

    def put_in(self, at: int, texts: Sequence[bytes]) -> Lines:
        """With new lines before line `at`. A file whose last line had no end still has none."""
        if not texts:
            return self
        new = [text + self.end for text in texts]
        before, after = list(self.lines[:at]), self.lines[at:]
        if not after and before and not before[-1].endswith(b"\n"):
            before[-1] += self.end
            new[-1] = texts[-1]
        return Lines(self.mark, (*before, *new, *after), self.end)

    def take_out(self, number: int) -> Lines:
        """Without a line: the opposite of `put_in`."""
        kept = [*self.lines[:number], *self.lines[number + 1 :]]
        was_last = number == len(self.lines) - 1
        if was_last and kept and not self.lines[number].endswith(b"\n"):
            kept[-1] = kept[-1].removesuffix(self.end)
        return Lines(self.mark, tuple(kept), self.end)

    def change(self, number: int, text: bytes) -> Lines:
        """With another text in a line, whose end stays."""
        line = self.lines[number]
        end = line[len(line.rstrip(b"\r\n")) :]
        return Lines(self.mark, (*self.lines[:number], text + end, *self.lines[number + 1 :]), self.end)
