"""What can be wrong with a model package or with what runs it. Each has its own code and its own remedy."""

from __future__ import annotations

from engines.errors import EngineError

AGAIN = "Install the package again; a built-in one comes back with `uv tool install --reinstall partimento`."
EXPORT = "Export the package again with the command in docs/training.md."


class ModelError(EngineError):
    """A model package that cannot be used."""

    code = "E_MODEL"


class BadCard(ModelError):
    """A card.json that does not follow its schema, or contradicts itself."""

    code = "E_MODEL_CARD"


class BadPath(ModelError):
    """A name in a card that leads out of its package."""

    code = "E_MODEL_PATH"


class PartMissing(ModelError):
    """A file that every package has is not in this one."""

    code = "E_MODEL_MISSING"


class WrongSize(ModelError):
    """A file is longer or shorter than its card says: half a download, most often."""

    code = "E_MODEL_SIZE"


class WrongChecksum(ModelError):
    """A file is not the one that its card was written for."""

    code = "E_MODEL_CHECKSUM"


class BadOnnx(ModelError):
    """Bytes that are no ONNX model: truncated, damaged, or something else."""

    code = "E_MODEL_ONNX"


class ExternalData(ModelError):
    """A graph that would read weights from another file."""

    code = "E_MODEL_EXTERNAL"


class UnknownOperator(ModelError):
    """A graph with an operator outside those that are allowed, or that its card does not name."""

    code = "E_MODEL_OPERATOR"


class OpsetTooNew(ModelError):
    """A graph in a newer ONNX than the installed runtime reads."""

    code = "E_MODEL_OPSET"


class WrongRuntime(ModelError):
    """The installed runtime lies outside the versions that the card allows."""

    code = "E_MODEL_RUNTIME"


class WrongSignature(ModelError):
    """A card that lies: the graph's tensors are not those it names."""

    code = "E_MODEL_SIGNATURE"


class WrongFamily(ModelError):
    """A package of another family than the one that was asked for."""

    code = "E_MODEL_FAMILY"


class BadGolden(ModelError):
    """A golden.json that cannot be used."""

    code = "E_MODEL_GOLDEN"


class NotReproduced(ModelError):
    """The model runs, but does not answer as it did when it was exported."""

    code = "E_MODEL_ANSWER"


class BadLogits(ModelError):
    """Numbers that nothing can be drawn from."""

    code = "E_MODEL_LOGITS"


class ProviderMissing(EngineError):
    """A provider was asked for by name and this machine or installation does not have it."""

    code = "E_PROVIDER"


class ProviderFailed(EngineError):
    """A provider gave up while it was working."""

    code = "E_PROVIDER_FAILED"
