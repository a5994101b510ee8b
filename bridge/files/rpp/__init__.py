"""REAPER projects: read to the last byte, written for REAPER 7."""

from bridge.files.rpp.project import Project, read_project
from bridge.files.rpp.sections import split_by_sections
from bridge.files.rpp.write import write_project

__all__ = ["Project", "read_project", "split_by_sections", "write_project"]
