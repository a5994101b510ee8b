"""What a track's name says about its role, in the languages that people name tracks in.

Names may lie, so each word carries only a weight. Words for a role (`lead`, `rhythm`, `pad`) outrank words for an
instrument (`guitar`, `strings`), and words that put a part behind another (`backing`, `double`) outrank both.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

_BEHIND = {
    "double": "doubl dbl doppel octav oktav 8va 8vb unison unisono redoubl",
    "counter": "backing backup backvoc bv bgv bvox harm harmon counter gegenstimm contracant obbligat descant echo second "
    "2nd ii support",
}
"""Parts that follow another part."""

_ROLES = {
    "drums": "drum drumkit schlagzeug batteri bateri batera kick snare hat hihat beat tom cymbal kit ударны барабан ドラム "
    "鼓 드럼",
    "perc": "perc percuss perkuss percus shaker conga bongo tamb tambourin pandeiro cowbell clap clave maraca guiro triangle "
    "djembe cajon перкусс 打楽器",
    "bass": "bass bas basse basso baixo bajo kontrabass contrabass contrabaj contrebass sub subbass 808 бас ベース 贝斯 "
    "베이스",
    "melody": "melod mel vocal vocals voc vox voice voix voz voce gesang singstimm sing sang lead leadvox solo soloist soprano "
    "sopran canto cantus chant theme thema tema tune topline hook discant zang lyric мелоди вокал голос соло メロディ "
    "ボーカル 歌 主旋律 旋律 멜로디 보컬",
    "pad": "pad atmo ambien drone textur swell sustain flache flaech nappe パッド",
    "arp": "arp arpegg arpeggi seq sequenc ostinat pluck アルペジオ",
    "stab": "stab hit impact orchhit",
    "fill": "fill lick answer response antwort",
    "chords": "chord akkord accord acord comp comping rhythm rythm rhy strum begleit accompan acomp acc riff upper lower "
    "pianodown pianoup аккорд コード 和弦 코드",
}
"""Words for a role."""

_INSTRUMENTS = {
    "chords": "piano pianofort klavier keys key keyboard rhodes wurli ep epiano organ orgel orgue gtr guit gitar guitar "
    "chitarr uku banjo harpsichord cembalo clav clavi acoust rh lh пиано гитар ピアノ ギター 钢琴 吉他 피아노 기타",
    "pad": "string streich corde cordas archi choir chor coro choeur струнн ストリングス 弦",
    "bass": "cello violoncell tuba continuo fagott bassoon timpani",
    "counter": "viola bratsche alto tenor horn corni",
    "melody": "violin flute flote flauto fluit oboe clarinet klarinet trumpet trompet sax whistl fiddle geige",
}
"""Words for an instrument, by what it most often does."""

_TIERS = ((_BEHIND, 2.5), (_ROLES, 3.0), (_INSTRUMENTS, 1.0))
"""Which words are looked for first, and how much they weigh."""

_SHORTEST_STEM = 4
"""A word of at least this many letters also stands for what begins with it: `vocal` for `vocalist`."""
_DOUBLE_BASSES = (("double", "bass"), ("upright", "bass"))


def _bare(text: str) -> str:
    """Without accents, and lower case."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def words_of(name: str) -> tuple[str, ...]:
    """The words of a track name, without accents and digits; `PianoUp`, `piano_up` and `Piano-Up 2` give the same two."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    # Numbers fall away unless they are a word of their own, as in 808 and 8va.
    return tuple(re.findall(r"808|8v[ab]|2nd|[^\W\d_]+", _bare(parted)))


@lru_cache(maxsize=1)
def _stems() -> tuple[tuple[float, str, tuple[str, ...]], ...]:
    return tuple((weight, role, tuple(_bare(stems).split())) for tier, weight in _TIERS for role, stems in tier.items())


def _means(word: str, stem: str) -> bool:
    if not stem.isascii():
        return stem in word  # scripts without spaces, and inflected endings
    return word in (stem, stem + "s") or (len(stem) >= _SHORTEST_STEM and word.startswith(stem))


@lru_cache(maxsize=1024)
def said_by_name(name: str, among: frozenset[str] | None = None) -> tuple[str, float, str] | None:
    """The role that a name speaks for, how much it weighs, and the word that says so; None where it says nothing.

    `among` limits the roles that are listened for: a track that plays pitches is no shaker, whatever its name.
    """
    words = words_of(name)
    if any(pair in _DOUBLE_BASSES for pair in pairwise(words)):
        return "bass", 3.0, "bass"
    for weight, role, stems in _stems():
        for word in words if among is None or role in among else ():
            if any(_means(word, stem) for stem in stems):
                return role, weight, word
    return None


def names_a_pitched_instrument(name: str) -> bool:
    """Whether a name has a word for an instrument that plays pitches, as in `Percussive Organ`."""
    return any(
        _means(word, stem)
        for _, _, stems in _stems()[-len(_INSTRUMENTS) :]
        for stem in stems
        for word in words_of(name)
    )


PITCHED = frozenset(role for tier, _ in _TIERS for role in tier) - {"drums", "perc"}
"""The roles of tracks whose pitches are heard as such."""
PLAIN_WORD = 2.0
"""Words that weigh more than this name a role; lighter ones only name an instrument."""
