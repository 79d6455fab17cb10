#!/usr/bin/env python3
"""The staff's page in a real browser (Chromium without a screen): first start, login, state, settings, visual check,
mirror, restart, both languages, and a page of another site that gets nothing. Host agent and reader run as they do on a
desk; no card reader is needed.

  page_in_browser_test.py PROGRAMS FUND_LIBRARY [SCREENSHOT_FOLDER]
Exit code 77: there is no Chromium here."""
import asyncio
import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import websockets

PASSWORD = "照合 browser test"
PATIENCE_S = 60


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Browser:
    """One tab, driven by the DevTools protocol."""

    def __init__(self, channel):
        self.channel = channel
        self.number = 0
        self.complaints = []

    async def send(self, method, **params):
        self.number += 1
        await self.channel.send(json.dumps({"id": self.number, "method": method, "params": params}))
        return self.number

    async def call(self, method, **params):
        mine = await self.send(method, **params)
        while True:
            message = json.loads(await asyncio.wait_for(self.channel.recv(), PATIENCE_S))
            if message.get("method") == "Log.entryAdded" and message["params"]["entry"]["level"] == "error":
                self.complaints.append(message["params"]["entry"]["text"])
            if message.get("method") == "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(message["params"]["exceptionDetails"])[:500])
            if message.get("method") == "Page.javascriptDialogOpening":
                await self.send("Page.handleJavaScriptDialog", accept=True)
            if message.get("id") == mine:
                assert "error" not in message, message
                return message.get("result", {})

    async def js(self, expression):
        answer = await self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def until(self, expression, wanted=True):
        """A page has no moment at which it is done: ask until it is."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            seen = await self.js(expression)
            if seen == wanted:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{expression}: {seen!r}, expected {wanted!r}")

    async def go(self, url):
        await self.call("Page.navigate", url=url)
        await self.until("document.readyState", "complete")

    async def fill(self, where, text):
        await self.js(f"document.getElementById({json.dumps(where)}).value = {json.dumps(text)}")

    async def press(self, selector):
        # Not awaited: a question to the person (confirm) stops the page until it is answered.
        await self.js(f"setTimeout(() => document.querySelector({json.dumps(selector)}).click(), 0), 0")

    async def picture(self, file, width=1000, height=1500):
        await self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                        mobile=False)
        shot = await self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        Path(file).write_bytes(base64.b64decode(shot["data"]))


def visible(part):
    return f"!document.getElementById('{part}').hidden"


async def look(address, folder, pictures, port, reader_log):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
        tab = next(t for t in json.load(answer) if t["type"] == "page")
    async with websockets.connect(tab["webSocketDebuggerUrl"], max_size=64 << 20) as channel:
        b = Browser(channel)
        for domain in ("Page", "Runtime", "Log"):
            await b.call(domain + ".enable")
        await b.go(f"http://{address}/")

        # First start: the one-time secret leads to a password and nowhere else.
        await b.until(visible("login"))
        await b.fill("password", "not the password")
        await b.press("#login-form button")
        await b.until("document.getElementById('message').textContent", "パスワードが違います。")
        b.complaints = [c for c in b.complaints if "401" not in c]
        await b.fill("password", (folder / "management" / "first-password.txt").read_text())
        await b.press("#login-form button")
        await b.until(visible("first"))
        await b.fill("new-password", PASSWORD)
        await b.press("#first-form button")
        await b.until(visible("login"))
        await b.fill("password", PASSWORD)
        await b.press("#login-form button")
        await b.until(visible("inside"))

        # State: there is no card reader on this desk, and the page says so.
        await b.until("document.getElementById('phase').textContent", "利用できません")
        assert "つながっていません" in await b.js("document.getElementById('facts').textContent")
        await b.until("document.querySelectorAll('.setting').length > 5")
        # Every setting has words on the page (words.js); the page may just be asking for them anew.
        await b.until("settings ? Object.keys(settings).filter(key => !(key in SETTING_WORDS)).join() : 'not yet'", "")

        # A setting with markup and characters of four bytes comes back as it is, as text.
        words = "<b>診察券</b>も 𠮷田<img src=x onerror=alert(1)>"[:40]
        await b.js(f"document.querySelector('[data-key=text_idle]').value = {json.dumps(words)}")
        await b.press("#settings-form button")
        await b.until("document.getElementById('message').textContent", "設定を保存しました。")
        assert await b.js("document.querySelector('[data-key=text_idle]').value") == words
        kept = json.loads((folder / "storage" / "settings.json").read_text())
        assert kept["text_idle"] == words, kept

        # Languages are boxes: Japanese cannot be taken away, another can.
        assert await b.js("document.querySelector('[data-key=languages] input[value=ja]').disabled")
        await b.press("[data-key=languages] input[value=zh]")
        await b.press("#settings-form button")
        await b.until("document.getElementById('message').textContent", "設定を保存しました。")
        kept = json.loads((folder / "storage" / "settings.json").read_text())
        assert kept["languages"] == ["ja", "en", "ko"], kept

        # Visual check, armed and taken back.
        await b.press("#arm")
        await b.until("document.getElementById('visual-state').textContent.startsWith('●')")
        await b.press("#disarm")
        await b.until("document.getElementById('visual-state').textContent.startsWith('○')")

        # The mirror shows a picture while it is on.
        await b.press("#mirror-switch")
        await b.until("document.getElementById('mirror').naturalWidth > 100")
        assert "患者の画面" in await b.js("document.getElementById('mirror').alt")

        await b.press("#log-audit")
        await b.until("document.getElementById('log').textContent.includes('visual_check')")
        if pictures:
            await b.picture(pictures / "management-ja.png")
        await b.press("#language")
        await b.until("document.documentElement.lang", "en")
        await b.until("document.getElementById('phase').textContent", "Out of service")
        if pictures:
            await b.picture(pictures / "management-en.png")
            shot = await b.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                                clip={"x": 0, "y": 0, "width": 1000, "height": 1560, "scale": 0.6})
            (pictures / "management.png").write_bytes(base64.b64decode(shot["data"]))
        # Narrow, as on the edge of a clinic PC's screen: nothing has to be scrolled sideways (WCAG 1.4.10).
        await b.call("Emulation.setDeviceMetricsOverride", width=320, height=800, deviceScaleFactor=1, mobile=False)
        assert await b.js("document.documentElement.scrollWidth <= 320"), "wider than 320 CSS px"
        # Everything that can be filled in or pressed has a name, and targets are large enough (WCAG 4.1.2, 2.5.8).
        unnamed = await b.js("""[...document.querySelectorAll('input, button')].filter(e => e.offsetParent &&
          !(e.textContent.trim() || (e.labels && [...e.labels].some(l => l.textContent.trim())))).map(e => e.id)""")
        assert unnamed == [], unnamed
        small = await b.js("""[...document.querySelectorAll('button')].filter(e => e.offsetParent &&
          (e.offsetHeight < 44 || e.offsetWidth < 24)).map(e => e.id)""")
        assert small == [], small
        await b.press("#mirror-switch")

        # A reload stays inside; a restart of the reader is seen to happen.
        await b.go(f"http://{address}/")
        await b.until(visible("inside"))
        boots = reader_log.read_text().count('"boot"')
        await b.press("#restart")
        end = time.monotonic() + PATIENCE_S
        while reader_log.read_text().count('"boot"') == boots and time.monotonic() < end:
            await b.js("0")
            await asyncio.sleep(0.05)
        assert reader_log.read_text().count('"boot"') == boots + 1
        await b.until("document.getElementById('phase').textContent", "Out of service")

        # What another site's page asks for with this browser's cookie is refused.
        before = b.complaints
        status = await b.js(f"""fetch('http://localhost:{address.split(':')[1]}/api/status', {{credentials: 'include'}})
          .then(r => r.status, () => 'blocked')""")
        assert status == "blocked", status
        b.complaints = before and [c for c in before if "localhost" not in c and "Content Security" not in c]

        await b.press("#logout")
        await b.until(visible("login"))
        assert await b.js("document.getElementById('facts').textContent") == ""
        assert await b.js("document.cookie") == "", "the cookie can be read by a script"
        trouble = [c for c in b.complaints if "localhost" not in c and "favicon" not in c and "401" not in c]
        assert trouble == [], trouble
        await b.call("Browser.close")


def main():
    programs, fund = Path(sys.argv[1]), sys.argv[2]
    pictures = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        print("no Chromium here")
        return 77
    with tempfile.TemporaryDirectory(prefix="shogo_page_") as name:
        folder = Path(name)
        (folder / "logs").mkdir()
        subprocess.run([programs / "shogo-host-agent", "provision", folder], check=True, stdout=subprocess.DEVNULL)
        address = f"127.0.0.1:{free_port()}"
        bench = {"version": 1, "link_address": f"127.0.0.1:{free_port()}", "link_key_file": str(folder / "link.key"),
                 "fund_program": fund, "log_folder": str(folder / "logs"), "pcsc_socket": str(folder / "no-pcscd"),
                 "server_url": "https://127.0.0.1:9", "trust_anchor_pem": "", "client_cert_pem": "", "client_key_pem": "",
                 "management_folder": str(folder / "management"), "management_address": address,
                 "storage_folder": str(folder / "storage")}
        (folder / "bench.json").write_text(json.dumps(bench))
        running = []
        try:
            for program in ("shogo-host-agent", "shogo-reader"):
                running.append(subprocess.Popen([programs / program, "--bench", folder / "bench.json"],
                                                stderr=subprocess.DEVNULL))
            browser_port = free_port()
            running.append(subprocess.Popen(
                [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 "--no-first-run", f"--user-data-dir={folder / 'browser'}", f"--remote-debugging-port={browser_port}",
                 "--remote-allow-origins=*", "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            end = time.monotonic() + PATIENCE_S
            for port in (int(address.split(":")[1]), browser_port):
                while True:
                    with socket.socket() as probe:
                        if probe.connect_ex(("127.0.0.1", port)) == 0:
                            break
                    assert time.monotonic() < end, f"nobody listens on {port}"
                    assert all(p.poll() is None for p in running), "a program ended at once"
                    time.sleep(0.05)
            asyncio.run(look(address, folder, pictures, browser_port, folder / "logs" / "reader.log"))
            assert running[0].poll() is None, f"the host agent ended with {running[0].returncode}"
        except AssertionError:
            print("still running:", [p.poll() is None for p in running], file=sys.stderr)
            for log in sorted((folder / "logs").iterdir()):
                print(log.name, *log.read_text().splitlines()[-8:], sep="\n  ", file=sys.stderr)
            raise
        finally:
            for process in reversed(running):
                process.terminate()
            for process in running:
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
    print("the page works in a browser")
    return 0


if __name__ == "__main__":
    sys.exit(main())
