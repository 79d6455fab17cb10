"""Devices that shogo did not write, each in a way of its own. They share no code with shogo: the messages come from
docs/device-protocol.md, the WebSocket from python3-websockets.

usage: foreign_adapter.py MODE [--key-mm N] [--gap-mm N]     prints its address, serves one harness after the other

  keypad       plausible: sees the bench's cards over bench.rf_socket and shows a keypad; offers no log, no settings
  no_caps      the same, but offers nothing beyond the required messages
  always_yes   claims everything, answers everything with success, parades happy states, shows black frames
  always_no    -32001 to everything, hello included
  no_after     a good hello, then -32001 to everything
  hello_only   a good hello, then never an answer
  silent       accepts the WebSocket and never answers
  garbage      a keypad that sends texts and frames which mean nothing
  bad_seq      a keypad that loses every third notification
  not_utf8     a keypad that sends bytes which are no text, in answer to begin_case
  huge         a keypad that sends 80 MB in answer to begin_case
  leaves       a keypad that closes the connection at the third request after begin_case
"""
import argparse
import asyncio
import contextlib
import json
import struct
import time

import websockets  # Debian and Ubuntu: python3-websockets

from keypad_drawing import Keypad

WIDTH, HEIGHT, INCHES = 800, 1280, 8.0
ALL_CAPS = [
    "screen.frames", "screen.ui", "input.touch", "input.key", "card.rf", "host.path", "log.export", "config.settings",
]  # fmt: skip
KEYPAD_CAPS = ["screen.frames", "screen.ui", "input.touch", "card.rf"]
PARADE = ["idle", "place_card", "method", "pin", "verifying", "result_ok", "take_card", "wiping"]
UNIMPLEMENTED = -32001


