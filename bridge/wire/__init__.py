"""The JSON that scripts, files and the bridge exchange: strict, versioned, and apart from the domain.

Each shape names its schema and version. An unknown field is an error, a missing optional one has its default. These classes
are not the domain: a saved file must not change because an engine's class does.
"""

from bridge.wire.codec import MAX_BYTES, Wire, decode, encode
from bridge.wire.jobs import Control1, Mask1, Request1, Result1, Status1
from bridge.wire.reports import Analysis1, Brief1, Error1, ModelUsed, Report1, fault

__all__ = [
    "MAX_BYTES",
    "Analysis1",
    "Brief1",
    "Control1",
    "Error1",
    "Mask1",
    "ModelUsed",
    "Report1",
    "Request1",
    "Result1",
    "Status1",
    "Wire",
    "decode",
    "encode",
    "fault",
]
