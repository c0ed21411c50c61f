"""A build without names: what stands in the rows, what is dropped, and which tokenizer it leaves."""

import pytest
from data_pipeline_sources import Fixed, example, find, recipe

from hrm_edge.tokenizer import NAME_TOKENS, Tokenizer
from hrm_edge.train.data.pipeline.build import build
from hrm_edge.train.data.pipeline.shards import open_shards

PAIRS = [
    ("move jan.csv to attic", "mv jan.csv attic"),
    ("move feb.csv to cellar", "mv feb.csv cellar"),  # the same to whom names are nothing
    ("move mar.txt to cellar", "mv mar.txt cellar"),
    ("compress april_list.csv", "gzip april_list"),  # part of a name
]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("names") / "data"
    examples = tuple(
        example(number, request=request, response=f"```bash\n{command}\n```", language="bash")
        for number, (request, command) in enumerate(PAIRS)
    )
    state = build(recipe(delexicalize=True, shards=1), out, find=lambda *_: Fixed(examples))
    assert state.complete
    return open_shards(out)


def test_names_are_tokens_and_examples_that_differ_by_them_alone_come_once(built):
    tokenizer = built.tokenizer()
    texts = {
        (tokenizer.decode(packed.request.tolist()), tokenizer.decode(packed.answer.tolist()))
        for place in built.training_order(0)
        for packed in built.examples(*place)
    }
    assert texts == {
        (f"move <|name1|>.{ending} to <|name2|>", "```bash\nmv <|name1|> <|name2|>\n```") for ending in ("csv", "txt")
    }


def test_what_was_dropped_says_why(built):
    (manifest,) = (shard.manifest for shard in built.shards)
    dropped = {rule: dict(counts) for rule, counts in manifest.dropped.items()}
    assert dropped["part of a name in the answer"] == {"finite": 1}
    assert dropped["duplicate"]["finite"] == 1


def test_without_the_key_the_tokenizer_has_no_tokens_for_names(built, tmp_path):
    written = tmp_path / "tokenizer.json"
    written.write_text(built.tokenizer().to_json())
    build(recipe(tokenizer=str(written), shards=1), tmp_path / "plain", find=find)
    plain = open_shards(tmp_path / "plain").tokenizer()
    assert not plain.has_names and plain.vocab_size == built.tokenizer().vocab_size - len(NAME_TOKENS)
    assert plain.encode("mv a <|name1|>") == built.tokenizer().encode("mv a <|name1|>")
    assert Tokenizer.from_json(plain.with_names().to_json()).to_json() == built.tokenizer().to_json()
