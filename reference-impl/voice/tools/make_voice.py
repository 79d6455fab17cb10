#!/usr/bin/env python3
"""make_voice.py --voice FILE.htsvoice --messages FILE.json [--messages …] --out DIR [--languages ja,en,zh,ko] [--key]

Speaks every text of a message table (each object with a text a language) into DIR/LANGUAGE/NAME.wav: Japanese by Open
JTalk with the given voice, other languages by espeak-ng (placeholders, and voice.json says so). Silence is cut off at
both ends; loudness is -20 LUFS (EBU R 128), less where the true peak would pass -1 dBFS. NAME is the first 16 hex
digits of the SHA-256 of the text, so that a program finds what to play by the text on its screen.

A text with "{}" is spoken for each number 0 to 10, one with "{place}" for each of the words place_*, the number of an
error as the screen shows it ("No. 101"): always what stands on a screen, or it would not be found. The word "language"
holds the names of the languages: on every page each is spoken by its own language's voice. DIR/voice.json lists everything, with readings, loudness and hashes,
and is written last: without it DIR is no voice. Texts that an earlier run has spoken alike are kept. Exit: 0 made, 1 a program failed or a word is read wrongly, 2 usage.
"""
import argparse
import array
import ctypes
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import wave

TARGET_LUFS, HIGHEST_PEAK_DBFS = -20.0, -1.0
SILENCE = 100  # of 32768: -50 dBFS
KEEP_S = 0.02  # of the silence around a text
DICTIONARY = "/var/lib/mecab/dic/open-jtalk/naist-jdic"
ESPEAK = {"en": "en-us", "zh": "cmn", "ko": "ko"}
NUMBERS = range(11)
READINGS = pathlib.Path(__file__).resolve().parent.parent / "data/readings.json"


class Trouble(Exception):
    pass


def names_of(table, languages):
    """{name: language} of what the languages call themselves."""
    names = table.get("words", {}).get("language", {})
    return {names[language]: language for language in languages if language in names}


def texts_of(table, languages):
    """(language, text) of every text that a screen can show, in the table's order, each once."""
    words = table.get("words", {})
    found = {}

    def shown(text, language):
        if "{place}" in text:
            places = [word[language] for key, word in words.items() if key.startswith("place_") and language in word]
            if not places:
                raise Trouble(f'"{text}" needs a place, and the table has no word place_… in {language}')
            return [text.replace("{place}", place) for place in places]
        return [text.replace("{}", str(n)) for n in NUMBERS] if "{}" in text else [text]

    def walk(value):
        if not isinstance(value, dict):
            return
        for key, inner in value.items():
            if key == "language" and value is words:
                found.update({(on_page, name): None for on_page in languages for name in names_of(table, languages)})
            elif key in languages and isinstance(inner, str):
                found.update({(key, text): None for text in shown(inner, key) if text.strip()})
            elif key == "number" and isinstance(inner, str):
                found.update({(language, f"{words['number'][language]} {inner}"): None
                              for language in languages if language in words.get("number", {})})
            else:
                walk(inner)

    walk(table)
    return list(found)


def run(command, text=None):
    done = subprocess.run(command, input=text, text=True, capture_output=True)
    if done.returncode != 0:
        raise Trouble(f"{command[0]} failed: {done.stderr.strip()[-300:]}")


def speak_japanese(text, say, voice, out, folder):
    """Returns how the text was read."""
    source, trace = folder / "text", folder / "trace"
    for written, spoken in say.items():
        text = text.replace(written, spoken)
    source.write_text(text + "\n", encoding="utf-8")
    run(["open_jtalk", "-x", DICTIONARY, "-m", str(voice), "-ow", str(out), "-ot", str(trace), str(source)])
    reading = ""
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines()[1:]:
        if not line or line.startswith("["):
            break
        fields = line.split(",")
        reading += fields[-4].replace("’", "") if len(fields) > 9 else ""
    return reading


def read_samples(path):
    with wave.open(str(path), "rb") as file:
        if file.getnchannels() != 1 or file.getsampwidth() != 2:
            raise Trouble(f"{path}: one channel of 16 bits expected")
        return file.getframerate(), array.array("h", file.readframes(file.getnframes()))


def trimmed(samples, rate):
    loud = [i for i, sample in enumerate(samples) if abs(sample) > SILENCE]
    if not loud:
        raise Trouble("nothing but silence came out")
    keep = int(KEEP_S * rate)
    return samples[max(0, loud[0] - keep):loud[-1] + keep]


