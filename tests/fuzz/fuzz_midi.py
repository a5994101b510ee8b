"""Damages MIDI files at random and reads them: nothing but an error in words may come of it.

`python -m tests.fuzz.fuzz_midi --files 20000 --seed 1 [--folder ARCHIVES] [--keep OUT]`

Seeds are files made here and, where a folder is given, small files of the `.zip` archives in it. Each damaged file is read
twice, which must give the same song or the same error. What could be read is written and read again: every event must come
back, and the song must be one that can be written. A guard stops a file that takes longer than TIME_LIMIT or more than
MEMORY_LIMIT; for one file in fifty the memory is counted.
"""

from __future__ import annotations

import argparse
import random
import resource
import signal
import sys
import time
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bridge.files.midi.bytes import read_midi, write_midi
from bridge.files.midi.reading import MidiReading, read_song
from bridge.files.midi.write import write_song
from engines.errors import EngineError
from tests.bridge.files.midi.examples import END, SCALE, header, meta, midi, off, on, track

TIME_LIMIT = 10.0
"""Seconds that a file may take, twice read and twice written."""
MEMORY_LIMIT = 512 * 1024 * 1024
"""Bytes of address space that the whole run may add."""
_LARGEST_SEED = 24 * 1024
_COUNTED = 50


@dataclass
class Tally:
    """What came of a run."""

    files: int = 0
    read: int = 0
    noticed: int = 0
    """Files that were read with something odd about them."""
    refused: Counter[str] = field(default_factory=Counter)
    """By error code."""
    failures: list[tuple[int, str, bytes]] = field(default_factory=list)
    """Number, what went wrong, the file."""
    slowest: float = 0.0
    """Seconds for one file."""
    widest: float = 0.0
    """Most memory while a file was handled, as a multiple of its size plus 16 KiB; from one file in fifty."""

    def __str__(self) -> str:
        refused = "  ".join(f"{code} {count}" for code, count in sorted(self.refused.items()))
        return (
            f"files {self.files}  read {self.read} (with notices {self.noticed})  refused {refused}  "
            f"failures {len(self.failures)}  slowest {self.slowest:.3f} s  memory up to {self.widest:.0f} × size"
        )


def own_seeds() -> list[bytes]:
    """Files of every kind that is read, all made here."""
    conductor = track(
        (0, meta(0x03, "Tune")),
        (0, meta(0x58, b"\x03\x02\x18\x08")),
        (0, meta(0x51, b"\x07\xa1\x20")),
        (0, meta(0x59, b"\xfd\x01")),
        (0, meta(0x01, "key:D dorian")),
        (1440, meta(0x06, "chord:Am7")),
        (1440, meta(0x58, b"\x21\x06\x18\x08")),
        (99, meta(0x51, b"\x06\xa1\x20")),
        END,
    )
    busy = [(0, meta(0x20, b"\x02")), (0, meta(0x03, "Lead")), (0, b"\xc0\x05"), (0, b"\xb0\x00\x01"), (0, b"\x20\x02")]
    for step in range(120):
        pitch = 40 + step * 7 % 40
        busy += [(step % 3 * 120, on(pitch, 1 + step, step % 2)), (5, b"\xe0\x01\x40"), (0, meta(0x05, "la"))]
        busy += [(200, off(pitch, 3, step % 2)), (0, b"\xd0\x44"), (0, b"\xa0\x44\x10")]
    long_sysex = (0, b"\xf0\x82\x00" + bytes(range(128)) * 2)
    sysex = track(long_sysex, (10, b"\xf7\x02\x43\xf7"), (0, b"\xf7\x01\xfa"), *SCALE, END)
    running = track((0, on(60)), *((7, bytes((60 + i % 3, 80 * (i % 2)))) for i in range(200)), END)
    scale = midi(track(*SCALE, END))
    riff = b"RMIDdata" + len(scale).to_bytes(4, "little") + scale
    return [
        midi(conductor, track(*busy, END), sysex),
        midi(running, kind=0),
        midi(conductor, running, track(*busy), division=96),
        midi(conductor, *[track(*SCALE, END)] * 20, division=0x7FFF),
        header(1, 2) + b"XFIH\0\0\0\x04abcd" + track(*SCALE, END) + sysex + b"end",
        b"RIFF" + len(riff).to_bytes(4, "little") + riff,
        scale,
    ]


