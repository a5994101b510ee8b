"""What a track's name says about its role, in the languages that people name tracks in.

Names may lie, so each word carries only a weight. Words for a role (`lead`, `rhythm`, `pad`) outrank words for an
instrument (`guitar`, `strings`), and words that put a part behind another (`backing`, `double`) outrank both.
"""

from __future__ import annotations

import re
import unicodedata

BEHIND: dict[str, tuple[str, ...]] = {
    "double": ("doubl", "dbl", "doppel", "octav", "oktav", "8va", "8vb", "unison", "unisono", "redoubl"),
    "counter": ("backing", "backup", "backvoc", "bv", "bgv", "bvox", "harm", "harmon", "counter", "gegenstimm", "contracant")
    + ("obbligat", "descant", "echo", "second", "2nd", "ii", "support"),
}
"""Parts that follow another part."""

ROLES: dict[str, tuple[str, ...]] = {
    "drums": ("drum", "drumkit", "schlagzeug", "batteri", "bateri", "batera", "kick", "snare", "hat", "hihat", "beat", "tom")
    + ("cymbal", "kit", "ударны", "барабан", "ドラム", "鼓", "드럼"),
    "perc": ("perc", "percuss", "perkuss", "percus", "shaker", "conga", "bongo", "tamb", "tambourin", "pandeiro", "cowbell")
    + ("clap", "clave", "maraca", "guiro", "triangle", "djembe", "cajon", "перкусс", "打楽器"),
    "bass": ("bass", "bas", "basse", "basso", "baixo", "bajo", "kontrabass", "contrabass", "contrabaj", "contrebass", "sub")
    + ("subbass", "808", "бас", "ベース", "贝斯", "베이스"),
    "melody": ("melod", "mel", "mélod", "vocal", "voc", "vox", "voice", "voix", "voz", "voce", "gesang", "singstimm", "sing")
    + ("sang", "lead", "leadvox", "solo", "soloist", "soprano", "sopran", "canto", "cantus", "chant", "theme", "thema")
    + ("tema", "tune", "topline", "hook", "discant", "zang", "lyric", "мелоди", "вокал", "голос", "соло", "メロディ")
    + ("ボーカル", "歌", "主旋律", "旋律", "멜로디", "보컬"),
    "pad": ("pad", "atmo", "ambien", "drone", "textur", "swell", "sustain", "fläche", "flaech", "nappe", "パッド"),
    "arp": ("arp", "arpegg", "arpeggi", "seq", "sequenc", "ostinat", "pluck", "アルペジオ"),
    "stab": ("stab", "hit", "impact", "orchhit"),
    "fill": ("fill", "lick", "answer", "response", "antwort"),
    "chords": ("chord", "akkord", "accord", "acord", "comp", "comping", "rhythm", "rythm", "rhy", "strum", "begleit")
    + ("accompan", "acomp", "acc", "riff", "upper", "lower", "pianodown", "pianoup", "аккорд", "コード", "和弦", "코드"),
}
"""Words for a role."""

INSTRUMENTS: dict[str, tuple[str, ...]] = {
    "chords": ("piano", "pianofort", "klavier", "keys", "key", "keyboard", "rhodes", "wurli", "ep", "epiano", "organ", "orgel")
    + ("orgue", "gtr", "guit", "gitar", "guitar", "chitarr", "uku", "banjo", "harpsichord", "cembalo", "clav", "clavi")
    + ("acoust", "rh", "lh", "пиано", "гитар", "ピアノ", "ギター", "钢琴", "吉他", "피아노", "기타"),
    "pad": ("string", "streich", "corde", "cordas", "archi", "choir", "chor", "coro", "choeur", "струнн", "ストリングス", "弦"),
    "bass": ("cello", "violoncell", "tuba", "continuo", "fagott", "bassoon", "timpani"),
    "counter": ("viola", "bratsche", "alto", "tenor", "horn", "corni"),
    "melody": ("violin", "flute", "flöte", "flauto", "fluit", "oboe", "clarinet", "klarinet", "trumpet", "trompet", "sax")
    + ("whistl", "fiddle", "geige"),
}
"""Words for an instrument, by what it most often does."""

TIERS = ((BEHIND, 2.5), (ROLES, 3.0), (INSTRUMENTS, 1.0))
"""Which words are looked for first, and how much they weigh."""

_SHORTEST_STEM = 4
"""A word of at least this many letters also stands for what begins with it: `vocal` for `vocals`."""


def words_of(name: str) -> tuple[str, ...]:
    """The words of a track name, without accents and digits; `PianoUp`, `piano_up` and `Piano-Up 2` give the same two."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    bare = "".join(c for c in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(c)).casefold()
    # Numbers fall away unless they are a word of their own, as in 808 and 8va.
    return tuple(re.findall(r"808|8v[ab]|2nd|[^\W\d_]+", bare))


def _bare(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def _means(word: str, stem: str) -> bool:
    plain = _bare(stem)
    if not plain.isascii():
        return plain in word
    return word == plain or (len(plain) >= _SHORTEST_STEM and word.startswith(plain)) or word == plain + "s"


def said_by_name(name: str) -> tuple[str, float, str] | None:
    """The role that a name speaks for, how much it weighs, and the word that says so; None where it says nothing."""
    words = words_of(name)
    if any(pair in (("double", "bass"), ("upright", "bass")) for pair in zip(words, words[1:], strict=False)):
        return "bass", 3.0, "bass"
    for tier, weight in TIERS:
        for role, stems in tier.items():
            for word in words:
                if any(_means(word, stem) for stem in stems):
                    return role, weight, word
    return None
