"""The first command on a new connection, as a pure function of the file to bring (docs/subsystems/tickets.md, "First contact").

What the client does: run the line, read one line. `gurita-boot have`: the channel speaks frames from now on. `gurita-boot need`:
send exactly the file's bytes on stdin, then speak frames. `gurita-boot bare`: no Python 3.8 here, the command ends;
use `bare_command`. Anything else on that line is a host that does not run commands cleanly.
"""

from __future__ import annotations

import re
from typing import Sequence

__all__ = ["bare_command", "first_contact", "install_bare"]

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_WORD = re.compile(r"[A-Za-z0-9_.:@%+=,/-]+\Z")
_HOME = "R=${GURITA_HOME:-$HOME/.gurita}/runner"

# No single quote, no line break and no backslash may stand in what follows: it is one argument of `sh -c`, and the account's
# login shell, whichever it is, reads it first. Within Python's text no double quote, dollar or backquote either.
_TAKE = (
    "import hashlib,os,sys;"
    "f,d,m,w,o,s=sys.argv[1:];n=@SIZE@;b=bytearray();"
    "[b.extend(c) for c in iter(lambda:os.read(0,min(65536,n-len(b))),bytes())];"
    "hashlib.sha256(b).hexdigest()==d or sys.exit(str(len(b))+m);"
    "e=sys.executable;h=os.umask(63);"
    "[(t:=x+str(os.getpid()),g:=open(t,w),g.write(c),g.flush(),os.fsync(g.fileno()),g.close(),os.rename(t,x))"
    " for x,c in ((f[:-1],os.fsencode(e)+bytes((10,))),(f,b))];"
    "os.umask(h);os.execv(e,[e,o,f,s])"
)
_FIND = (
    "for p in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python3.9 python3.8 "
    "/usr/bin/python3 /usr/local/bin/python3 /usr/libexec/platform-python; do "
    "p=$(command -v $p) && $p -ISc "
    '"import sys;sys.exit(sys.version_info<(3,8))" 2>/dev/null && break; p=; done'
)


def first_contact(size: int, sha256: str) -> str:
    """The command line that answers `gurita-boot have|need|bare` and becomes `serve`.

    The Python found is remembered beside the cached file, so that the next contact starts one process only.
    """
    _check(size, sha256)
    script = (
        f'{_HOME}; F=$R/{sha256}.pyz; P=$R/{sha256}.py; p=; if [ -s "$F" ] && [ -s "$P" ] && [ $(wc -c <"$F") -eq {size} ]; '
        'then read p <"$P"; if [ -x "$p" ]; then echo gurita-boot have; exec "$p" -IS "$F" serve; fi; fi; '
        f"{_FIND}; "
        '[ "$p" ] || { echo gurita-boot bare; exit 0; }; (umask 077; mkdir -p "$R") || exit 73; echo gurita-boot need; '
        f'exec "$p" -ISc "{_TAKE}" "$F" {sha256} ": bytes came, not the file" wb -IS serve'
    )
    return _wrapped(script.replace("@SIZE@", str(size)))


def install_bare(size: int, sha256: str) -> str:
    """The command line that brings `bare.sh`, read from stdin until its end. It answers `gurita-boot have` or `gurita-boot bad`.

    Stdin may be empty where the file is known to be there.
    """
    _check(size, sha256)
    return _wrapped(
        f'{_HOME}; F=$R/{sha256}.sh; T=$F.$$; umask 077; mkdir -p "$R" || exit 73; cat >"$T" || exit 74; '
        f'if [ $(wc -c <"$T") -eq {size} ]; then mv -f "$T" "$F"; else rm -f "$T"; fi; '
        f'[ -f "$F" ] && [ $(wc -c <"$F") -eq {size} ] || {{ echo gurita-boot bad; exit 0; }}; '
        'S=; if command -v sha256sum >/dev/null; then S=$(sha256sum <"$F"); '
        'elif command -v shasum >/dev/null; then S=$(shasum -a 256 <"$F"); fi; '
        f'case $S in {sha256}*|"") echo gurita-boot have;; *) rm -f "$F"; echo gurita-boot bad;; esac'
    )


def bare_command(sha256: str, arguments: Sequence[str]) -> str:
    """The command line of one request to `bare.sh`, once installed. Arguments are plain words; raises ValueError."""
    _check(1, sha256)
    for word in arguments:
        if not _WORD.match(word):
            raise ValueError(f"{word!r} is no plain word")
    return _wrapped(f'{_HOME}; exec sh "$R/{sha256}.sh" {" ".join(arguments)}')


def _wrapped(script: str) -> str:
    return f"exec sh -c '{script}'"


def _check(size: int, sha256: str) -> None:
    if size <= 0 or not _SHA256.match(sha256):
        raise ValueError("a size above 0 and a SHA-256 in hex are needed")
