"""Scripts that try to give their secrets away, and somebody who watches all processes while they run."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.canary import Canary

__all__ = ["BARE", "BASH", "PYTHON", "READ", "Watching"]

BASH = r"""
show() {
  local s="$1" i
  echo "plain: $s"
  echo "error: $s" >&2
  printf '%s' "$s" | base64 -w0; echo
  printf 'x%s' "$s" | base64 -w0; echo
  printf 'xx%s' "$s" | base64
  printf '%s' "$s" | od -An -v -tx1 | tr -d ' \n'; echo
  printf '%s' "$s" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F; echo
  printf 'quoted: %q\n' "$s"
  (set -x; : "$s")
  printf '%s' "$s" | rev; echo
  for ((i = 0; i < ${#s}; i++)); do printf '%s' "${s:i:1}"; [ $i != 12 ] || sleep 0.3; done; echo
  for ((i = 0; i < ${#s}; i++)); do printf '%s' "${s:i:1}" >&2; done; echo >&2
  echo "${s:0:18}"; echo "${s:18}"
  write_warning "warned of $s"
  write_verbose "quietly $s"
  update_progress 5 "on the way with $s"
  echo "##octopus[rubbish $s]"
}
show "$(get_octopusvariable Hard)"
show '#{Simple}'
for line in "$(get_octopusvariable Lines)"; do echo "$line"; printf '%s' "$line" | base64 -w0; echo; done
get_octopusvariable Lines | while read -r each; do echo "one: $each"; done
get_octopusvariable Answer; echo
[ -n "$(get_octopusvariable Login.Password)" ] && echo "an account came through"
show "$(get_octopusvariable Login.Password)"
[ -n "$(get_octopusvariable Cert.PrivateKeyPem)" ] && echo "a certificate came through"
for of in PrivateKeyPem Pfx Password; do get_octopusvariable "Cert.$of"; echo; get_octopusvariable "Cert.$of" | base64; done
hard="$(get_octopusvariable Hard)"
set_octopusvariable Made "${hard#?}-made" -sensitive
echo "made ${hard#?}-made"
set_octopusvariable Said "plainly $hard"
echo kept > kept.txt
new_octopusartifact "$PWD/kept.txt" "named '#{Simple}'"
sleep 1
"""

READ = r"""
v="$(get_octopusvariable "Octopus.Action[Show].Output.Made")"
[ -n "$v" ] && echo "came through"
echo "$v"; printf '%s' "$v" | base64
get_octopusvariable "Octopus.Action[Show].Output.Said"; echo
"""

PYTHON = r"""
import base64, html, json, shlex, sys, time
from urllib.parse import quote, quote_plus
for name in ("Hard", "Simple", "Wide", "Lines", "Answer"):
    s = get_octopusvariable(name)
    raw = s.encode()
    for shown in (s, repr(s)[1:-1], json.dumps(s), json.dumps({"a": [s]}, ensure_ascii=False), quote(s), quote(s, safe=""),
                  quote_plus(s), base64.b64encode(raw), base64.b64encode(b"user:" + raw), base64.urlsafe_b64encode(b"?" + raw),
                  base64.encodebytes(b"??" + raw), raw.hex(), raw.hex().upper(), s[::-1], shlex.quote(s), html.escape(s)):
        print(shown.decode() if isinstance(shown, bytes) else shown, flush=True)
    for at in range(0, len(raw), 3):
        sys.stdout.buffer.write(raw[at : at + 3])
        sys.stdout.buffer.flush()
    print()
time.sleep(0.5)
raise RuntimeError(get_octopusvariable("Simple"))
"""

BARE = r"""
s='#{Simple}'
echo "plain: $s"; echo "error: $s" >&2
printf '%s' "$s" | base64; printf 'x%s' "$s" | base64
printf '%s' "$s" | od -An -v -tx1 | tr -d ' \n'; echo
printf '%s' "$s" | rev; echo
printf '%s' "$s" | cut -c1-15; sleep 0.5; printf '%s' "$s" | cut -c16-
printf 'QZ7KW'; sleep 0.4; printf '%s\n' "${s#QZ7KW}"
echo "##octopus[setVariable name='U2FpZA==' value='$(printf '%s' "again $s" | base64 -w0)']"
"""


class Watching:
    """While it is open, command lines and environments of all processes but `spared` are searched for what a canary knows."""

    def __init__(self, canary: Canary, spared: set[int]) -> None:
        self.found: set[str] = set()
        self.seen = 0
        self._canary, self._spared = canary, {*spared, os.getpid()}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.is_set():
            for entry in os.scandir("/proc"):
                if entry.name.isdigit() and int(entry.name) not in self._spared:
                    self._look(Path(entry.path))
            time.sleep(0.01)

    def _look(self, process: Path) -> None:
        for what in ("cmdline", "environ"):
            with contextlib.suppress(OSError):
                self.seen += 1
                self.found |= {
                    f"{what}: {leak}" for leak in self._canary.leaks((process / what).read_bytes())
                }
