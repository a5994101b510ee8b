"""Measures of symbolic music, each a pure function of columns (`engines.analysis.score`) that states its definition.

Times are ticks of 960 per quarter. A mean over nothing is nan, never a number that looks like a result. Names follow the
project's list of metrics; the three different measures called ILS never share a name.
"""
