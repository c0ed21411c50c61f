"""Training the byte-level BPE.

Every byte is a token, so nothing is ever unknown; digits stand alone and indentation stays together, which suits
code. Text is split by the pattern that llama.cpp splits by too (`hrm_edge.pretokenizer`).
"""

from collections.abc import Iterable, Iterator

from tokenizers import AddedToken, Regex, decoders, models, pre_tokenizers, trainers
from tokenizers import Tokenizer as TokenizerJson

from hrm_edge.pretokenizer import SPLIT_PATTERN
from hrm_edge.tokenizer import SPECIAL_TOKENS, Tokenizer
from hrm_edge.train.data.pipeline.shards import Shards


def train_tokenizer(texts: Iterable[str], vocab_size: int) -> Tokenizer:
    """A byte-level BPE of `vocab_size` tokens, special tokens of the prompt included, learned from `texts`."""
    backend = TokenizerJson(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT_PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[AddedToken(token, special=True, normalized=False) for token in SPECIAL_TOKENS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    backend.train_from_iterator(texts, trainer)
    return Tokenizer(backend)


def texts_of(shards: Shards) -> Iterator[str]:
    """Every request and every response of packed rows, as they were before they became tokens."""
    tokenizer = shards.tokenizer().without_names()
    for number, shard in enumerate(shards.shards):
        for row in range(len(shard)):
            for example in shards.examples(number, row):
                yield tokenizer.decode(example.request[1:-1].tolist())
                yield tokenizer.decode(example.answer[:-1].tolist())
