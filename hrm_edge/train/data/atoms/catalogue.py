"""Every atom there is: the modules of this package, imported in the order of their names."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from hrm_edge.train.data import atoms
from hrm_edge.train.data.atoms.atom import CATALOGUE, Atom

_WITHOUT_ATOMS = frozenset(("atom", "domains", "favoured", "subset", "catalogue"))


@cache
def load_catalogue() -> Mapping[str, Atom]:
    """All atoms by name: modules in sorted order, each in its own order, whoever imported what before."""
    modules = sorted(found.name for found in pkgutil.iter_modules(atoms.__path__))
    for name in modules:
        if name not in _WITHOUT_ATOMS:
            importlib.import_module(f"{atoms.__name__}.{name}")
    in_order = sorted(CATALOGUE.items(), key=lambda entry: entry[1].function.__module__)
    return MappingProxyType(dict(in_order))
