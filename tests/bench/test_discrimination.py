"""Areas under ROC curves against scikit-learn, and their error against how much they vary."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from hrm_edge.bench.discrimination import discrimination

VALUES = st.lists(st.integers(-6, 6).map(float), min_size=1, max_size=40)  # few values, so that there are ties


@given(VALUES, VALUES)
def test_area_is_scikit_learns(right: list[float], wrong: list[float]) -> None:
    found = discrimination(right, wrong)
    assert found is not None
    expected = roc_auc_score([True] * len(right) + [False] * len(wrong), [*right, *wrong])
    assert found.area == pytest.approx(expected)
    assert (found.right, found.wrong) == (len(right), len(wrong))
    assert found.standard_error >= 0


def test_error_is_about_the_spread_of_many_such_areas() -> None:
    """Of two normal distributions one deviation apart, whose area is 0.76."""
    random = np.random.default_rng(0)
    found = [discrimination(list(random.normal(1, 1, 40)), list(random.normal(0, 1, 60))) for _ in range(400)]
    areas, errors = (np.array([getattr(one, name) for one in found]) for name in ("area", "standard_error"))
    assert areas.mean() == pytest.approx(0.76, abs=0.01)
    assert errors.mean() == pytest.approx(areas.std(), rel=0.1)


@pytest.mark.parametrize(("right", "wrong"), [([], [-1.0]), ([-1.0], []), ([], [])])
def test_where_all_are_right_or_all_wrong_nothing_can_be_told(right: list[float], wrong: list[float]) -> None:
    assert discrimination(right, wrong) is None
