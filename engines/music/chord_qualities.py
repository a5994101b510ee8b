"""Reading the quality of a chord symbol: what stands between root and bass.

A quality opens with the kind of triad and the number that stacks thirds on it; then follows what is suspended, altered,
added or left out, with or without parentheses. How doubtful ones are taken stands in `chord_symbols`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from engines.music.degrees import Degree, Degrees, degree, in_order

ALTER = {"bb": -2, "b": -1, "-": -1, "": 0, "#": 1, "+": 1, "##": 2}
_ALTERED_SCALE = (Degree(1), Degree(3), Degree(7, -1), Degree(9, -1), Degree(9, 1), Degree(11, 1), Degree(13, -1))

_MAJ = r"(?:(?i:maj(?:or)?)|(?:ma|Ma|MA)(?!(?i:dd))|M(?!i|I)|\^|j(?=\d))"
_SEVENTH = rf"(?:{_MAJ}(?=\d)|(?i:maj)|\^)"
_HEAD = re.compile(
    rf"""
    (?: (?P<half>ø|(?i:half-?dim(?:inished)?|hdim)|h(?=\d))
      | (?P<dim>(?i:dim(?:inished)?)|°|o(?!m))
      | (?P<aug>(?i:aug(?:mented)?)|\+(?!5))
      | (?P<plain>(?i:dom(?:inant)?))
      | (?= (?P<triangle>\^)? ) (?P<major>{_MAJ})
      | (?P<minor>(?i:min(?:or)?|mi)|m|-(?!5))
    )?
    (?P<seventh>{_SEVENTH})?
    (?: (?P<number>6/?9|13|11|[245679]) (?P<late>(?<=7)(?:M|maj))? )?
    """,
    re.VERBOSE,
)
_MODIFIER = re.compile(
    rf"""
    (?P<separator>[(),/])
  | (?P<number>6/?9|13|11|[245679])
  | (?i:add(?:ed)?) (?: (?P<add_acc>bb|\#\#|b|\#|[+-])? (?P<add>1[0-3]|[1-9]) | (?P<add_major>{_MAJ}7) )
  | (?i:no|omit|drop) (?P<no>1[0-3]|[1-9]|(?i:root)) (?:st|nd|rd|th)?
  | (?P<sus>(?i:sus(?:pended)?)) (?P<sus_what>2/?4|4/?2|[24])?
  | (?P<alt>(?i:alt(?:ered)?)) (?=\)?$)
  | (?P<acc>bb|\#\#|b|\#|[+-]) (?P<altered>13|11|[2-79])
  | (?P<raised>(?i:aug(?:mented)?)|\+)
  | (?P<major>{_SEVENTH}) (?P<stack>13|11|9|7)?
    """,
    re.VERBOSE,
)
_PARENTHESES = re.compile(r"[^()]*(?:\([^()]+\)[^()]*)*")


@dataclass(slots=True)
class _Quality:
    """What has been read of a quality so far."""

    kind: str = ""
    """half, dim, aug, major, minor, or nothing where the symbol says nothing."""
    number: int = 0
    """How far thirds are stacked: 7, 9, 11, 13; or 2, 4, 5, 6, 69."""
    major_seventh: bool = False
    sus: set[int] = field(default_factory=set)
    altered_scale: bool = False
    alterations: list[Degree] = field(default_factory=list)
    added: list[Degree] = field(default_factory=list)
    omitted: set[int] = field(default_factory=set)

    def degrees(self) -> Degrees:
        """The chord that all of it describes."""
        if self.altered_scale:
            return _ALTERED_SCALE
        gone = self.omitted | {one.number for one in self.alterations}
        kept = [one for one in (*self._triad(), *self._stack()) if one.number not in gone]
        return in_order([*kept, *(one for one in self.alterations if one.number not in self.omitted), *self.added])

    def _triad(self) -> list[Degree]:
        fifth = Degree(5, {"dim": -1, "half": -1, "aug": 1}.get(self.kind, 0))
        third = Degree(3, -1 if self.kind in ("minor", "dim", "half") else 0)
        if self.sus:
            # In C11sus the eleventh is the suspended fourth already.
            return [Degree(1), fifth, *(Degree(n) for n in self.sus if n == 2 or self.number != 11)]
        without_third = self.number == 5 or (self.number == 11 and third.alter == 0)
        return [Degree(1), fifth] if without_third else [Degree(1), third, fifth]

    def _stack(self) -> list[Degree]:
        number = self.number
        steps: list[Degree] = []
        if number in (6, 69):
            steps.append(Degree(6))
        if self.major_seventh:
            steps.append(Degree(7))
        elif self.kind == "half" or number in (7, 9, 11, 13):
            steps.append(Degree(7, -2 if self.kind == "dim" else -1))
        if number in (9, 11, 13, 69):
            steps.append(Degree(9))
        if number == 11 or (number == 13 and self.kind in ("minor", "dim", "half") and not self.sus):
            steps.append(Degree(11))
        if number == 13:
            steps.append(Degree(13))
        return steps


@lru_cache(maxsize=4096)
def read_quality(text: str) -> Degrees | None:
    """The degrees of a quality in plain text without spaces; None where it is not one. The empty quality is major."""
    quality = _Quality()
    head = _HEAD.match(text)
    if head is None or not _PARENTHESES.fullmatch(text) or not _read_head(quality, head):
        return None
    at, before = head.end(), "head"
    while at < len(text):
        match = _MODIFIER.match(text, at)
        if match is None or not _read_modifier(quality, match, before):
            return None
        at, before = match.end(), match[0]
    if before in ("(", ",", "/"):
        return None
    return quality.degrees() or None


def _read_head(quality: _Quality, head: re.Match[str]) -> bool:
    kind = next((name for name in ("half", "dim", "aug", "major", "minor") if head[name]), "")
    number = int((head["number"] or "0").replace("/", ""))
    stated = bool(head["seventh"] or head["late"] or head["triangle"])
    if stated and number == 0:
        number = 7
    quality.kind, quality.number = kind, number
    quality.major_seventh = number in (7, 9, 11, 13) and (stated or kind == "major")
    if number in (2, 4):
        quality.number, quality.sus = 0, {number}
    # C5, C2 and C4 have no third, so nothing may speak of one; maj6 is a plain 6, while maj7 after "major" is nonsense.
    no_third = number in (2, 4, 5)
    return not (no_third and (kind or stated or head["plain"])) and not (kind == "half" and stated)


def _read_modifier(quality: _Quality, match: re.Match[str], before: str) -> bool:
    """Take one modifier in; False where it cannot stand."""
    listed = before in ("(", ",", "/")
    if match["separator"]:
        return not listed
    if match["number"]:
        return _read_number(quality, int(match["number"].replace("/", "")), listed, before)
    if match["add"]:
        number, alter = int(match["add"]), ALTER[match["add_acc"] or ""]
        quality.added.append(Degree(7, -1) if (number, match["add_acc"]) == (7, None) else degree(number, alter))
        return number != 1 or alter == 0
    if match["add_major"]:
        quality.added.append(Degree(7))
    elif match["no"]:
        quality.omitted.add(degree(1 if match["no"].lower() == "root" else int(match["no"])).number)
    elif match["sus"]:
        quality.sus |= {int(digit) for digit in (match["sus_what"] or "4") if digit != "/"}
        return quality.number != 5
    elif match["alt"]:
        quality.altered_scale = True
        return quality.kind == "" and quality.number in (0, 7)
    elif match["altered"]:
        number, alter = int(match["altered"]), ALTER[match["acc"]]
        # A raised seventh is the major seventh: the sharp speaks of the minor one.
        quality.alterations.append(Degree(number, 0 if (number, alter) == (7, 1) else alter))
    elif match["raised"]:
        quality.alterations.append(Degree(5, 1))
    else:
        return _read_major(quality, int(match["stack"] or 7))
    return True


def _read_number(quality: _Quality, number: int, listed: bool, before: str) -> bool:
    if listed:
        steps = {69: (Degree(6), Degree(9)), 7: (Degree(7, -1),)}.get(number, (Degree(number),))
        quality.added.extend(steps)
    elif before[-1:].lower() in ("s", "d") and not quality.number:
        quality.number = number  # Csus7, Csus13
        return number in (6, 7, 9, 11, 13, 69)
    return listed


def _read_major(quality: _Quality, stack: int) -> bool:
    """`(maj7)` after the head: it makes the seventh major, or joins a sixth or a diminished seventh."""
    if quality.number in (6, 69) or quality.kind == "half" or (quality.kind == "dim" and quality.number):
        quality.added.append(Degree(7))
        return stack == 7
    quality.number, quality.major_seventh = max(stack, quality.number), True
    return quality.number != 5
