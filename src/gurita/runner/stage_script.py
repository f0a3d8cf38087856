"""Runs one script of a stage as a child in the ticket's process group; its output passes through, its variables are noted."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from typing import Callable, Dict, List, NamedTuple, Optional

from gurita.formats.service_messages import ERROR, Levels, Message, Parser, Text
from gurita.runner.durable import make_folder
from gurita.runner.faults import without_faults
from gurita.runner.private import remove_tree, write_files
from gurita.runner.scripts import call_beside, files_beside
from gurita.runner.told import Told

__all__ = ["EXTENSIONS", "Ended", "Script", "run_script"]

EXTENSIONS = {"bash": ".sh", "python": ".py", "pwsh": ".ps1"}

_READ = 1 << 18
_LOOK = 0.2
_DRAIN = 2.0


class Script(NamedTuple):
    """A script to run: at `path`, or as `text` when there is no path."""

    name: str
    interpreter: str
    text: str
    path: str = ""
    arguments: List[str] = []


class Ended(NamedTuple):
    """How a script ended. `problem` says why it could not begin; `told` is the failure it gave itself."""

    rc: int
    errors_seen: bool = False
    told: str = ""
    problem: str = ""


def run_script(
    script: Script,
    variables: Dict[str, str],
    private: str,
    workdir: str,
    note: Callable[[str, str], None],
    told: Told,
) -> Ended:
    """Run it to its end. `private` is the ticket's private folder; `note` is called with every output variable set."""
    place = os.path.join(private, f"stage-{os.urandom(6).hex()}")
    make_folder(place)
    try:
        text = script.text.replace("\r\n", "\n")
        path = script.path or os.path.join(place, "script" + EXTENSIONS[script.interpreter])
        files = files_beside(script.interpreter, text, variables, path)
        if not script.path:
            files[os.path.basename(path)] = text.encode("utf-8", "surrogatepass")
        write_files(place, files)
        call = call_beside(script.interpreter, place, path, script.arguments)
        if call.problem:
            return Ended(127, problem=call.problem)
        child = subprocess.Popen(
            call.arguments,
            executable=call.path,
            cwd=workdir,
            env=without_faults(dict(os.environ)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        return _Passage(child, note, told).to_the_end()
    finally:
        remove_tree(place)


class _Passage:
    """Bytes of a child on their way to this process's own stdout and stderr."""

    def __init__(
        self, child: "subprocess.Popen[bytes]", note: Callable[[str, str], None], told: Told
    ) -> None:
        self._child = child
        self._note = note
        self._told = told
        self._levels = Levels()
        self._errors_seen = False
        self._failure = ""
        self._parsers: Dict[int, Parser] = {1: Parser(), 2: Parser()}
        self._last = {1: b"\n", 2: b"\n"}

    def to_the_end(self) -> Ended:
        """Pass on until both streams end, or the child ended and others hold its streams."""
        assert self._child.stdout is not None and self._child.stderr is not None  # noqa: PT018, S101
        streams = {self._child.stdout.fileno(): 1, self._child.stderr.fileno(): 2}
        until: Optional[float] = None
        with self._child, selectors.DefaultSelector() as selector:
            for handle in streams:
                selector.register(handle, selectors.EVENT_READ)
            while streams and (until is None or time.monotonic() < until):
                for key, _ in selector.select(_LOOK):
                    data = os.read(key.fd, _READ)
                    if data:
                        self._pass(streams[key.fd], data)
                    else:
                        selector.unregister(key.fd)
                        del streams[key.fd]
                if until is None and self._child.poll() is not None:
                    until = time.monotonic() + _DRAIN
            self._child.wait()
        self._close()
        code = self._child.returncode
        return Ended(128 - code if code < 0 else code, self._errors_seen, self._failure)

    def _pass(self, stream: int, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(stream, view) :]
        self._last[stream] = data[-1:]
        for event in self._parsers[stream].feed(data):
            if isinstance(event, Message):
                self._message(event)
            elif isinstance(event, Text) and stream == 2 and self._levels.stderr == ERROR:
                self._errors_seen = self._errors_seen or bool(event.data.strip())

    def _message(self, message: Message) -> None:
        if self._levels.apply(message.name):
            return
        if message.name == "setVariable":
            self._note(message.attributes.get("name", ""), message.attributes.get("value", ""))
        elif message.name == "resultMessage":
            self._failure = message.attributes.get("message", "")

    def _close(self) -> None:
        """What comes next begins on a line of its own, at the usual level, whatever the script left open."""
        for stream, parser in self._parsers.items():
            held = b"".join(event.data for event in parser.finish() if isinstance(event, Text))
            if held.startswith(b"##octopus["):
                os.write(stream, b"]\n")
            elif self._last[stream] != b"\n":
                os.write(stream, b"\n")
        self._told.raw(b"##octopus[stdout-default]\n##octopus[stderr-default]\n")
