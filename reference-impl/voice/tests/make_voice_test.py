#!/usr/bin/env python3
"""Speaks small tables. Japanese needs the voice of ci/voice-pack; without it those tests say so and are left out."""
import array
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import wave

TOOL = pathlib.Path(__file__).resolve().parent.parent / "tools/make_voice.py"
CACHE = pathlib.Path(os.environ.get("SHOGO_VOICE") or pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "shogo/voice-3")
MEI = CACHE / "mei_normal.htsvoice"
sys.path.insert(0, str(TOOL.parent))
import make_voice  # noqa: E402


class MakeVoice(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.voice = MEI if MEI.is_file() else self.folder / "none.htsvoice"
        if self.voice != MEI:
            self.voice.write_bytes(b"")

    def make(self, table, *more):
        (self.folder / "messages.json").write_text(json.dumps(table), encoding="utf-8")
        return subprocess.run([sys.executable, str(TOOL), "--voice", str(self.voice), "--messages", str(self.folder / "messages.json"),
                               "--out", str(self.folder / "out"), *more], capture_output=True, text=True)

    def index(self):
        return json.loads((self.folder / "out/voice.json").read_text(encoding="utf-8"))

    def test_every_text_of_a_language_is_spoken_once(self):
        done = self.make({"a": {"en": "Please wait."}, "b": {"c": {"en": "Take your card."}, "d": {"en": "Please wait."}, "e": {"en": ""}}},
                         "--languages", "en")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([prompt["text"] for prompt in self.index()["prompts"]], ["Please wait.", "Take your card."])
        self.assertIn("placeholder", self.index()["voices"]["en"])

    def test_loudness_and_silence_are_as_promised(self):
        self.assertEqual(self.make({"en": "Please place your card on the reader and wait."}, "--languages", "en").returncode, 0)
        prompt = self.index()["prompts"][0]
        self.assertAlmostEqual(prompt["lufs"], -20, delta=0.3)
        self.assertLessEqual(prompt["peak"], 10 ** (-1 / 20) + 0.001)
        with wave.open(str(self.folder / "out" / prompt["file"])) as file:
            samples = array.array("h", file.readframes(file.getnframes()))
            loud = [i for i, sample in enumerate(samples) if abs(sample) > 300]
            self.assertLess(loud[0], 0.05 * file.getframerate())

    def test_a_number_in_a_text_is_spoken_for_each_value(self):
        self.assertEqual(self.make({"en": "Tries left: {}"}, "--languages", "en").returncode, 0)
        self.assertEqual(len(self.index()["prompts"]), 11)
        self.assertEqual(self.index()["prompts"][3]["text"], "Tries left: 3")

    def test_a_place_in_a_text_is_spoken_as_the_screen_shows_it(self):
        table = {"words": {"place_a": {"en": "the reader"}, "place_b": {"en": "the sign"}}, "x": {"en": "Hold it to {place}."}}
        self.assertEqual([text for _, text in make_voice.texts_of(table, ["en"])],
                         ["the reader", "the sign", "Hold it to the reader.", "Hold it to the sign."])
        with self.assertRaisesRegex(make_voice.Trouble, "needs a place"):
            make_voice.texts_of({"x": {"en": "Hold it to {place}."}}, ["en"])

    def test_the_number_of_an_error_is_spoken_as_the_screen_shows_it(self):
        table = {"words": {"number": {"ja": "番号", "en": "No."}}, "screens": {"lost": {"title": {"en": "Lost"}, "number": "101"}}}
        self.assertEqual(make_voice.texts_of(table, ["ja", "en"]), [("ja", "番号"), ("en", "No."), ("en", "Lost"), ("ja", "番号 101"), ("en", "No. 101")])

    def test_no_text_of_the_screens_keeps_a_gap(self):
        messages = TOOL.parent.parent.parent / "reader/data/messages.json"
        texts = make_voice.texts_of(json.loads(messages.read_text(encoding="utf-8")), ["ja", "en", "zh", "ko"])
        self.assertGreater(len(texts), 700)
        self.assertEqual([text for _, text in texts if "{" in text], [])

    def test_the_name_of_a_language_is_spoken_on_every_page_by_its_own_voice(self):
        table = {"words": {"language": {"en": "English", "zh": "中文", "ko": "한국어"}}}
        self.assertEqual(self.make(table, "--languages", "en,zh,ko").returncode, 0)
        prompts = {(prompt["language"], prompt["text"]): prompt["sha256"] for prompt in self.index()["prompts"]}
        self.assertEqual(len(prompts), 9)
        for name in ("English", "中文", "한국어"):
            self.assertEqual(len({prompts[language, name] for language in ("en", "zh", "ko")}), 1, name)

    def test_chinese_and_korean_are_spoken_as_loud_as_the_others(self):
        table = {"a": {"zh": "请将个人编号卡放在读卡台上。", "ko": "마이넘버 카드를 카드 판독대에 올려 주십시오."}}
        self.assertEqual(self.make(table, "--languages", "zh,ko").returncode, 0)
        for prompt in self.index()["prompts"]:
            self.assertAlmostEqual(prompt["lufs"], -20, delta=0.3)
            self.assertLessEqual(prompt["peak"], 10 ** (-1 / 20) + 0.001)
        for language in ("zh", "ko"):
            self.assertIn("placeholder", self.index()["voices"][language])

    def test_what_was_spoken_before_is_kept_and_only_what_is_new_is_spoken(self):
        self.assertEqual(self.make({"a": {"en": "Please wait."}}, "--languages", "en").returncode, 0)
        first = self.folder / "out" / self.index()["prompts"][0]["file"]
        first.touch()
        made = first.stat().st_mtime_ns
        self.assertEqual(self.make({"a": {"en": "Please wait."}, "b": {"en": "Take your card."}}, "--languages", "en").returncode, 0)
        self.assertEqual(first.stat().st_mtime_ns, made)
        self.assertEqual([prompt["text"] for prompt in self.index()["prompts"]], ["Please wait.", "Take your card."])
        first.write_bytes(b"spoilt")
        self.assertEqual(self.make({"a": {"en": "Please wait."}}, "--languages", "en").returncode, 0)
        self.assertNotEqual(first.read_bytes(), b"spoilt")

    def test_the_key_changes_with_the_texts(self):
        keys = {self.make({"en": text}, "--languages", "en", "--key").stdout for text in ("one", "two", "one")}
        self.assertEqual(len(keys), 2)

    def test_an_unknown_language_is_refused(self):
        done = self.make({"fr": "Bonjour"}, "--languages", "fr")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no voice for fr", done.stderr)

    def test_a_program_that_fails_leaves_no_voice(self):
        self.voice = self.folder / "broken.htsvoice"
        self.voice.write_bytes(b"no voice")
        done = self.make({"ja": "カード"}, "--languages", "ja")
        self.assertEqual(done.returncode, 1)
        self.assertIn("open_jtalk", done.stderr)
        self.assertFalse((self.folder / "out/voice.json").exists())

    def test_a_wrong_reading_is_named(self):
        wrong = make_voice.wrong_readings("いる方に伺います", "イルホーニウカガイマス", {"いる方": "イルカタ", "健診": "ケンシン"})
        self.assertEqual(len(wrong), 1)
        self.assertIn("イルカタ", wrong[0])
        self.assertEqual(make_voice.wrong_readings("いる方に", "イルカタニ", {"いる方": "イルカタ"}), [])

    @unittest.skipUnless(MEI.is_file(), "no Japanese voice here: ci/voice-pack fetches it")
    def test_japanese_is_read_as_the_list_says(self):
        words = list(json.loads(make_voice.READINGS.read_text(encoding="utf-8"))["ja"])
        done = self.make({str(n): {"ja": f"{word}について伺います。"} for n, word in enumerate(words)}, "--languages", "ja")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.index()["prompts"]), len(words))

    @unittest.skipUnless(MEI.is_file(), "no Japanese voice here: ci/voice-pack fetches it")
    def test_the_same_text_gives_the_same_bytes(self):
        hashes = set()
        for _ in range(2):
            self.assertEqual(self.make({"ja": "職員にお知らせください。"}, "--languages", "ja").returncode, 0)
            hashes.add(self.index()["prompts"][0]["sha256"])
        self.assertEqual(len(hashes), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
