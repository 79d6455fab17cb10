#!/usr/bin/env python3
"""to_ogg.py IN.wav OUT.ogg

Writes a recording of one channel and 16 bits as Ogg Vorbis, small enough for the documents. Needs libsndfile (Debian:
libsndfile1). Exit: 0 written, 1 it cannot be read or written, 2 usage.
"""
import array
import ctypes
import pathlib
import sys
import wave

OGG_VORBIS, WRITE, QUALITY = 0x200060, 0x20, 0x1300
BLOCK = 4096  # the encoder keeps a whole write on its stack


class Info(ctypes.Structure):
    _fields_ = [("frames", ctypes.c_int64), *((name, ctypes.c_int) for name in ("samplerate", "channels", "format", "sections", "seekable"))]


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with wave.open(sys.argv[1], "rb") as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                raise ValueError("one channel of 16 bits is wanted")
            rate, samples = file.getframerate(), array.array("h", file.readframes(file.getnframes()))
        library = ctypes.CDLL("libsndfile.so.1")
    except (OSError, EOFError, ValueError, wave.Error) as error:
        print(f"to_ogg.py: {error}", file=sys.stderr)
        return 1
    library.sf_open.restype = ctypes.c_void_p
    info = Info(samplerate=rate, channels=1, format=OGG_VORBIS)
    file = ctypes.c_void_p(library.sf_open(sys.argv[2].encode(), WRITE, ctypes.byref(info)))
    if not file:
        print(f"to_ogg.py: {sys.argv[2]} cannot be written", file=sys.stderr)
        return 1
    quality = ctypes.c_double(0.0)
    library.sf_command(file, QUALITY, ctypes.byref(quality), ctypes.sizeof(quality))
    for at in range(0, len(samples), BLOCK):
        part = samples[at:at + BLOCK]
        library.sf_writef_short(file, (ctypes.c_short * len(part))(*part), ctypes.c_int64(len(part)))
    library.sf_close(file)
    print(f"{sys.argv[2]}: {len(samples) / rate:.0f} s, {pathlib.Path(sys.argv[2]).stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
