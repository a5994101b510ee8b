"""A strict double of REAPER: it offers what a stock one offers, checks every call, and fails the test at a broken rule."""

from tests.reaper.double.midi import Event
from tests.reaper.double.model import Item, Marker, Take, Track
from tests.reaper.double.project import Project
from tests.reaper.double.reaper import Reaper
from tests.reaper.double.rules import RuleBroken, ScriptFailed

__all__ = ["Event", "Item", "Marker", "Project", "Reaper", "RuleBroken", "ScriptFailed", "Take", "Track"]
