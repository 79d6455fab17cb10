#!/usr/bin/env python3
"""session_recording.py EVIDENCE STEP PAGES OUT.ogg OUT.md

Puts the sounds of one step's first PAGES pages of an evidence folder (of a spoken_pages script) together again as they were heard,
writes them as Ogg Vorbis, and beside it what was shown and found to be said. Long silences, in which nobody was
waited for, become half a second. Needs libsndfile (Debian: libsndfile1). Exit: 0 written, 1 nothing to write, 2 usage.
"""
import array
import ctypes
import json
import pathlib
import sys
import wave

OGG_VORBIS, WRITE, QUALITY = 0x200060, 0x20, 0x1300
RATE, PAUSE_S = 16000, 0.5


class Info(ctypes.Structure):
    _fields_ = [("frames", ctypes.c_int64), *((name, ctypes.c_int) for name in ("samplerate", "channels", "format", "sections", "seekable"))]


def read_events(folder):
    """Events of the script in their order, with what was measured of them."""
    events = [json.loads(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    times = [json.loads(line) for line in (folder / "times.jsonl").read_text(encoding="utf-8").splitlines()]
    for event, measured in zip(events, times):
        event.setdefault("data", {}).update(measured.get("data", {}))
    return events


def write_ogg(path, samples):
    library = ctypes.CDLL("libsndfile.so.1")
    library.sf_open.restype = ctypes.c_void_p
    info = Info(samplerate=RATE, channels=1, format=OGG_VORBIS)
    file = ctypes.c_void_p(library.sf_open(str(path).encode(), WRITE, ctypes.byref(info)))
    quality = ctypes.c_double(0.0)
    library.sf_command(file, QUALITY, ctypes.byref(quality), ctypes.sizeof(quality))
    block = (ctypes.c_short * len(samples)).from_buffer_copy(samples.tobytes())
    # In pieces: the encoder keeps a whole write on its stack.
    for at in range(0, len(samples), 4096):
        piece = (ctypes.c_short * min(4096, len(samples) - at)).from_buffer_copy(samples[at:at + 4096].tobytes())
        library.sf_writef_short(file, piece, ctypes.c_int64(len(piece)))
    library.sf_close(file)
    return len(block)


def main():
    if len(sys.argv) != 6:
        print(__doc__, file=sys.stderr)
        return 2
    folder, step, most, ogg, text = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), *map(pathlib.Path, sys.argv[4:6])
    inside, sounds, pages, phrases = False, [], {}, []
    for event in read_events(folder):
        kind, data = event["kind"], event["data"]
        if kind == "step":
            inside = data.get("name") == step
        if not inside or len(pages) > most or (len(pages) == most and kind == "sound"):
            continue
        if kind == "sound":
            sounds.append((data["t_dev_ns"], folder / data["file"]))
        elif kind == "spoken_page":
            pages[data["page"]] = data
            if len(pages) > most:
                del pages[data["page"]]
                break
        elif kind == "recognised" and data.get("heard"):
            phrases.append(data)
    if not sounds:
        print(f"session_recording.py: {folder} has no sounds in a step \"{step}\"", file=sys.stderr)
        return 1
    samples, end = array.array("h"), None
    for begin, path in sorted(sounds):
        with wave.open(str(path), "rb") as file:
            piece = array.array("h", file.readframes(file.getnframes()))
        gap = 0 if end is None else min(PAUSE_S, max(0, (begin - end) / 1e9))
        samples.extend([0] * int(gap * RATE))
        samples.extend(piece)
        end = begin + len(piece) * 10**9 // RATE
    write_ogg(ogg, samples)
    lines = [f"# What is said: {step}", ""]
    for number, page in pages.items():
        lines += [f"**{page['screen']}**", ""]
        said = sorted((phrase for phrase in phrases if phrase["page"] == number and phrase["shown"] or
                       phrase["page"] == number and phrase["role"] == "result"), key=lambda phrase: phrase.get("t_begin_ns", 0))
        lines += [f"* {phrase['text']}" for phrase in said] + [""]
    text.write_text("\n".join(lines), encoding="utf-8")
    print(f"{ogg}: {len(samples) / RATE:.0f} s, {ogg.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
