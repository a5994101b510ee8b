"""Tests that train. They run in an environment of their own, which has torch (`.ci/run` makes it); elsewhere they are not
collected at all, so that nothing counts as skipped.
"""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("torch") and find_spec("onnx") else ["test_*.py"]
