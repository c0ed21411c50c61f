import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hrm_edge.errors import CheckpointError
from hrm_edge.runtimes.sampling import Sampler, log_softmax, nucleus

LOGITS = arrays(np.float32, st.integers(1, 40), elements=st.floats(-30, 30, width=32))


@given(LOGITS)
def test_log_softmax_agrees_with_torch_for_any_logits(logits):
    import torch

    expected = torch.log_softmax(torch.from_numpy(logits).double(), -1).numpy()
    np.testing.assert_allclose(log_softmax(logits), expected, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_log_softmax_is_float64_for_any_float_type(dtype):
    """Large fp16 logits neither overflow nor lose the smaller probabilities."""
    logits = np.array([60000, 59990, -60000], dtype)
    result = log_softmax(logits)
    assert result.dtype == np.float64
    assert np.exp(result).sum() == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_choose_refuses_logits_that_are_no_numbers(bad):
    with pytest.raises(CheckpointError, match="weights are damaged or overflow"):
        Sampler().choose(np.array([0.0, bad, 1.0], np.float32))


def test_choose_refuses_logits_that_allow_no_token():
    with pytest.raises(CheckpointError, match="logits reach -inf"):
        Sampler().choose(np.full(4, -np.inf, np.float32))


@given(LOGITS)
def test_greedy_takes_the_first_most_probable_token(logits):
    choice = Sampler(temperature=0).choose(logits)
    assert choice.token_id == int(np.argmax(logits))
    assert choice.log_probability == pytest.approx(float(log_softmax(logits).max()))


@given(LOGITS, st.floats(0.01, 1.0))
def test_nucleus_keeps_the_smallest_set_that_reaches_top_p(logits, top_p):
    probabilities = np.exp(log_softmax(logits))
    kept = nucleus(probabilities, top_p)
    left_out = np.setdiff1d(np.arange(len(logits)), kept)
    assert len(set(kept.tolist())) == len(kept) >= 1
    assert probabilities[kept].sum() >= min(top_p, 1) - 1e-9
    assert probabilities[kept[:-1]].sum() < top_p + 1e-9  # one fewer would not reach it
    if len(left_out):
        assert probabilities[left_out].max() <= probabilities[kept].min()


@settings(max_examples=30)
@given(LOGITS, st.floats(0.1, 3.0), st.floats(0.05, 1.0), st.integers(0, 2**32))
def test_sampler_never_leaves_the_nucleus(logits, temperature, top_p, seed):
    probabilities = np.exp(log_softmax(log_softmax(logits) / temperature))
    sampler = Sampler(temperature=temperature, top_p=top_p, seed=seed)
    allowed = set(nucleus(probabilities, top_p).tolist())
    assert {sampler.choose(logits).token_id for _ in range(20)} <= allowed


@settings(max_examples=60)
@given(
    st.integers(0, 1000),
    st.integers(1, 400),
    st.floats(0.1, 30.0),
    st.floats(0.2, 3.0),
    st.sampled_from([0.3, 0.95, 1]),
)
def test_sampler_draws_from_the_whole_vocabulary_in_order_of_probability(seed, size, spread, temperature, top_p):
    """By the definition: sort everything, cut where the mass reaches top_p, draw from what is left.

    The logits have ties, and spreads from nearly even to nearly one token.
    """
    logits = (np.random.default_rng(seed).integers(-20, 20, size) / 20 * spread).astype(np.float32)
    sampler, generator = Sampler(temperature=temperature, top_p=top_p, seed=seed), np.random.default_rng(seed)
    probabilities = np.exp(logits / np.float64(temperature))
    probabilities /= probabilities.sum()
    order = sorted(range(size), key=lambda token: (-probabilities[token], token))
    cumulative = np.cumsum(probabilities[order])
    end = next((n for n, mass in enumerate(cumulative, start=1) if mass >= top_p - 1e-12), size)
    for _ in range(10):
        draw = generator.random() * cumulative[end - 1]
        expected = order[next((n for n, mass in enumerate(cumulative[:end]) if mass > draw), end - 1)]
        assert sampler.choose(logits).token_id == expected


def test_sampler_draws_the_distribution_by_chi_square():
    """20,000 draws at temperature 0.7 against the exact probabilities; 99.9th percentile for 5 degrees is 20.5."""
    logits = np.array([2.0, 1.0, 0.5, 0.0, -1.0, -2.0], np.float32)
    expected = np.exp(logits / 0.7) / np.exp(logits / 0.7).sum() * 20_000
    sampler = Sampler(temperature=0.7, seed=7)
    counts = np.bincount([sampler.choose(logits).token_id for _ in range(20_000)], minlength=6)
    assert ((counts - expected) ** 2 / expected).sum() < 20.5


def test_sampler_never_draws_a_token_of_probability_zero():
    logits = np.array([-np.inf, 0.0, -np.inf, 0.0, -np.inf], np.float32)
    sampler = Sampler(temperature=1.0, seed=0)
    assert {sampler.choose(logits).token_id for _ in range(200)} == {1, 3}


def test_sampler_is_greedy_at_a_temperature_near_zero():
    logits = np.array([1.0, 3.0, 2.0], np.float32)
    assert Sampler(temperature=1e-320, seed=0).choose(logits).token_id == 1


def test_same_seed_gives_the_same_tokens():
    logits = np.zeros(50, np.float32)
    first, second = (Sampler(temperature=1.0, seed=11) for _ in range(2))
    assert [first.choose(logits).token_id for _ in range(30)] == [second.choose(logits).token_id for _ in range(30)]


def test_log_probability_is_the_models_own_whatever_the_temperature():
    logits = np.array([0.0, 0.0], np.float32)
    choice = Sampler(temperature=5.0, top_p=0.5, seed=0).choose(logits)
    assert choice.log_probability == pytest.approx(np.log(0.5))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": -1}, "temperature is -1"),
        ({"temperature": float("nan")}, "temperature is nan"),
        ({"top_p": 0}, "top_p is 0"),
        ({"top_p": 1.5}, "top_p is 1.5"),
    ],
)
def test_sampler_refuses_values_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        Sampler(**options)
