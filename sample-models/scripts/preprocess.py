"""From a JPEG file to the models' input, as torchvision's Resize, CenterCrop, ToTensor and Normalize do it on Pillow images."""

import io

import numpy as np
from PIL import Image

RESIZE = 72
CROP = 64
MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]

PREPROCESSING = {"resize": RESIZE, "crop": [CROP, CROP], "interpolation": "bilinear", "antialias": True, "mean": MEAN, "std": STD}


def resize(image, shorter):
    """The shorter side becomes `shorter`, the longer one keeps the ratio, rounded down."""
    w, h = image.size
    size = (shorter, int(shorter * h / w)) if w <= h else (int(shorter * w / h), shorter)
    return image.resize(size, Image.BILINEAR)


def center_crop(image, side):
    w, h = image.size
    left, top = int(round((w - side) / 2.0)), int(round((h - side) / 2.0))
    return image.crop((left, top, left + side, top + side))


def pixels(jpeg, crop=CROP):
    """The resized and cropped picture as uint8 [crop, crop, 3]."""
    image = Image.open(io.BytesIO(jpeg)).convert("RGB")
    return np.asarray(center_crop(resize(image, RESIZE), crop))


def normalize(batch):
    """uint8 [N, H, W, 3] to float32 [N, 3, H, W]."""
    x = batch.astype(np.float32) / np.float32(255)
    x = (x - np.array(MEAN, np.float32)) / np.array(STD, np.float32)
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2))