def archive_seeds(folder: Path, count: int) -> list[bytes]:
    """Small files from all archives of a folder, spread evenly."""
    found = []
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            small = [
                entry.filename
                for entry in archive.infolist()
                if entry.filename.lower().endswith(".mid") and entry.file_size <= _LARGEST_SEED
            ]
            found += [archive.read(name) for name in sorted(small)[:: max(1, len(small) // count)]]
    return found


_EXTREMES = (0, 1, 0x2F, 0x51, 0x58, 0x59, 0x7F, 0x80, 0x90, 0xF0, 0xF7, 0xFE, 0xFF)
Damage = Callable[[bytearray, random.Random, Sequence[bytes]], None]


def _cut(data: bytearray, luck: random.Random, _: Sequence[bytes]) -> None:
    del data[luck.randrange(len(data) + 1) :]


def _flip(data: bytearray, luck: random.Random, seeds: Sequence[bytes]) -> None:
    for _ in range(luck.choice((1, 1, 2, 8, 64))):
        data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)


def _overwrite(data: bytearray, luck: random.Random, seeds: Sequence[bytes]) -> None:
    for _ in range(luck.choice((1, 2, 4))):
        data[luck.randrange(len(data))] = luck.choice(_EXTREMES)


def _insert(data: bytearray, luck: random.Random, _: Sequence[bytes]) -> None:
    at = luck.randrange(len(data) + 1)
    data[at:at] = luck.choice((luck.randbytes(luck.randrange(1, 9)), bytes((luck.choice(_EXTREMES),)) * 5))


def _delete(data: bytearray, luck: random.Random, _: Sequence[bytes]) -> None:
    at = luck.randrange(len(data))
    del data[at : at + luck.choice((1, 1, 2, 16, 300))]


def _repeat(data: bytearray, luck: random.Random, _: Sequence[bytes]) -> None:
    at = luck.randrange(len(data))
    piece = data[at : at + luck.randrange(1, 400)]
    data[at:at] = piece * luck.choice((1, 2, 20))


def _length(data: bytearray, luck: random.Random, seeds: Sequence[bytes]) -> None:
    places = [i for i in range(4, len(data) - 7) if bytes(data[i - 4 : i]) in (b"MTrk", b"MThd", b"data")]
    if places:
        at = luck.choice(places)
        size = int.from_bytes(data[at : at + 4], "big")
        new = luck.choice(
            (0, 1, size - 1, size + 1, size * 2, size + 8, 0x7FFFFFFF, 0xFFFFFFFF, luck.randrange(1 << 32))
        )
        data[at : at + 4] = (new % (1 << 32)).to_bytes(4, "big")


def _header(data: bytearray, luck: random.Random, _: Sequence[bytes]) -> None:
    at = luck.randrange(8, 14)
    if at < len(data):
        data[at] = luck.choice((luck.randrange(256), *_EXTREMES))


def _splice(data: bytearray, luck: random.Random, seeds: Sequence[bytes]) -> None:
    other = luck.choice(seeds)
    data[luck.randrange(len(data) + 1) :] = other[luck.randrange(len(other)) :]


def _music(data: bytearray, luck: random.Random, seeds: Sequence[bytes]) -> None:
    """Damage that leaves a well-formed file: strange messages at strange ticks, and events taken out."""
    try:
        raw = read_midi(bytes(data))
    except EngineError:
        return
    tracks = list(raw.tracks)
    index = luck.randrange(len(tracks))
    *events, (end, last) = tracks[index].events()
    for _ in range(luck.choice((1, 3, 10))):
        tick = luck.choice((0, end, end * 40, luck.randrange(end + 1)))
        events.append((tick, luck.choice(_STRANGE)(luck)))
    kept = [event for event in events if luck.random() > luck.choice((0.0, 0.0, 0.1))]
    kept.sort(key=lambda event: event[0])
    kept.append((max([end, *(tick for tick, _ in kept)]), last))
    tracks[index] = replace(tracks[index], ticks=tuple(t for t, _ in kept), messages=tuple(m for _, m in kept))
    divisions = (raw.division, raw.division, 1, 7, 960, 0x7FFF)
    data[:] = write_midi(replace(raw, tracks=tuple(tracks), division=luck.choice(divisions)))


_STRANGE: tuple[Callable[[random.Random], bytes], ...] = (
    lambda luck: b"\xff\x51" + luck.choice((0, 1, 29_999, 30_000, 500_000, 0xFFFFFF)).to_bytes(3, "big"),
    lambda luck: b"\xff\x58" + bytes(luck.choice((0, 1, 4, 33, 255)) for _ in range(luck.randrange(5))),
    lambda luck: bytes((0xFF, 0x58, luck.randrange(1, 40), luck.randrange(8), 24, 8)),
    lambda luck: b"\xff\x59" + luck.randbytes(luck.randrange(4)),
    lambda luck: bytes((0xFF, luck.choice((1, 3, 4, 5, 6, 7, 0x20, 0x21, 0x7F)))) + luck.randbytes(luck.randrange(30)),
    lambda luck: b"\xff\x01" + luck.choice((b"key:", b"key:H#", b"key:Gb locrian", b"chord:", b"\0\xed\xa0\x80")),
    lambda luck: on(luck.randrange(60, 63), luck.randrange(2), luck.randrange(16)),
    lambda luck: off(luck.randrange(60, 63), luck.randrange(128), luck.randrange(16)),
    lambda luck: bytes((0xC0 | luck.randrange(16), luck.randrange(128))),
    lambda luck: b"\xf0" + luck.randbytes(luck.randrange(200)),
)

_DAMAGES: tuple[Damage, ...] = (_cut, _flip, _overwrite, _insert, _delete, _repeat, _length, _header, _splice)


def damaged_file(seeds: Sequence[bytes], seed: int, number: int) -> bytes:
    """File `number` of a run: one seed, damaged as music, as bytes up to four times, or both."""
    luck = random.Random(f"{seed}/{number}")
    data = bytearray(luck.choice(seeds))
    if luck.random() < 0.4:
        _music(data, luck, seeds)
        if luck.random() < 0.8:
            return bytes(data)
    for _ in range(luck.choice((1, 1, 1, 2, 4))):
        if data:
            luck.choice(_DAMAGES)(data, luck, seeds)
    return bytes(data)


def handle(data: bytes) -> MidiReading | EngineError:
    """Read a file as the product does, or the error it gives."""
    try:
        return read_song(data)
    except EngineError as error:
        return error


def examine(data: bytes) -> MidiReading | EngineError:
    """Read a file and hold it against the laws; an AssertionError where one is broken."""
    reading, again = handle(data), handle(data)
    if isinstance(reading, EngineError):
        assert isinstance(again, EngineError), "the second reading differs"
        assert (reading.code, reading.message, reading.hint) == (again.code, again.message, again.hint)
        assert reading.message.endswith("."), "an error is a sentence"
        assert reading.hint, "an error has a hint"
        return reading
    assert reading == again, "the second reading differs"
    assert read_midi(write_midi(reading.raw)) == reading.raw, "an event did not come back"
    once = handle(write_song(reading.song))
    assert isinstance(once, MidiReading), f"the song written is refused: {once}"
    assert once.song.end == reading.song.end, "the song written is longer or shorter"
    assert once.song.meter == reading.song.meter, "the song written has other bars"
    assert once.song.tempo == reading.song.tempo, "the song written has other tempi"
    assert once.song.keys == reading.song.keys, "the song written has other keys"
    assert _notes(once) == _notes(reading), "the song written has other notes"
    return reading


def _notes(reading: MidiReading) -> list[list[tuple[int, ...]]]:
    """The notes of each track, without their channel: a track may have to move."""
    return [sorted((n.start, n.length, n.pitch, n.velocity, n.release) for n in t.notes()) for t in reading.song.tracks]


@contextmanager
def _time_guard() -> Iterator[None]:
    """Interrupt what takes too long."""

    def ring(*_: object) -> None:
        raise TimeoutError(f"took longer than {TIME_LIMIT} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, TIME_LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run(seeds: Sequence[bytes], files: int, seed: int, count_memory: bool = True) -> Tally:
    """Damage and examine so many files; the same seed gives the same files."""
    tally = Tally()
    for number in range(files):
        data = damaged_file(seeds, seed, number)
        counted = count_memory and number % _COUNTED == 0
        if counted:
            tracemalloc.start()
        begin = time.perf_counter()
        try:
            with _time_guard():
                outcome = examine(data)
        except Exception as problem:  # whatever it is, it is what we look for, and the run goes on
            tally.failures.append((number, f"{type(problem).__name__}: {problem}", data))
        else:
            if isinstance(outcome, EngineError):
                tally.refused[outcome.code] += 1
            else:
                tally.read += 1
                tally.noticed += bool(outcome.notices)
        if counted:
            tally.widest = max(tally.widest, tracemalloc.get_traced_memory()[1] / (len(data) + 16384))
            tracemalloc.stop()
        else:
            tally.slowest = max(tally.slowest, time.perf_counter() - begin)
        tally.files += 1
    return tally


def _limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MEMORY_LIMIT
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


def main(arguments: list[str]) -> int:
    """Run, print the tally, keep what failed; 1 when anything did."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.fuzz_midi", description="Read damaged MIDI files.")
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="a folder of .zip archives with further seeds")
    parser.add_argument("--keep", type=Path, help="a folder for the files that failed")
    options = parser.parse_args(arguments)
    seeds = own_seeds()
    if options.folder:
        seeds += archive_seeds(options.folder, 30)
    _limit_memory()
    tally = run(seeds, options.files, options.seed)
    print(f"seeds {len(seeds)}  {tally}")
    print(f"peak resident memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    for number, problem, data in tally.failures:
        print(f"  file {number} ({len(data)} bytes): {problem}")
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{options.seed}-{number}.mid").write_bytes(data)
    return int(bool(tally.failures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