class Refusal(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Adapter:
    """One connection: envelope, notifications, frames. Subclasses answer the requests."""

    caps = []

    def __init__(self, socket, options):
        self.socket, self.options = socket, options
        self.seq = self.frame_seq = 0
        self.tasks = []

    async def serve(self):
        try:
            async for text in self.socket:
                request = json.loads(text)
                await self.answer(request["id"], request["method"], request.get("params", {}))
        finally:
            for task in self.tasks:
                task.cancel()

    async def answer(self, number, method, params):
        reply = {"jsonrpc": "2.0", "id": number}
        try:
            handler = getattr(self, "on_" + method, None)
            if handler is None:
                raise Refusal(UNIMPLEMENTED, method)
            reply["result"] = await handler(params)
        except Refusal as refusal:
            reply["error"] = {"code": refusal.code, "message": str(refusal)}
        await self.socket.send(json.dumps(reply))

    async def notify(self, kind, **params):
        self.seq += 1
        params.update(seq=self.seq, t_dev=time.monotonic_ns())
        await self.socket.send(json.dumps({"jsonrpc": "2.0", "method": kind, "params": params}))

    async def binary(self, channel, payload):
        self.frame_seq += 1
        header = struct.pack("<4sHHQQII", b"SHG1", channel, 0, self.frame_seq, time.monotonic_ns(), len(payload), 0)
        await self.socket.send(header + payload)
        return self.frame_seq

    async def frame(self, pixels):
        await self.binary(1, struct.pack("<III", WIDTH, HEIGHT, 1) + pixels)

    async def on_hello(self, params):
        return {
            "proto": 1,
            "caps": self.caps,
            "identity": {
                "model": "foreign-" + self.options.mode, "serial": "synthetic", "fw": "1", "engine": "none",
                "os": "python", "sbom_sha256": "",
            },
            "panel": {"inches": INCHES, "width_px": WIDTH, "height_px": HEIGHT},
            "keypad": "none",
        }  # fmt: skip


class KeypadDevice(Adapter):
    """Idle, method, PIN page, refusal: enough of a reader to be measured, and honest about the rest."""

    caps = KEYPAD_CAPS
    drawn = {}

    def __init__(self, socket, options):
        super().__init__(socket, options)
        self.state = "idle"
        self.substate = ""
        self.card = False
        self.digits = 0
        self.watched = False
        self.keypad = Keypad(WIDTH, HEIGHT, INCHES, options.key_mm, options.gap_mm)

    # --- the screen
    def nodes(self):
        buttons = {"Back": (40, 1150, 200, 90)}
        if self.state == "method":
            buttons["PIN"] = (100, 500, 600, 200)
        if self.state == "pin":
            buttons.update(self.keypad.keys)
        return buttons if self.state in ("method", "pin") else {}

    def pixels(self):
        key = (self.options.key_mm, self.options.gap_mm, self.state == "pin")
        if key not in self.drawn:
            blank = b"\xf0\xf0\xf0" * (WIDTH * HEIGHT)
            self.drawn[key] = self.keypad.draw() if self.state == "pin" else blank
        return self.drawn[key]

    async def show(self, state, substate=""):
        self.state, self.substate = state, substate
        if self.watched:
            await self.frame(self.pixels())
        await self.notify("state", name=state, screen_id=state, lang="en", substate=substate)

    # --- the antenna: asks four times a second whether a card lies there
    async def poll_card(self, path):
        reader, writer = await asyncio.open_unix_connection(path)

        async def exchange(kind):
            writer.write(struct.pack(">IBB", 2, kind, 0))
            size, answer, _ = struct.unpack(">IBB", await reader.readexactly(6))
            await reader.readexactly(size - 2)
            return answer

        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await exchange(0x01)
                present = await exchange(0x02) == 0x82
                if present != self.card:
                    self.card = present
                    self.digits = 0
                    await self.show("method" if present else "idle")
                await asyncio.sleep(0.05)

    # --- requests
    async def on_hello(self, params):
        path = params.get("bench", {}).get("rf_socket")
        if path and "card.rf" in self.caps:
            self.tasks.append(asyncio.create_task(self.poll_card(path)))
        return await super().on_hello(params)

    async def on_ping(self, params):
        return {"t": params["t"], "t_dev": time.monotonic_ns()}

    async def on_begin_case(self, params):
        return {}

    async def on_end_case(self, params):
        return {}

    async def on_reset(self, params):
        if params.get("level") not in ("app", "os", "power", "factory"):
            raise Refusal(-32602, "level must be app, os, power or factory")
        # A restarted device knows of no card until its antenna finds one.
        self.digits, self.card = 0, False
        await self.show("idle")
        return {}

    async def on_subscribe_frames(self, params):
        self.require("screen.frames")
        self.watched = True
        await self.frame(self.pixels())
        return {"width": WIDTH, "height": HEIGHT}

    async def on_get_ui_tree(self, params):
        self.require("screen.ui")
        nodes = [
            {
                "id": name.lower(), "role": "button", "bounds_px": list(box), "text": name, "enabled": True,
                "font_px": 40, "colour": ["#000000", "#ffffff"], "spoken": name,
            }
            for name, box in self.nodes().items()
        ]  # fmt: skip
        return {"state": self.state, "screen_id": self.state, "lang": "en", "nodes": nodes}

    async def on_touch(self, params):
        self.require("input.touch")
        if params["phase"] == "up":
            return {}
        x, y = params["points"][0]
        for name, (left, top, width, height) in self.nodes().items():
            if left <= x < left + width and top <= y < top + height:
                await self.press(name)
                break
        return {}

    def require(self, capability):
        if capability not in self.caps:
            raise Refusal(UNIMPLEMENTED, capability)

    async def press(self, name):
        if name == "PIN":
            await self.show("pin")
        elif name == "Back":
            self.digits = 0
            await self.show("method")
        elif name == "Delete":
            self.digits = max(0, self.digits - 1)
        elif name.isdigit():
            self.digits = min(4, self.digits + 1)
        elif name == "Done" and self.digits == 4:
            # It cannot talk to cards, and says so instead of pretending.
            await self.notify("result", session="1", method="pin", outcome="ng", reason="card_unsupported", attempts=0)
            await self.show("result_ng", "card_unsupported")


class NoCaps(KeypadDevice):
    caps = []


class AlwaysYes(Adapter):
    caps = ALL_CAPS

    async def on_hello(self, params):
        self.tasks.append(asyncio.create_task(self.parade()))
        return await super().on_hello(params)

    async def parade(self):
        """Every state that a script may wait for comes by, and every transaction succeeds."""
        while True:
            for state in PARADE:
                await self.notify("state", name=state, screen_id=state, lang="ja", substate="")
                if state == "result_ok":
                    await self.notify("result", session="1", method="pin", outcome="ok", reason="none", attempts=1)
                await asyncio.sleep(0.1)

    async def answer(self, number, method, params):
        result = {"t": params.get("t", 0), "t_dev": time.monotonic_ns(), "random_keypad": True}
        if method == "hello":
            result = await self.on_hello(params)
        if method == "subscribe_frames":
            result = {"width": WIDTH, "height": HEIGHT}
            await self.frame(bytes(WIDTH * HEIGHT * 3))
        if method == "get_ui_tree":
            words = ["暗証番号を入力", "確定", "消す", "戻る"] + list("0123456789")
            nodes = [
                {"id": word, "role": "button", "text": word, "bounds_px": [100, 90 * i, 110, 80], "enabled": True}
                for i, word in enumerate(words)
            ]
            result = {"state": "pin", "screen_id": "pin", "lang": "ja", "nodes": nodes}
        if method == "export_logs":
            log = b'{"event":"all is well"}\n'
            result = {"channel": 2, "seq": await self.binary(2, log), "length": len(log)}
        await self.socket.send(json.dumps({"jsonrpc": "2.0", "id": number, "result": result}))


class AlwaysNo(Adapter):
    on_hello = None


class NoAfter(Adapter):
    caps = ALL_CAPS


class HelloOnly(Adapter):
    caps = ALL_CAPS

    async def answer(self, number, method, params):
        if method == "hello":
            await super().answer(number, method, params)


class Silent(Adapter):
    async def answer(self, number, method, params):
        pass


class Garbage(KeypadDevice):
    async def on_begin_case(self, params):
        for text in ("garbage", "{}", "[1, 2", '{"jsonrpc": "2.0", "id": 4711, "result": {}}', "null"):
            await self.socket.send(text)
        await self.socket.send(b"SHG1 and then nothing of use")
        await self.notify("state", name="lunch", screen_id="x", lang="en", substate="")
        await self.notify("state", name=7, screen_id=None, lang="en", substate="")
        return {}


class BadSeq(KeypadDevice):
    async def notify(self, kind, **params):
        if self.seq % 3 == 2:
            self.seq += 1
        await super().notify(kind, **params)


class NotUtf8(KeypadDevice):
    async def on_begin_case(self, params):
        # A text frame by hand: the library would not send such bytes as text.
        self.socket.transport.write(b"\x81\x02\xff\xfe")
        return {}


class Huge(KeypadDevice):
    async def on_begin_case(self, params):
        await self.socket.send("x" * 80_000_000)
        return {}


class Leaves(KeypadDevice):
    countdown = None

    async def answer(self, number, method, params):
        if method == "begin_case":
            self.countdown = 3
        elif self.countdown is not None:
            self.countdown -= 1
            if self.countdown == 0:
                await self.socket.close()
                return
        await super().answer(number, method, params)


MODES = {
    "keypad": KeypadDevice, "no_caps": NoCaps, "always_yes": AlwaysYes, "always_no": AlwaysNo, "no_after": NoAfter,
    "hello_only": HelloOnly, "silent": Silent, "garbage": Garbage, "bad_seq": BadSeq, "not_utf8": NotUtf8,
    "huge": Huge, "leaves": Leaves,
}  # fmt: skip


async def main(options):
    async def one_harness(socket, path=None):
        with contextlib.suppress(websockets.ConnectionClosed):
            await MODES[options.mode](socket, options).serve()

    async with websockets.serve(one_harness, "127.0.0.1", 0, max_size=None, compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        print(f"ws://127.0.0.1:{port}", flush=True)
        await asyncio.Future()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=sorted(MODES))
    parser.add_argument("--key-mm", type=float, default=15.0)
    parser.add_argument("--gap-mm", type=float, default=5.0)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(parser.parse_args()))
