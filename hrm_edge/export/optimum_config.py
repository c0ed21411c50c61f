"""The exported graph's inputs and outputs, declared to Optimum: `hrm_text` for text generation with past.

Optimum's own exporters trace PyTorch and know no `hrm_text`; the graph is built by hrm_edge.export.onnx_forward. What
is taken from Optimum is the convention, so that code written for its decoders runs ours: names, dynamic axes and dummy
inputs. A test holds every exported graph to this declaration.

Only training and development installs have optimum; nothing that runs a model imports this module.

    config = AutoConfig.from_pretrained("runs/nano")
    HrmTextOnnxConfig(config, task="text-generation-with-past").generate_dummy_inputs(framework="np")
"""

from typing import Any

from optimum.exporters.base import ExporterConfig
from optimum.utils import NormalizedTextConfig
from optimum.utils.input_generators import DTYPE_MAPPER, DummyPastKeyValuesGenerator, DummyTextInputGenerator

PAST_LENGTH = 16


class DummyStepGenerator(DummyTextInputGenerator):  # type: ignore[misc]  # optimum is untyped
    """One new token behind PAST_LENGTH cached ones: an answer is fed token by token.

    The mask is all ones: the graph reads its length, and a shorter sequence is a batch of its own.
    """

    def __init__(self, task: str, normalized_config: Any, **kwargs: Any) -> None:
        super().__init__(task, normalized_config, **kwargs | {"sequence_length": 1})

    def generate(
        self, input_name: str, framework: str = "pt", int_dtype: str = "int64", float_dtype: str = "fp32"
    ) -> Any:
        if input_name == "attention_mask":
            shape = [self.batch_size, PAST_LENGTH + self.sequence_length]
            dtype = getattr(DTYPE_MAPPER, framework)(int_dtype)
            return self.constant_tensor(shape, value=1, dtype=dtype, framework=framework)
        return super().generate(input_name, framework, int_dtype, float_dtype)


class DummySlotsGenerator(DummyPastKeyValuesGenerator):  # type: ignore[misc]  # optimum is untyped
    """Keys and values of every KV slot; a head is `head_dim` wide, which need not be hidden_size / heads."""

    def __init__(self, task: str, normalized_config: Any, **kwargs: Any) -> None:
        super().__init__(task, normalized_config, **kwargs | {"sequence_length": PAST_LENGTH})
        self.head_dim = normalized_config.head_dim

    def generate(  # the same shape for every slot
        self,
        input_name: str,  # noqa: ARG002
        framework: str = "pt",
        int_dtype: str = "int64",  # noqa: ARG002
        float_dtype: str = "fp32",
    ) -> Any:
        shape = [self.batch_size, self.num_attention_heads, self.sequence_length, self.head_dim]
        return self.random_float_tensor(shape, framework=framework, dtype=float_dtype)


class HrmTextOnnxConfig(ExporterConfig):  # type: ignore[misc]  # optimum is untyped
    """What an exported `hrm_text` graph takes and gives, for the task text-generation-with-past.

    `config.num_hidden_layers` is the number of KV slots: one per attention invocation.
    """

    NORMALIZED_CONFIG_CLASS = NormalizedTextConfig
    DUMMY_INPUT_GENERATOR_CLASSES = (DummyStepGenerator, DummySlotsGenerator)
    ATOL_FOR_VALIDATION = 1e-4

    @property
    def inputs(self) -> dict[str, dict[int, str]]:
        """Input name → axis → the axis' symbolic name."""
        return {
            "input_ids": {0: "batch_size", 1: "sequence_length"},
            "attention_mask": {0: "batch_size", 1: "past_sequence_length + sequence_length"},
            **self._slots("past_key_values", "past_sequence_length"),
        }

    @property
    def outputs(self) -> dict[str, dict[int, str]]:
        """Output name → axis → the axis' symbolic name."""
        return {
            "logits": {0: "batch_size", 1: "sequence_length"},
            **self._slots("present", "past_sequence_length + sequence_length"),
        }

    def _slots(self, name: str, length_axis: str) -> dict[str, dict[int, str]]:
        return {
            f"{name}.{slot}.{part}": {0: "batch_size", 2: length_axis}
            for slot in range(self._normalized_config.num_layers)
            for part in ("key", "value")
        }
