#!/usr/bin/env python3
"""Renders digit_templates.png: one row a font, one column a digit, 24x24 grey cells, ink white on black.

Only needed again when a font is added; the sheet is committed so that a judge's result does not depend on the fonts
of the machine it runs on. Needs python3-pil and the fonts named below (all under free licences).
"""
import sys

from PIL import Image, ImageDraw, ImageFont

CELL = 24
FONTS = [
    ("bizud-gothic/BIZUDPGothic-Regular.ttf", 0), ("bizud-gothic/BIZUDPGothic-Bold.ttf", 0),
    ("bizud-gothic/BIZUDGothic-Regular.ttf", 0), ("../opentype/noto/NotoSansCJK-Regular.ttc", 0),
    ("../opentype/noto/NotoSansCJK-Bold.ttc", 0), ("../opentype/ipaexfont-gothic/ipaexg.ttf", 0),
    ("dejavu/DejaVuSans.ttf", 0), ("dejavu/DejaVuSans-Bold.ttf", 0), ("liberation/LiberationSans-Regular.ttf", 0),
    ("liberation/LiberationSans-Bold.ttf", 0), ("lato/Lato-Regular.ttf", 0), ("lato/Lato-Bold.ttf", 0),
]


def cell(font, digit):
    big = Image.new("L", (400, 400), 0)
    ImageDraw.Draw(big).text((100, 60), digit, fill=255, font=font)
    glyph = big.crop(big.getbbox())
    width = max(1, round(glyph.width * CELL / glyph.height))
    glyph = glyph.resize((min(width, CELL), CELL), Image.Resampling.BOX)
    out = Image.new("L", (CELL, CELL), 0)
    out.paste(glyph, ((CELL - glyph.width) // 2, 0))
    return out


def main(root, target):
    sheet = Image.new("L", (CELL * 10, CELL * len(FONTS)), 0)
    for row, (path, index) in enumerate(FONTS):
        font = ImageFont.truetype(f"{root}/{path}", 200, index=index)
        for column in range(10):
            sheet.paste(cell(font, str(column)), (column * CELL, row * CELL))
    sheet.save(target, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts/truetype",
         sys.argv[2] if len(sys.argv) > 2 else "digit_templates.png")
