"""Every error a user can cause. The command line prints one as a single line and exits with 1.

HrmEdgeError
├── CheckpointError          a model file or directory that cannot be read
│   └── UnsafeCheckpointError    a pickle: refused, never opened
├── ArchitectureError        a model we do not run, or a value it cannot have
├── GridError                weights the quantization grid cannot hold
├── ExportError              an output that cannot be written
├── PromptError              a request the model cannot take (too long, empty, not text)
├── RuntimeUnavailableError  a runtime or device that is not on this machine
├── DataError                training or evaluation data that cannot be read
├── TrainingError            a training that cannot start or go on: out of memory, a loss that is no number
├── EditError                an answer whose edits cannot be read or applied
├── SandboxError             no isolation on this machine, so nothing untrusted is run
├── HubError                 a repository of the Hugging Face Hub that cannot be had
├── ModelStoreError          a model's name that means nothing here, or a model that is not ours to change
└── VerificationError        a candidate past the tolerance of its bits

A message names the file or value, the rule it breaks and the mend, in one line. Anything that is not an
HrmEdgeError is a bug of ours and keeps its traceback.
"""


class HrmEdgeError(Exception):
    """Base of all errors a user can mend."""


class CheckpointError(HrmEdgeError):
    """A model file or directory that cannot be read."""


class UnsafeCheckpointError(CheckpointError):
    """A checkpoint in a format that runs code when it is opened."""


class ArchitectureError(HrmEdgeError):
    """A model we do not run, or a value its architecture cannot have."""


class GridError(HrmEdgeError):
    """Weights that the quantization grid cannot hold."""


class ExportError(HrmEdgeError):
    """An output that cannot be written."""


class PromptError(HrmEdgeError):
    """A request that the model cannot take."""


class RuntimeUnavailableError(HrmEdgeError):
    """A runtime or a device that is not on this machine."""


class DataError(HrmEdgeError):
    """Training or evaluation data that cannot be read."""


class TrainingError(HrmEdgeError):
    """A training that cannot start or go on."""


class EditError(HrmEdgeError):
    """An answer whose edits cannot be read or do not fit the files."""


class SandboxError(HrmEdgeError):
    """No isolation that passes its probe: nothing untrusted is run."""


class HubError(HrmEdgeError):
    """A repository of the Hugging Face Hub that cannot be had, or is not what it says."""


class ModelStoreError(HrmEdgeError):
    """A model's name that means nothing here, or a model that is not ours to change."""


class VerificationError(HrmEdgeError):
    """A candidate whose answers are further from the reference than its bits allow."""
