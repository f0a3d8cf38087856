#!/bin/sh
# Installs the Gurita agent on this machine and registers it with the server it was fetched from.
#
#   curl -fsS SERVER/agent/install.sh | sh -s -- --server SERVER --token TOKEN
#
# Needs Python 3.11 or newer with venv. As root it makes a user "gurita" and a systemd service; otherwise it prints the
# command that keeps the agent running. Everything else after `--` goes to `gurita-agent register`.
set -eu

say() { printf '%s\n' "$*" >&2; }
fail() { say "gurita agent: $*"; exit 1; }

server=''
token="${GURITA_REGISTRATION_TOKEN:-}"
register=''
quote() { printf "'%s' " "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }
while [ $# -gt 0 ]; do
    case $1 in
    --server) [ $# -ge 2 ] || fail "--server needs the server's address"; server=$2; shift 2 ;;
    --token) [ $# -ge 2 ] || fail "--token needs the one-time token"; token=$2; shift 2 ;;
    *) register="$register$(quote "$1")"; shift ;;
    esac
done
[ -n "$server" ] || fail "say where the server is: --server http://name:8065"
[ -n "$token" ] || fail "give the one-time token the server made: --token TOKEN"

python=''
for candidate in python3.14 python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "needs Python 3.11 or newer with venv (on Debian: apt-get install python3-venv)"

if [ "$(id -u)" = 0 ]; then
    base=/opt/gurita-agent home=/var/lib/gurita-agent
    id gurita >/dev/null 2>&1 || useradd --system --home-dir "$home" --shell /bin/sh gurita
    mkdir -p "$base" "$home"
    chown gurita: "$home"
    as_agent() { setpriv --reuid gurita --regid gurita --init-groups env HOME="$home" "$@"; }
else
    base=$HOME/.local/share/gurita-agent home=$HOME/.gurita-agent
    mkdir -p "$base" "$home"
    as_agent() { "$@"; }
fi
chmod 700 "$home"

say "Installing into $base"
"$python" -m venv "$base/venv"
wheel="$base/@WHEEL@"
"$python" - "$server/agent/@WHEEL@" "$wheel" <<'PYTHON'
import sys
import urllib.request

with urllib.request.urlopen(sys.argv[1], timeout=60) as answer, open(sys.argv[2], "wb") as file:
    file.write(answer.read())
PYTHON
"$base/venv/bin/pip" install --quiet --upgrade "$wheel"

say "Registering with $server"
eval "set -- $register"
GURITA_REGISTRATION_TOKEN=$token as_agent "$base/venv/bin/gurita-agent" register --home "$home" --server "$server" "$@"

if [ "$(id -u)" = 0 ] && [ -d /run/systemd/system ]; then
    "$base/venv/bin/gurita-agent" unit --home "$home" --user gurita >/etc/systemd/system/gurita-agent.service
    systemctl daemon-reload
    systemctl enable --now gurita-agent.service
    say "The agent runs as the service gurita-agent."
else
    say "Keep the agent running with:"
    printf '%s\n' "$base/venv/bin/gurita-agent run --home $home"
fi
