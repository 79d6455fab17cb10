"""Two networks that find and compare faces, run as files with ONNX Runtime on one core.

RetinaFace (MobileNet 0.25) gives a box and five points, a MobileFaceNet gives 512 numbers a face. They judge the synthetic
people and are no part of shogo: ci/fetch-engines brings them into a cache.
"""
import numpy as np
import onnxruntime

# Where the five points of a face lie in the 112 x 112 picture that the network was trained on (ArcFace's template).
TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])
CROP = 112
SIDE = 640  # RetinaFace's picture
# Anchors by stride: two squares each, sides in pixels.
ANCHORS = {32: (512, 256), 16: (128, 64), 8: (32, 16)}
POINT_SCALE = 0.2  # of the landmark deltas of mnet.25_v2


def open_network(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def sample(image, x, y):
    """Bilinear; outside is black. image: H x W x C float32; x, y: arrays of one shape."""
    high, wide = image.shape[:2]
    x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
    fx, fy = (x - x0)[..., None], (y - y0)[..., None]
    out = 0
    for dx, dy, weight in ((0, 0, (1 - fx) * (1 - fy)), (1, 0, fx * (1 - fy)), (0, 1, (1 - fx) * fy), (1, 1, fx * fy)):
        inside = (x0 + dx >= 0) & (x0 + dx < wide) & (y0 + dy >= 0) & (y0 + dy < high)
        pixel = image[np.clip(y0 + dy, 0, high - 1), np.clip(x0 + dx, 0, wide - 1)]
        out = out + pixel * (weight * inside[..., None])
    return out.astype(np.float32)


def shrink(image, factor):
    """Area mean by a whole factor, so that nothing aliases."""
    if factor == 1:
        return image
    high, wide = image.shape[0] // factor * factor, image.shape[1] // factor * factor
    return image[:high, :wide].reshape(high // factor, factor, wide // factor, factor, -1).mean(axis=(1, 3))


class Detector:
    def __init__(self, folder):
        self.network = open_network(folder / "mnet.25_v2.onnx")

    def find(self, image):
        """image: H x W x 3 RGB float32, 0 to 255. Returns (score, five points as 5 x 2 pixels) of the surest face."""
        scale = SIDE / max(image.shape[:2])
        wide, high = round(image.shape[1] * scale), round(image.shape[0] * scale)
        x, y = np.meshgrid((np.arange(wide) + 0.5) / scale - 0.5, (np.arange(high) + 0.5) / scale - 0.5)
        padded = np.zeros((SIDE, SIDE, 3), np.float32)
        padded[:high, :wide] = image if scale == 1 else sample(image, np.clip(x, 0, image.shape[1] - 1),
                                                              np.clip(y, 0, image.shape[0] - 1))
        outputs = self.network.run(None, {"data": padded.transpose(2, 0, 1)[None]})
        best = (0.0, None)
        for index, (stride, sides) in enumerate(ANCHORS.items()):
            scores, points = outputs[3 * index][0], outputs[3 * index + 2][0]
            for anchor, side in enumerate(sides):
                face = scores[2 + anchor]  # the first two channels are "no face"
                row, column = np.unravel_index(np.argmax(face), face.shape)
                if face[row, column] <= best[0]:
                    continue
                centre = np.array([column, row]) * stride + 7.5
                deltas = points[10 * anchor:10 * anchor + 10, row, column].reshape(5, 2)
                place = (centre + deltas * POINT_SCALE * side + 0.5) / scale - 0.5
                best = (float(face[row, column]), place)
        return best


class Matcher:
    def __init__(self, folder):
        self.network = open_network(folder / "fr_feature.onnx")

    def template(self, image, points):
        """512 float32 of unit length. The picture is made grey first: the photo in the chip is grey."""
        grey = (image @ np.array([0.299, 0.587, 0.114], np.float32))[..., None]
        # The similarity from template to picture, least squares: x' = a x - b y + c, y' = b x + a y + d.
        rows = np.concatenate([np.stack([TEMPLATE[:, 0], -TEMPLATE[:, 1], np.ones(5), np.zeros(5)], 1),
                               np.stack([TEMPLATE[:, 1], TEMPLATE[:, 0], np.zeros(5), np.ones(5)], 1)])
        a, b, c, d = np.linalg.lstsq(rows, np.concatenate([points[:, 0], points[:, 1]]), rcond=None)[0]
        factor = max(1, int(np.hypot(a, b)))
        x, y = np.meshgrid(np.arange(CROP), np.arange(CROP))
        sx, sy = ((a * x - b * y + c) + 0.5) / factor - 0.5, ((b * x + a * y + d) + 0.5) / factor - 0.5
        crop = sample(shrink(grey, factor), sx, sy)
        crop = np.repeat((crop - 127.5) / 128, 3, axis=2)
        vector = self.network.run(None, {"input": crop.transpose(2, 0, 1)[None].astype(np.float32)})[0][0]
        return vector / np.linalg.norm(vector)
