"""`hrm-edge data tokenizer`: shorter texts than the embedded model's tokenizer makes, and nothing lost."""

from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.data.pipeline.shards import open_shards
from hrm_edge.train.tokenizer_training import texts_of


def test_tokenizer_of_a_build_writes_its_texts_in_fewer_tokens_and_reads_them_back(cli, tmp_path):
    data, out = tmp_path / "data", tmp_path / "tokenizer.json"
    recipe = tmp_path / "r.toml"
    recipe.write_text("longest = 512\nshards = 1\ntokens = 20_000\n[sources.curriculum]\n[tasks]\ngeneration = 1\n")
    assert cli("data", "build", "--recipe", recipe, "--out", data, "--workers", "1").code == 0
    assert cli("data", "tokenizer", data, "--out", out, "--vocabulary", "1000").code == 0
    new, shards = Tokenizer.from_json(out.read_text()), open_shards(data)
    texts = list(texts_of(shards))
    assert new.vocab_size == 1000
    assert all(new.decode(new.encode(text)) == text for text in texts)
    assert texts[0] == shards.tokenizer().decode(shards.examples(0, 0)[0].request[1:-1].tolist())