class Meter:
    """libebur128: integrated loudness and true peak."""
    MODES = (1 << 0 | 1 << 2) | (1 << 0 | 1 << 4 | 1 << 5)  # EBUR128_MODE_I, EBUR128_MODE_TRUE_PEAK

    def __init__(self):
        try:
            self.library = ctypes.CDLL("libebur128.so.1")
        except OSError as error:
            raise Trouble(f"libebur128 is missing (ci/setup installs it): {error}") from None
        self.library.ebur128_init.restype = ctypes.c_void_p

    def measure(self, samples, rate):
        # Loudness is defined over 400 ms: a shorter text is measured as if said again and again.
        repeats = max(1, -(-rate // max(1, len(samples))))
        state = ctypes.c_void_p(self.library.ebur128_init(ctypes.c_uint(1), ctypes.c_ulong(rate), ctypes.c_int(self.MODES)))
        block = (ctypes.c_short * len(samples)).from_buffer_copy(samples.tobytes())
        lufs, peak = ctypes.c_double(), ctypes.c_double()
        for _ in range(repeats):
            self.library.ebur128_add_frames_short(state, block, ctypes.c_size_t(len(samples)))
        self.library.ebur128_loudness_global(state, ctypes.byref(lufs))
        self.library.ebur128_true_peak(state, ctypes.c_uint(0), ctypes.byref(peak))
        self.library.ebur128_destroy(ctypes.byref(state))
        return lufs.value, peak.value


def levelled(samples, rate, meter):
    lufs, peak = meter.measure(samples, rate)
    gain = min(10 ** ((TARGET_LUFS - lufs) / 20), 10 ** (HIGHEST_PEAK_DBFS / 20) / peak)
    return array.array("h", (max(-32768, min(32767, round(sample * gain))) for sample in samples))


def wrong_readings(text, reading, readings):
    return [f'"{word}" is read {reading}, expected {kana}' for word, kana in readings.items() if word in text and kana not in reading]


def made_from(arguments):
    """Changes whenever the result could: voice, texts, readings, this program."""
    parts = [arguments.voice, *arguments.messages, READINGS, pathlib.Path(__file__)]
    return hashlib.sha256(b"".join(hashlib.sha256(part.read_bytes()).digest() for part in parts)
                          + arguments.languages.encode()).hexdigest()


def made_with(arguments):
    """Changes whenever the same text could sound otherwise: voice, what is said instead of what is written, this program."""
    say = json.loads(READINGS.read_text(encoding="utf-8"))["say"]
    return hashlib.sha256(arguments.voice.read_bytes() + json.dumps(say, sort_keys=True).encode() + pathlib.Path(__file__).read_bytes()).hexdigest()[:16]


def recordings_of(index):
    """What an earlier run has made, by language and text; empty where nothing can be read."""
    try:
        return {(prompt["language"], prompt["text"]): prompt for prompt in json.loads(index.read_text(encoding="utf-8"))["prompts"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def make(arguments):
    languages = arguments.languages.split(",")
    tables = [json.loads(table.read_text(encoding="utf-8")) for table in arguments.messages]
    readings = json.loads(READINGS.read_text(encoding="utf-8"))
    texts = list(dict.fromkeys(text for table in tables for text in texts_of(table, languages)))
    names = {name: language for table in tables for name, language in names_of(table, languages).items()}
    meter, prompts, wrong = Meter(), [], []
    spoken_before = recordings_of(arguments.out / "voice.json")
    made_by = made_with(arguments)
    (arguments.out / "voice.json").unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        spoken = pathlib.Path(scratch) / "spoken.wav"
        for number, (language, text) in enumerate(texts, 1):
            name = f"{language}/{hashlib.sha256(text.encode()).hexdigest()[:16]}.wav"
            path = arguments.out / name
            before = spoken_before.get((language, text))
            if before and before.get("made_by") == made_by and path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == before["sha256"]:
                if "reading" in before:
                    wrong += wrong_readings(text, before["reading"], readings["ja"])
                prompts.append(before)
                continue
            voice = names.get(text, language)
            if voice == "ja":
                reading = speak_japanese(text, readings["say"], arguments.voice, spoken, pathlib.Path(scratch))
                wrong += wrong_readings(text, reading, readings["ja"])
            else:
                reading = None
                run(["espeak-ng", "-v", ESPEAK[voice], "-w", str(spoken), text])
            rate, samples = read_samples(spoken)
            samples = levelled(trimmed(samples, rate), rate, meter)
            path.parent.mkdir(parents=True, exist_ok=True)
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(rate)
                file.writeframes(samples.tobytes())
            lufs, peak = meter.measure(samples, rate)
            prompts.append({"language": language, "text": text, "file": name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                            "made_by": made_by, "lufs": round(lufs, 2), "peak": round(peak, 4), **({"reading": reading} if reading else {})})
            if number % 20 == 0 or number == len(texts):
                print(f"   … {number} of {len(texts)} texts", flush=True)
    if wrong:
        raise Trouble("; ".join(wrong))
    voices = {"ja": f"Open JTalk, {arguments.voice.name}"}
    voices.update({language: f"espeak-ng {ESPEAK[language]}, a placeholder" for language in languages if language != "ja"})
    index = {"format": 1, "made_from": made_from(arguments), "voices": {language: voices[language] for language in languages}, "prompts": prompts}
    (arguments.out / "voice.json").write_text(json.dumps(index, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(prompts)} texts in {arguments.out}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n")[0], description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", type=pathlib.Path, required=True)
    parser.add_argument("--messages", type=pathlib.Path, required=True, action="append")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--languages", default="ja,en,zh,ko")
    parser.add_argument("--key", action="store_true", help="only print what voice.json would say under made_from")
    arguments = parser.parse_args()
    unknown = set(arguments.languages.split(",")) - {"ja", *ESPEAK}
    if unknown:
        parser.error(f"no voice for {', '.join(sorted(unknown))}; known are ja, {', '.join(ESPEAK)}")
    try:
        if arguments.key:
            print(made_from(arguments))
        else:
            make(arguments)
    except (Trouble, OSError, ValueError) as trouble:
        print(f"make_voice.py: {trouble}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
