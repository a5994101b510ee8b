"""Filling hidden bars: the tasks, the baselines that every model is measured against, and the scoring.

A filler is anything with `fill(task)`, see `benchmarks.infill.fillers.Filler`; baselines and models go through one function.
"""
