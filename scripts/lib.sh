# Shared by the scripts beside it; read with `.`, not run. POSIX sh.
# Gives: $root, $venv, say, die, prepare LOCK, real_things, portal_tools, portal.
set -eu

# Bytecode is kept: where this is set, every start of a server would compile everything again.
unset PYTHONDONTWRITEBYTECODE

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
venv=$root/.venv
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# The Python to build the environment with, in $python. GURITA_PYTHON names another one.
find_python() {
    for python in ${GURITA_PYTHON:-python3.11 python3.12 python3.13 python3.14 python3}; do
        if command -v "$python" >/dev/null 2>&1 &&
            "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            return 0
        fi
    done
    die "Gurita needs Python 3.11 or newer, and none was found (tried ${GURITA_PYTHON:-python3.11 to python3.14, python3}).
Install one (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: GURITA_PYTHON=/path/to/python $0"
}

# What the environment was made from: the lock, the package's own description, and where it stands.
stamp() {
    {
        printf '%s\n' "$root"
        cat "$root/requirements/$1.txt"
        # Only what setuptools reads; the tools' settings change nothing that is installed.
        sed '/^\[tool\.ruff\]/q' "$root/pyproject.toml"
        "$venv/bin/python" -V
    } | cksum
}

make_venv() {
    find_python
    say "Making .venv with $("$python" -V)"
    "$python" -m venv --clear "$venv" >/dev/null 2>&1 && return 0
    # Debian keeps what venv needs in a package of its own.
    minor=$("$python" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')
    install_packages "$minor" || die "$python cannot make a virtual environment. As root: apt-get install $minor"
    "$python" -m venv --clear "$venv"
}

# `prepare base` or `prepare dev`: .venv holds exactly what the lock names. Does nothing when it already does;
# needs the network only when something is missing.
prepare() {
    exec 9>"$root/.venv.lock"
    if command -v flock >/dev/null 2>&1; then flock 9; fi
    "$venv/bin/python" -c 'import pip' >/dev/null 2>&1 || make_venv
    if [ "$(cat "$venv/.stamp-$1" 2>/dev/null)" != "$(stamp "$1")" ]; then
        say "Installing requirements/$1.txt into .venv"
        "$venv/bin/python" -m pip install -qq --no-deps --require-hashes -r "$root/requirements/$1.txt" ||
            die "The packages of requirements/$1.txt could not be installed; see above."
        # Setuptools comes from the lock, so this step asks no registry.
        "$venv/bin/python" -m pip install -qq --no-deps --no-index --no-build-isolation --editable "$root" ||
            die "The checkout itself could not be installed; see above."
        stamp "$1" >"$venv/.stamp-$1"
        if [ "$1" = dev ]; then stamp base >"$venv/.stamp-base"; fi
    fi
    exec 9>&-
}

# Debian packages, if this is root on a Debian-like machine. Fails without a word otherwise.
install_packages() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    say "Installing with apt-get: $*"
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    # A fresh machine has no package lists yet, and old lists name files that are gone.
    apt-get update -qq </dev/null >&2 || say "apt-get update failed; going on with the lists that are here"
    apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" </dev/null >/dev/null
}

# What the tests use for real, each with the package that brings it. tests/needs.py looks in the same places.
missing_packages() {
    [ -x /usr/sbin/sshd ] || printf ' openssh-server'
    command -v ssh >/dev/null 2>&1 || printf ' openssh-client'
    ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || printf ' postgresql'
    command -v chromium >/dev/null 2>&1 || printf ' chromium'
    ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1 || printf ' libfaketime'
    [ -x /usr/sbin/nginx ] || printf ' nginx'
    [ -x /usr/sbin/haproxy ] || printf ' haproxy'
    command -v ps >/dev/null 2>&1 || printf ' procps'
    command -v docker-registry >/dev/null 2>&1 || printf ' docker-registry'
    command -v node >/dev/null 2>&1 || printf ' nodejs'
    command -v npm >/dev/null 2>&1 || printf ' npm'
    [ -x /usr/sbin/slapd ] || printf ' slapd'
    command -v rsync >/dev/null 2>&1 || printf ' rsync'
}

# Brings the things above where it may, and says what stays missing. Never fails: the tests decide what a gap means.
real_things() {
    missing=$(missing_packages)
    if [ -n "$missing" ]; then
        # shellcheck disable=SC2086  # a list of words
        install_packages $missing || true
        missing=$(missing_packages)
    fi
    [ -z "$missing" ] || say "Missing:$missing. Tests that need them are skipped (with GURITA_REQUIRE_REAL=1 they fail).
As root: apt-get install$missing"
}

# Whether the portal's tools can run: Node.js 20.19 or newer with npm. Says what is missing otherwise.
node_fits() {
    if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
        install_packages nodejs npm || true
    fi
    if command -v npm >/dev/null 2>&1 && node -e \
        'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
        >/dev/null 2>&1; then
        return 0
    fi
    say "The portal is built with Node.js 20.19 or newer and npm; here is: $(node -v 2>/dev/null || echo 'no Node.js').
Debian 13 has them (apt-get install nodejs npm); for Debian 12, Node's own packages do."
    return 1
}

# `portal_tools`: web/node_modules holds exactly what the lock names. Runs no script of a package. Functions of sh share
# their variables, so this one must not use those of `portal`, which calls it.
portal_tools() {
    node_fits || return 1
    exec 8>"$root/.venv.lock"
    if command -v flock >/dev/null 2>&1; then flock 8; fi
    lock=$(cat "$root/web/package.json" "$root/web/package-lock.json" | cksum)
    if [ "$(cat "$root/web/node_modules/.stamp" 2>/dev/null)" != "$lock" ]; then
        say "Installing web/package-lock.json into web/node_modules"
        (cd "$root/web" && npm ci --silent --ignore-scripts --no-audit --no-fund --prefer-offline >&2) ||
            die "The packages of web/package-lock.json could not be installed; see above."
        printf '%s\n' "$lock" >"$root/web/node_modules/.stamp"
    fi
    exec 8>&-
}

# `portal`: the pages are built from web/ into the package. Does nothing when they already are.
portal() {
    built=$root/src/gurita/server/portal
    want=$(cd "$root/web" && find . \( -name node_modules -o -name schema.d.ts \) -prune -o -type f -exec cksum {} + | LC_ALL=C sort | cksum)
    [ "$(cat "$built/.stamp" 2>/dev/null)" != "$want" ] || return 0
    portal_tools || return 1
    say "Building the portal"
    told=$(cd "$root/web" && npm run --silent build 2>&1) || die "$told
The portal could not be built; see above."
    printf '%s\n' "$want" >"$built/.stamp"
}
