"""A keypad screen drawn with nothing but the standard library: grey boxes with digits made of thick strokes.

It shares no code and no font with shogo, so that reading it shows that shogo reads screens, not its own drawings.
"""
import math


def arc(cx, cy, rx, ry, start, end, steps=24):
    """Points of an ellipse's arc; degrees clockwise from the right, y grows downwards."""
    points = []
    for i in range(steps + 1):
        angle = math.radians(start + (end - start) * i / steps)
        points.append((cx + rx * math.cos(angle), cy + ry * math.sin(angle)))
    return points


# Each digit is a list of strokes in a box 1 wide and 1.4 high.
DIGITS = {
    0: [arc(0.5, 0.7, 0.36, 0.6, 0, 360)],
    1: [[(0.22, 0.38), (0.55, 0.1), (0.55, 1.3)]],
    2: [arc(0.5, 0.46, 0.36, 0.36, 190, 395) + [(0.14, 1.3), (0.88, 1.3)]],
    3: [arc(0.48, 0.4, 0.31, 0.3, 205, 450) + arc(0.48, 0.99, 0.36, 0.31, 270, 515)],
    4: [[(0.66, 1.3), (0.66, 0.1), (0.1, 0.96), (0.92, 0.96)]],
    5: [[(0.82, 0.1), (0.25, 0.1), (0.2, 0.66)] + arc(0.47, 0.9, 0.37, 0.4, 225, 505)],
    6: [[(0.72, 0.1), (0.42, 0.36), (0.22, 0.66), (0.16, 0.92)], arc(0.5, 0.92, 0.34, 0.38, 0, 360)],
    7: [[(0.12, 0.1), (0.88, 0.1), (0.42, 1.3)]],
    8: [arc(0.5, 0.4, 0.28, 0.3, 0, 360), arc(0.5, 1.0, 0.34, 0.31, 0, 360)],
    9: [arc(0.5, 0.48, 0.34, 0.38, 0, 360), [(0.84, 0.48), (0.78, 0.74), (0.58, 1.04), (0.28, 1.3)]],
}


def distance(px, py, a, b):
    """From a point to a segment."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    t = 0.0 if length == 0 else max(0.0, min(1.0, ((px - a[0]) * dx + (py - a[1]) * dy) / length))
    return math.hypot(px - a[0] - t * dx, py - a[1] - t * dy)


def glyph(digit, height):
    """Rows of ink, 0 to 255."""
    scale = height / 1.4
    pen = 0.075 * scale
    segments = [
        ((a[0] * scale, a[1] * scale), (b[0] * scale, b[1] * scale))
        for stroke in DIGITS[digit]
        for a, b in zip(stroke, stroke[1:])
    ]
    rows = []
    for y in range(height):
        row = bytearray()
        for x in range(int(scale) + 1):
            away = min(distance(x + 0.5, y + 0.5, a, b) for a, b in segments)
            row.append(max(0, min(255, round((pen - away + 0.5) * 255))))
        rows.append(row)
    return rows


class Screen:
    """RGB pixels, rows without padding."""

    def __init__(self, width, height, ground=(240, 240, 240)):
        self.width, self.height = width, height
        self.rows = [bytearray(bytes(ground) * width) for _ in range(height)]

    def box(self, x, y, width, height, colour):
        line = bytes(colour) * width
        for row in self.rows[y : y + height]:
            row[3 * x : 3 * (x + width)] = line

    def ink(self, x, y, rows):
        for dy, line in enumerate(rows):
            row = self.rows[y + dy]
            for dx, value in enumerate(line):
                for c in range(3):
                    at = 3 * (x + dx) + c
                    row[at] = row[at] * (255 - value) // 255

    def pixels(self):
        return b"".join(self.rows)


class Keypad:
    """Three columns and four rows of keys, measured in millimetres."""

    def __init__(self, width_px, height_px, inches, key_mm, gap_mm):
        self.size = (width_px, height_px)
        per_mm = math.hypot(width_px, height_px) / (inches * 25.4)
        key, gap = round(key_mm * per_mm), round(gap_mm * per_mm)
        left = (width_px - 3 * key - 2 * gap) // 2
        names = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "Delete", "0", "Done"]
        self.keys = {
            name: (left + (i % 3) * (key + gap), 400 + (i // 3) * (key + gap), key, key) for i, name in enumerate(names)
        }

    def draw(self):
        screen = Screen(*self.size)
        for name, (x, y, width, height) in self.keys.items():
            screen.box(x, y, width, height, (40, 40, 60))
            screen.box(x + 2, y + 2, width - 4, height - 4, (255, 255, 255))
            if name.isdigit():
                rows = glyph(int(name), height // 2)
                screen.ink(x + (width - len(rows[0])) // 2, y + (height - len(rows)) // 2, rows)
        return screen.pixels()

    def at(self, x, y):
        for name, (left, top, width, height) in self.keys.items():
            if left <= x < left + width and top <= y < top + height:
                return name
        return None
