"""The renderers by language."""

from collections.abc import Mapping

from hrm_edge.train.data.renderers.cpp import CppRenderer
from hrm_edge.train.data.renderers.go import GoRenderer
from hrm_edge.train.data.renderers.java import JavaRenderer
from hrm_edge.train.data.renderers.javascript import JavascriptRenderer
from hrm_edge.train.data.renderers.python import PythonRenderer
from hrm_edge.train.data.renderers.renderer import Renderer
from hrm_edge.train.data.renderers.rust import RustRenderer

RENDERERS: Mapping[str, Renderer] = {
    renderer.language: renderer
    for renderer in (
        PythonRenderer(),
        JavascriptRenderer(),
        GoRenderer(),
        RustRenderer(),
        CppRenderer(),
        JavaRenderer(),
    )
}
"""Language → what writes it."""
