"""Writes image files, cases.json and expected.bin beside this file: what Pillow 12.3 decodes and resizes, and what
torchvision's transforms (written out here with Pillow and PyTorch 2.13) make of it. All pictures are drawn here.

decode: Image.open(file).convert("RGB"). resize: that, then resize((w, h), BILINEAR). prepare: Grayscale where there is
one channel, Resize(int), CenterCrop, ToTensor, Normalize; little-endian float32.
"""
import io
import json
import math
import pathlib
import struct
import zlib

import numpy as np
import torch
from PIL import Image, ImageDraw

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(7)
blob = bytearray()
cases = {"decode": [], "resize": [], "prepare": []}


def picture(w, h):
    """Gradients, hard edges and noise."""
    y, x = np.mgrid[0:h, 0:w]
    a = np.stack([x * 255 // max(w - 1, 1), y * 255 // max(h - 1, 1), (x + y) * 7 % 256], -1).astype(np.uint8)
    im = Image.fromarray(a)
    d = ImageDraw.Draw(im)
    d.ellipse([w * 0.1, h * 0.2, w * 0.6, h * 0.8], fill=(230, 30, 40))
    d.rectangle([w * 0.5, h * 0.1, w * 0.9, h * 0.5], fill=(20, 60, 220))
    d.line([0, h, w, 0], fill=(255, 255, 255), width=2)
    b = np.asarray(im).astype(int)
    b[: h // 3, : w // 3] += rng.integers(-60, 60, b[: h // 3, : w // 3].shape)
    return Image.fromarray(b.clip(0, 255).astype(np.uint8))


def put(data):
    offset = len(blob)
    blob.extend(data)
    return offset


def decode(name, tolerance=0, data=None):
    if data is not None:
        (HERE / name).write_bytes(data)
    rgb = Image.open(HERE / name).convert("RGB")
    cases["decode"].append({"file": name, "width": rgb.width, "height": rgb.height, "tolerance": tolerance,
                            "offset": put(rgb.tobytes())})


def save(im, name, tolerance=0, **options):
    im.save(HERE / name, **options)
    decode(name, tolerance)


# JPEG
p = picture(53, 37)
for sampling, label in ((0, "444"), (1, "422"), (2, "420"), ("4:1:1", "411"), ("4:4:0", "440")):
    if label == "440":
        # Pillow writes no 4:4:0: a transposed 4:2:2 frame header over re-encoded coefficients would need a library,
        # so the sampling factors of a 4:2:2 file are exchanged; the picture is scrambled, the decoding is real.
        b = io.BytesIO()
        picture(48, 48).save(b, "JPEG", quality=88, subsampling=1)
        data = bytearray(b.getvalue())
        sof = data.index(b"\xff\xc0")
        assert data[sof + 11] == 0x21
        data[sof + 11] = 0x12
        decode("jpeg_440.jpg", 1, bytes(data))
        # An odd height: its last row of chroma has no second row.
        data[sof + 5: sof + 7] = struct.pack(">H", 43)
        decode("jpeg_440_odd.jpg", 1, bytes(data))
    else:
        save(p, f"jpeg_{label}.jpg", 1, quality=88, subsampling=sampling)
save(p, "jpeg_low_quality.jpg", 1, quality=8)
save(picture(96, 64), "jpeg_progressive.jpg", 1, quality=85, progressive=True)
save(picture(64, 64), "jpeg_restart.jpg", 1, quality=85, restart_marker_blocks=2)
save(p.convert("L"), "jpeg_grey.jpg", 1, quality=85)
save(p.convert("CMYK"), "jpeg_cmyk.jpg", 1, quality=90)
cmyk = np.asarray(p.convert("CMYK")).copy()
cmyk[..., 3] = np.arange(53)[None] * 3
save(Image.fromarray(cmyk, "CMYK"), "jpeg_cmyk_black.jpg", 1, quality=92)
b = io.BytesIO()
Image.fromarray(cmyk, "CMYK").save(b, "JPEG", quality=92)
data = bytearray(b.getvalue())
at = data.find(b"Adobe")
if at < 0:
    data[2:2] = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x02"
else:
    data[at + 11] = 2
decode("jpeg_ycck.jpg", 1, bytes(data))
save(p, "jpeg_rgb_adobe.jpg", 1, quality=90, keep_rgb=True)
exif = Image.Exif()
exif[0x0112] = 6
save(p, "jpeg_exif_rotated.jpg", 1, quality=85, exif=exif)
b = io.BytesIO()
p.save(b, "JPEG", quality=85)
plain = b.getvalue()
decode("jpeg_broken_profile.jpg", 1,
       plain[:2] + b"\xff\xe2\x00\x20ICC_PROFILE\x00\x01\x01" + b"x" * 16 + plain[2:])
decode("jpeg_without_jfif.jpg", 1, plain[:2] + plain[20:])
save(picture(1, 1), "jpeg_1x1.jpg", 1)
save(picture(1, 19), "jpeg_narrow.jpg", 1)
save(picture(3, 3), "jpeg_3x3.jpg", 1, subsampling=2)
decode("jpeg_named_png.png", 1, plain)


# PNG
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(name, w, h, depth, color, rows, extra=b"", interlace=0, filtered=False):
    def lines(rs, bpp):
        out, prev = b"", bytes(len(rs[0]) if rs else 0)
        for i, r in enumerate(rs):
            f = i % 5 if filtered else 0
            line = bytearray(r)
            for k in range(len(r)):
                a = r[k - bpp] if k >= bpp else 0
                u, c = prev[k], prev[k - bpp] if k >= bpp else 0
                q = a + u - c
                near = min((abs(q - a), 0, a), (abs(q - u), 1, u), (abs(q - c), 2, c))[2]
                line[k] = (r[k] - (0, a, u, (a + u) // 2, near)[f]) & 255
            out += bytes([f]) + bytes(line)
            prev = r
        return out
    bpp = max(1, depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color] // 8)
    if interlace:
        body = b""
        for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
                               (0, 1, 1, 2)):
            part = [b"".join(r[k * bpp:k * bpp + bpp] for k in range(x0, w, dx)) for r in rows[y0::dy]]
            if part and part[0]:
                body += lines(part, bpp)
    else:
        body = lines(rows, bpp)
    head = struct.pack(">IIBBBBB", w, h, depth, color, 0, 0, interlace)
    decode(name, 0, b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(body, 9))
           + chunk(b"IEND", b""))


def noise(w, h, size):
    """Rows of bytes: half ramp, half noise."""
    return [bytes((k * 3 + y * 5) % 256 if y % 2 else int(v) for k, v in enumerate(rng.integers(0, 256, w * size)))
            for y in range(h)]


def packed(w, h, bits):
    return [bytes(rng.integers(0, 256, (w * bits + 7) // 8).astype(np.uint8)) for _ in range(h)]


W, H = 23, 17
plte = chunk(b"PLTE", bytes(rng.integers(0, 256, 768).astype(np.uint8)))
save(p, "png_rgb.png")
png("png_rgb_filters.png", W, H, 8, 2, noise(W, H, 3), filtered=True)
png("png_rgb_interlaced.png", W, H, 8, 2, noise(W, H, 3), interlace=1, filtered=True)
png("png_rgb_gamma.png", W, H, 8, 2, noise(W, H, 3), chunk(b"gAMA", struct.pack(">I", 100000)))
png("png_rgb_transparent.png", W, H, 8, 2, noise(W, H, 3), chunk(b"tRNS", b"\x00\x08\x00\x0b\x00\x0e"))
png("png_rgb16.png", W, H, 16, 2, noise(W, H, 6))
png("png_rgba.png", W, H, 8, 6, noise(W, H, 4))
png("png_rgba16.png", W, H, 16, 6, noise(W, H, 8))
png("png_grey_1.png", W, H, 1, 0, packed(W, H, 1))
png("png_grey_2.png", W, H, 2, 0, packed(W, H, 2))
png("png_grey_4.png", W, H, 4, 0, packed(W, H, 4))
png("png_grey_8.png", W, H, 8, 0, noise(W, H, 1))
png("png_grey_gamma.png", W, H, 8, 0, noise(W, H, 1), chunk(b"gAMA", struct.pack(">I", 45455)))
png("png_grey_8_transparent.png", W, H, 8, 0, noise(W, H, 1), chunk(b"tRNS", b"\x00\x08"))
png("png_grey_16.png", W, H, 16, 0, [bytes(b for k in range(W) for b in divmod(k * y * 2, 256)) for y in range(H)])
png("png_grey_16_transparent.png", W, H, 16, 0,
    [bytes(b for k in range(W) for b in divmod(k * y * 2, 256)) for y in range(H)], chunk(b"tRNS", b"\x00\x08"))
png("png_grey_alpha.png", W, H, 8, 4, noise(W, H, 2))
png("png_grey_alpha_16.png", W, H, 16, 4, noise(W, H, 4))
for bits in (1, 2, 4, 8):
    table = chunk(b"PLTE", bytes(rng.integers(0, 256, 3 << bits).astype(np.uint8)))
    png(f"png_palette_{bits}.png", W, H, bits, 3, packed(W, H, bits), table)
png("png_palette_transparent.png", W, H, 8, 3, noise(W, H, 1), plte + chunk(b"tRNS", bytes(range(0, 200, 7))))
png("png_palette_short.png", W, H, 8, 3, noise(W, H, 1), chunk(b"PLTE", bytes(range(0, 90))))
png("png_palette_short_4.png", W, H, 4, 3, packed(W, H, 4), chunk(b"PLTE", bytes(range(0, 27))))
png("png_1x1.png", 1, 1, 8, 2, [b"\x01\x80\xff"])


# BMP
def bmp(name, w, h, bits, body, compression=0, table=b"", used=0):
    head = struct.pack("<IiiHHIIiiII", 40, w, h, 1, bits, compression, len(body), 2835, 2835, used, 0)
    start = 14 + len(head) + len(table)
    decode(name, 0, b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + head + table + body)


def bmp_rows(w, h, bits):
    return b"".join(r + bytes(-len(r) % 4) for r in packed(w, h, bits))


save(p, "bmp_rgb.bmp")
save(p.quantize(60), "bmp_palette.bmp")
save(p.convert("L"), "bmp_grey.bmp")
save(p.convert("1"), "bmp_1.bmp")
quads = bytes(v if k % 4 != 3 else 0 for k, v in enumerate(rng.integers(0, 256, 64)))
bmp("bmp_palette_4.bmp", W, H, 4, bmp_rows(W, H, 4), table=quads, used=16)
bmp("bmp_top_down.bmp", W, -H, 24, bmp_rows(W, H, 24))
bmp("bmp_555.bmp", W, H, 16, bmp_rows(W, H, 16))
bmp("bmp_565.bmp", W, H, 16, bmp_rows(W, H, 16), 3, struct.pack("<III", 0xF800, 0x07E0, 0x001F))
bmp("bmp_32.bmp", W, H, 32, bmp_rows(W, H, 32))
runs = b"".join(bytes([10, y % 16, 13, (y * 3) % 16, 0, 0]) for y in range(H)) + b"\x00\x01"
bmp("bmp_rle.bmp", W, H, 8, runs, 1, quads, 16)

# GIF
save(p, "gif_colour.gif")
save(p.quantize(20), "gif_interlaced.gif", interlace=1)
save(p.convert("L"), "gif_grey.gif")
q = p.quantize(30)
save(q, "gif_transparent.gif", transparency=3)
save(q, "gif_animated.gif", save_all=True, append_images=[q.rotate(90), q.rotate(180)])


def gif(name, screen, left, top, transparent=None):
    b = io.BytesIO()
    small = picture(9, 7).quantize(8)
    small.save(b, "GIF", **({} if transparent is None else {"transparency": transparent}))
    d = bytearray(b.getvalue())
    d[6:10] = struct.pack("<HH", *screen)
    d[11] = 5
    at = d.index(b"\x2c\x00\x00\x00\x00\x09\x00\x07\x00")
    d[at + 1:at + 5] = struct.pack("<HH", left, top)
    decode(name, 0, bytes(d))


gif("gif_larger_screen.gif", (15, 12), 3, 2)
gif("gif_larger_screen_transparent.gif", (15, 12), 3, 2, 4)
gif("gif_smaller_screen.gif", (6, 5), 2, 1)

# Resize
big = picture(120, 90)
big.save(HERE / "resize_source.png")
noisy = Image.fromarray(rng.integers(0, 256, (41, 67, 3)).astype(np.uint8))
noisy.save(HERE / "resize_noise.png")
for name, im, sizes in (("resize_source.png", big, ((60, 45), (64, 48), (31, 23), (119, 90), (120, 47), (7, 90),
                                                    (1, 1), (85, 64))),
                        ("resize_noise.png", noisy, ((67, 41), (66, 40), (68, 42), (100, 61), (33, 90), (12, 7),
                                                     (5, 100), (134, 82))),
                        ("png_1x1.png", Image.open(HERE / "png_1x1.png").convert("RGB"), ((5, 3),))):
    for w, h in sizes:
        cases["resize"].append({"file": name, "width": w, "height": h,
                                "offset": put(im.resize((w, h), Image.Resampling.BILINEAR).tobytes())})

# Whole preprocessing
IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


def prepare(name, resize, crop, mean, std):
    im = Image.open(HERE / name).convert("RGB")
    if len(mean) == 1:
        im = im.convert("L")
    w, h = im.size
    if resize is not None:
        short, long = min(w, h), max(w, h)
        size = (resize, int(resize * long / short))
        size = size if w <= h else size[::-1]
        if size != (w, h):
            im = im.resize(size, Image.Resampling.BILINEAR)
    w, h = im.size
    ch, cw = crop
    if cw > w or ch > h:
        left, top = max((cw - w) // 2, 0), max((ch - h) // 2, 0)
        right, bottom = max((cw - w + 1) // 2, 0), max((ch - h + 1) // 2, 0)
        a = np.asarray(im)
        a = np.pad(a, ((top, bottom), (left, right)) + (((0, 0),) if a.ndim == 3 else ()))
        im = Image.fromarray(a)
        w, h = im.size
    top, left = int(round((h - ch) / 2.0)), int(round((w - cw) / 2.0))
    im = im.crop((left, top, left + cw, top + ch))
    a = np.asarray(im)
    t = torch.from_numpy(np.array(a[:, :, None] if a.ndim == 2 else a).transpose(2, 0, 1).copy())
    t = t.to(torch.float32).div(255)
    t.sub_(torch.tensor(mean, dtype=torch.float32)[:, None, None])
    t.div_(torch.tensor(std, dtype=torch.float32)[:, None, None])
    cases["prepare"].append({"file": name, "resize": resize, "crop": list(crop), "mean": mean, "std": std,
                             "offset": put(t.numpy().astype("<f4").tobytes())})


prepare("resize_source.png", 36, (32, 32), *IMAGENET)
prepare("resize_source.png", 33, (32, 32), [0.5, 0.5, 0.5], [0.5, 0.5, 0.5])
prepare("resize_source.png", None, (31, 28), *IMAGENET)
prepare("resize_noise.png", 24, (24, 24), *IMAGENET)
prepare("resize_noise.png", 24, (30, 20), *IMAGENET)
prepare("resize_noise.png", 17, (24, 33), *IMAGENET)
prepare("resize_noise.png", 50, (20, 20), [0.449], [0.226])
prepare("resize_noise.png", None, (44, 72), [0.449], [0.226])
prepare("png_1x1.png", 3, (4, 4), *IMAGENET)
prepare("png_palette_8.png", 20, (20, 20), *IMAGENET)

(HERE / "expected.bin").write_bytes(bytes(blob))
json.dump(cases, open(HERE / "cases.json", "w"), indent=0)
print({k: len(v) for k, v in cases.items()}, len(blob), sum(f.stat().st_size for f in HERE.iterdir()))
