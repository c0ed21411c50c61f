"""Who may look at whom in a packed row.

A row holds several examples one after another. A token sees tokens of its own example only: all of the request from
within the request (PrefixLM: the request is one bidirectional block), and whatever came before it from the answer.

Reference for the mask of one example: Raffel et al. 2020, arXiv:1910.10683, figure 4 (right).
"""

import torch


def packed_prefix_lm_mask(segment_ids_BT: torch.Tensor, token_type_ids_BT: torch.Tensor) -> torch.Tensor:
    """[B, 1, T, T], true where the query (third dimension) sees the key (fourth).

    Args:
        segment_ids_BT: number of the example a token belongs to; padding (0) is an example of its own, so that no
            query is left without a key.
        token_type_ids_BT: 1 on a request.
    """
    tokens = segment_ids_BT.shape[1]
    causal_TT = torch.ones(tokens, tokens, dtype=torch.bool, device=segment_ids_BT.device).tril()
    same_BTT = segment_ids_BT[:, :, None] == segment_ids_BT[:, None, :]
    request_BT = token_type_ids_BT == 1
    both_BTT = request_BT[:, :, None] & request_BT[:, None, :]
    return (same_BTT & (causal_TT | both_BTT))[:, None]
