"""Models by name: what was pulled from the Hugging Face Hub or converted, in one directory that `list` shows.

from hrm_edge.model_store import resolve_model
path = resolve_model("sapientinc/HRM-Text-1B")  # a path that exists, or a model of the store
"""

from hrm_edge.model_store.names import ModelName
from hrm_edge.model_store.store import MODELS_VARIABLE, Entry, ModelStore, models_directory, resolve_model

__all__ = ["MODELS_VARIABLE", "Entry", "ModelName", "ModelStore", "models_directory", "resolve_model"]
