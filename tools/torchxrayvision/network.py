"""The DenseNet-121 of TorchXRayVision, and reading its checkpoints without running what else may be in them.

Names of modules and parameters are those of torchxrayvision 1.x, so that its state dicts fit.

Source: Huang et al., "Densely Connected Convolutional Networks", CVPR 2017; torchxrayvision/models.py (Apache-2.0).
"""

import collections
import pickle
import types
from pathlib import Path

import torch
from torch import nn

_FINDINGS = [
    "Atelectasis", "Consolidation", "Infiltration", "Pneumothorax", "Edema", "Emphysema", "Fibrosis", "Effusion",
    "Pneumonia", "Pleural_Thickening", "Cardiomegaly", "Nodule", "Mass", "Hernia", "Lung Lesion", "Fracture",
    "Lung Opacity", "Enlarged Cardiomediastinum"]
_CHEXPERT = [0, 1, 3, 4, 7, 8, 10, 14, 15, 16, 17]
# Which of the 18 outputs each set of weights was trained for.
_TRAINED = {
    "all": list(range(18)), "nih": list(range(14)), "pc": [*range(14), 15], "chex": _CHEXPERT,
    "mimic_nb": _CHEXPERT, "mimic_ch": _CHEXPERT, "rsna": [8, 16]}


def targets(weights: str) -> list[str]:
    """What each output stands for; "" where the weights weren't trained for it."""
    if weights not in _TRAINED:
        raise ValueError(f"there are no weights “{weights}”, only {', '.join(_TRAINED)}")
    return [label if index in _TRAINED[weights] else "" for index, label in enumerate(_FINDINGS)]


class _DenseLayer(nn.Sequential):
    def __init__(self, inputs: int, growth: int, bottleneck: int) -> None:
        super().__init__(collections.OrderedDict(
            norm1=nn.BatchNorm2d(inputs), relu1=nn.ReLU(inplace=True),
            conv1=nn.Conv2d(inputs, bottleneck * growth, 1, bias=False), norm2=nn.BatchNorm2d(bottleneck * growth),
            relu2=nn.ReLU(inplace=True), conv2=nn.Conv2d(bottleneck * growth, growth, 3, padding=1, bias=False)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x, super().forward(x)], 1)


class _DenseBlock(nn.Sequential):
    def __init__(self, layers: int, inputs: int, bottleneck: int, growth: int) -> None:
        super().__init__(collections.OrderedDict(
            (f"denselayer{n + 1}", _DenseLayer(inputs + n * growth, growth, bottleneck)) for n in range(layers)))


class _Transition(nn.Sequential):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(collections.OrderedDict(
            norm=nn.BatchNorm2d(inputs), relu=nn.ReLU(inplace=True), conv=nn.Conv2d(inputs, outputs, 1, bias=False),
            pool=nn.AvgPool2d(2, 2)))


class DenseNet(nn.Module):
    """Grey pictures `[N, 1, 224, 224]`, -1024 for black to 1024 for white, to one logit a finding."""

    def __init__(self, classes: int, growth: int = 32, blocks: tuple[int, ...] = (6, 12, 24, 16)) -> None:
        super().__init__()
        channels = 64
        features = collections.OrderedDict(
            conv0=nn.Conv2d(1, channels, 7, stride=2, padding=3, bias=False), norm0=nn.BatchNorm2d(channels),
            relu0=nn.ReLU(inplace=True), pool0=nn.MaxPool2d(3, stride=2, padding=1))
        for number, layers in enumerate(blocks, 1):
            features[f"denseblock{number}"] = _DenseBlock(layers, channels, 4, growth)
            channels += layers * growth
            if number < len(blocks):
                features[f"transition{number}"] = _Transition(channels, channels // 2)
                channels //= 2
        features["norm5"] = nn.BatchNorm2d(channels)
        self.features = nn.Sequential(features)
        self.classifier = nn.Linear(channels, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(torch.relu(self.features(x)).mean((2, 3)))


own_classes = (DenseNet, _DenseBlock, _DenseLayer, _Transition)


class _Unpickler(pickle.Unpickler):
    """Makes tensors, layers and the classes above, and nothing else."""

    _OWN = {kind.__name__: kind for kind in own_classes}
    _ALLOWED = {
        ("collections", "OrderedDict"), ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_parameter"),
        ("torch.nn.parameter", "Parameter"), ("builtins", "set"), ("__builtin__", "set"), ("torch", "Size")}

    def find_class(self, module: str, name: str) -> object:
        if module.startswith("torchxrayvision") and name in self._OWN:
            return self._OWN[name]
        layer = module.startswith("torch.nn.modules.") and name in {
            "Sequential", "Conv2d", "BatchNorm2d", "ReLU", "MaxPool2d", "AvgPool2d", "Linear"}
        storage = module == "torch" and name.endswith("Storage")
        if layer or storage or (module, name) in self._ALLOWED:
            return super().find_class("builtins" if module == "__builtin__" else module, name)
        raise pickle.UnpicklingError(f"the file asks for {module}.{name}, which no checkpoint of this kind needs")


_pickle = types.ModuleType("restricted_pickle")
_pickle.Unpickler = _Unpickler
_pickle.load = lambda file, **options: _Unpickler(file, **options).load()


def load(checkpoint: Path, classes: int) -> DenseNet:
    """The network with the weights of a checkpoint: a whole module, as the releases are, or a state dict.

    Raises ValueError where it is something else, or asks for more than weights.
    """
    try:
        stored = torch.load(checkpoint, map_location="cpu", weights_only=False, pickle_module=_pickle)
        if isinstance(stored, nn.Module):
            state = dict(_parameters(stored))
        else:
            state = dict(stored)
        state.pop("op_threshs", None)
        network = DenseNet(classes)
        network.load_state_dict(state)
    except (pickle.UnpicklingError, RuntimeError, EOFError, AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"{checkpoint.name} is no DenseNet-121 of TorchXRayVision: {str(error).splitlines()[0]}") from None
    return network.eval()


def _parameters(module: nn.Module, prefix: str = "") -> list[tuple[str, torch.Tensor]]:
    """As `state_dict`, for modules that an older PyTorch has written and that lack what newer ones have."""
    own = [*module._parameters.items(), *module._buffers.items()]
    found = [(prefix + name, value) for name, value in own if value is not None]
    for name, child in module._modules.items():
        found += _parameters(child, f"{prefix}{name}.")
    return found
