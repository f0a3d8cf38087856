#!/bin/sh
# Tickets for hosts without Python: the same store, states and rules as the runner's (docs/subsystems/tickets.md).
#   bare.sh hello
#   bare.sh start  TASK TICKET FENCE INTERPRETER TIMEOUT GRACE [write|read INSTALLATION HOLDER]     script on stdin
#   bare.sh follow TASK TICKET FENCE OFFSET      raw log bytes from there until the end, then the line on stderr
#   bare.sh status TASK TICKET FENCE
#   bare.sh cancel TASK TICKET FENCE GRACE
#   bare.sh forget TASK TICKET FENCE
#   bare.sh sweep  DAYS
# The line: STATE RC SIZE BEGUN STORE_ID BOOT_ID (RC is - until there is one).
# A refusal: exit code 3 and a line on stderr, `error CODE TEXT`, CODE as in the protocol (for fenced TEXT is the fence seen).
# Times are seconds. POSIX sh; uses flock and setsid where they are.
SCRIPT_UMASK=$(umask)
umask 077
ROOT=${GURITA_HOME:-$HOME/.gurita}
STORE=$ROOT/tickets-v1

fail() { unlock; echo "error $*" >&2; exit 3; }
nap() { sleep 0.2 2>/dev/null || sleep 1; }
have() { command -v "$1" >/dev/null 2>&1; }
durable() { sync "$@" 2>/dev/null || sync; }
random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }
first_line() { _l=; { read -r _l <"$1"; } 2>/dev/null; echo "$_l"; }
boot() { cat /proc/sys/kernel/random/boot_id 2>/dev/null || sysctl -n kern.boottime 2>/dev/null || echo unknown; }
now() { if { read -r _n <"/proc/uptime"; } 2>/dev/null; then echo "${_n%%.*}"; else date +%s; fi; }
whole() { case $1 in '' | *[!0-9]*) return 1 ;; esac; }
put() { echo "$2" >"$1.$$" && durable "$1.$$" && mv -f "$1.$$" "$1"; }

started() { # start time of process $1; empty for one that is gone or a zombie
  if [ -d /proc/self ]; then
    _s=
    { read -r _s <"/proc/$1/stat"; } 2>/dev/null || return 0
    # shellcheck disable=SC2086
    set -- ${_s##*") "}
    case $1 in Z | X) ;; *) echo "${20}" ;; esac
  else
    ps -o lstart= -p "$1" 2>/dev/null
  fi
}
mark() { echo "$1|$(started "$1")|$(boot)"; }
alive() { # whether the process a mark in file $1 names still runs
  _p= _t= _b=
  { IFS='|' read -r _p _t _b <"$1"; } 2>/dev/null
  case $_b in *" ") _b=$(echo "$_b" | sed 's/ *$//') ;; esac
  [ -n "$_t" ] && [ "$_b" = "$(boot)" ] && [ "$(started "$_p")" = "$_t" ]
}

LOCKED=
lock() {
  if have flock && [ -z "$GURITA_NO_FLOCK" ]; then
    exec 9>>"$STORE/lock"
    flock 9 && LOCKED=flock
    return
  fi
  _tries=0
  _me=$(mark $$)
  until mkdir "$STORE/lock.d" 2>/dev/null; do
    if mkdir "$STORE/lock.d/steal" 2>/dev/null; then
      # Only a lock whose owner is known to be dead is taken away; one without an owner is just being made, or 10 s late.
      if { [ -f "$STORE/lock.d/owner" ] && ! alive "$STORE/lock.d/owner"; } ||
        { [ ! -f "$STORE/lock.d/owner" ] && [ $_tries -gt 50 ]; }; then
        rm -rf "$STORE/lock.d"
        continue
      fi
      rmdir "$STORE/lock.d/steal" 2>/dev/null
    elif [ $_tries -gt 150 ] && [ -f "$STORE/lock.d/owner" ] && ! alive "$STORE/lock.d/owner"; then
      rm -rf "$STORE/lock.d"
      continue
    fi
    nap
    _tries=$((_tries + 1))
    [ $_tries -lt 300 ] || { echo "error failed the ticket store stays locked" >&2; exit 3; }
  done
  LOCKED=folder
  echo "$_me" >"$STORE/lock.d/owner.$$" && mv "$STORE/lock.d/owner.$$" "$STORE/lock.d/owner"
}
unlock() {
  case $LOCKED in flock) exec 9>&- ;; folder) rm -rf "$STORE/lock.d" ;; esac
  LOCKED=
}

find_ticket() { # sets D, the ticket's folder
  case $TASK$TICKET in *[!0-9a-f]*) fail bad-ticket "32 hex digits each" ;; esac
  [ ${#TASK} -eq 32 ] && [ ${#TICKET} -eq 32 ] || fail bad-ticket "32 hex digits each"
  whole "$FENCE" || fail bad-request "the fence is a whole number"
  D=$STORE/$TASK/$TICKET
}
admit() { # under the lock: refuse a lower fence, remember a higher one
  _seen=$(first_line "$STORE/$TASK/fence")
  [ "$FENCE" -ge "${_seen:-0}" ] || fail fenced "$_seen"
  if [ ! -d "$STORE/$TASK" ] || [ "$FENCE" -gt "${_seen:--1}" ]; then
    mkdir -p "$STORE/$TASK" && put "$STORE/$TASK/fence" "$FENCE" || fail no-space "$STORE"
  fi
}
field() { sed -n "s/.*\"$1\": *\"\\{0,1\\}\\([a-z0-9-]*\\).*/\\1/p" "$2" 2>/dev/null; }
look() { # sets STATE and RC of folder $1
  RC=-
  if [ ! -d "$1" ]; then
    STATE=unknown
    [ ! -f "$STORE/tombstones/${1##*/}" ] || STATE=forgotten
  elif [ -s "$1/result" ]; then
    STATE=$(field state "$1/result") RC=$(field rc "$1/result")
    case $RC in '' | null) RC=- ;; esac
  elif [ ! -d "$1/began" ]; then
    STATE=pending
    [ ! -f "$1/poison" ] || STATE=canceled
  elif alive "$1/proc"; then
    STATE=running
  else
    STATE=lost
  fi
}
state() { # as look; takes the lock where a ticket may just be beginning or ending
  look "$1"
  if [ $STATE = lost ]; then
    if [ -n "$LOCKED" ]; then look "$1"; else lock; look "$1"; unlock; fi
  fi
}
final() { case $STATE in ended | canceled | timedout | lost | forgotten) ;; *) return 1 ;; esac; }
size() { _z=$(wc -c 2>/dev/null <"$D/log") || _z=0; echo $((_z)); }
begun() { _g=$(first_line "$STORE/begun"); echo "${_g:-0}"; }
line() { echo "$STATE $RC $(size) $(begun) $(first_line "$STORE/store") $(boot)"; }

make_private() {
  [ ! -d "$D/private" ] || return 0
  rm -f "$D/private"
  if grep -q ' /dev/shm tmpfs ' /proc/mounts 2>/dev/null && [ -w /dev/shm ]; then
    _place=/dev/shm/gurita-$(random)
    ln -s "$_place" "$D/private" && mkdir "$_place"
  else
    mkdir "$D/private"
  fi
}
clear_private() {
  if [ -L "$D/private" ]; then
    _place=$(cd -P "$D/private" 2>/dev/null && pwd) && [ -O "$_place" ] && rm -rf "$_place"
  fi
  rm -rf "$D/private"
}
refuse_if_busy() { # $1 mode, $2 installation
  for _a in "$STORE/active"/*; do
    [ -f "$_a" ] || continue
    IFS='|' read -r _task _mode _other _holder <"$_a" || [ -n "$_holder" ]
    look "$STORE/$_task/${_a##*/}"
    if [ "$STATE" != running ]; then
      rm -f "$_a"
    elif [ "$_other" != "$2" ] && { [ "$1" = write ] || [ "$_mode" = write ]; }; then
      fail busy "$_holder"
    fi
  done
}
finish() { # $1 state, $2 rc
  printf '{"state": "%s", "rc": %s, "message": ""}\n' "$1" "$2" >"$D/result.new"
  durable "$D/result.new"
  mv "$D/result.new" "$D/result"
  durable "$D"
  rm -f "$STORE/active/$TICKET"
}
end_group() { # TERM, and KILL after $1 seconds
  kill -TERM "-$CHILD" 2>/dev/null || kill -TERM "$CHILD" 2>/dev/null
  _until=$(($(now) + ${1%%.*}))
  while kill -0 "-$CHILD" 2>/dev/null && [ "$(now)" -lt $_until ]; do nap; done
  kill -KILL "-$CHILD" 2>/dev/null
}
watch() { # $1 timeout, $2 grace; ends when it has stopped the script, when that is gone, or is killed
  _limit=0
  [ "${1%%.*}" -eq 0 ] || _limit=$(($(now) + ${1%%.*}))
  while kill -0 "$CHILD" 2>/dev/null && [ -d "$D" ]; do
    if [ -f "$D/poison" ]; then echo canceled >"$D/stopping"; end_group "$(first_line "$D/poison")"; return; fi
    if [ "$_limit" -gt 0 ] && [ "$(now)" -ge $_limit ]; then echo timedout >"$D/stopping"; end_group "$2"; return; fi
    nap
  done
}

launch() { # $1 interpreter, $2 timeout, $3 grace, $4 mode, $5 installation, $6 holder
  have setsid || trap '' HUP
  lock
  state "$D"
  [ "$STATE" = pending ] && [ -f "$D/private/script.sh" ] || { unlock; exit 0; }
  refuse_if_busy "$4" "$5"
  echo "$TASK|$4|$5|$6" >"$STORE/active/$TICKET"
  put "$STORE/begun" "$(($(begun) + 1))" && mkdir "$D/began" || { rm -f "$STORE/active/$TICKET"; unlock; exit 0; }
  durable "$D" "$STORE/$TASK" "$STORE"
  mark $$ >"$D/proc.new" && mv "$D/proc.new" "$D/proc"
  unlock
  mkdir -p "$D/work"
  : >>"$D/log"
  S=setsid
  have setsid || { S=; set -m; }
  ( umask "$SCRIPT_UMASK"; cd "$D/work" && exec $S "$1" "$D/private/script.sh" ) </dev/null >>"$D/log" 2>&1 &
  CHILD=$!
  mark "$CHILD" >"$D/child"
  watch "$2" "$3" &
  _watcher=$!
  wait "$CHILD"
  _rc=$?
  if [ -f "$D/stopping" ]; then wait $_watcher; else kill $_watcher 2>/dev/null; fi
  _how=$(first_line "$D/stopping")
  clear_private
  finish "${_how:-ended}" $_rc
}

OP=$1 TASK=$2 TICKET=$3 FENCE=$4
mkdir -p "$STORE/tombstones" "$STORE/active" "$STORE/trash" 2>/dev/null || fail no-space "$STORE"
if [ ! -s "$STORE/store" ]; then
  lock
  [ -s "$STORE/store" ] || put "$STORE/store" "$(random)" || fail no-space "$STORE"
  unlock
fi
case $OP in
hello)
  printf '%s\n' "format 1" "store_id $(first_line "$STORE/store")" "boot_id $(boot)" "begun $(begun)" \
    "hostname $(uname -n)" "os $(uname -s)" "os_version $(uname -r)" "arch $(uname -m)" "user $(id -un)"
  df -kP "$ROOT" | { read -r _; read -r _ _ _ _free _; echo "free_bytes $((_free * 1024))"; }
  if have bash; then echo "bash $(bash -c 'echo $BASH_VERSION')"; fi
  ;;
sweep)
  whole "$TASK" || fail bad-request "days is a whole number"
  lock
  _n=$(find "$STORE/tombstones" -type f -mtime +"$TASK" | wc -l)
  find "$STORE/tombstones" -type f -mtime +"$TASK" -exec rm -f {} +
  rm -rf "$STORE/trash"
  for D in "$STORE"/*/*; do
    [ -L "$D/private" ] || [ -d "$D/private" ] || continue
    look "$D"
    [ "$STATE" != lost ] && [ "$STATE" != canceled ] || { clear_private; _n=$((_n + 1)); }
  done
  unlock
  echo "removed $((_n))"
  ;;
start)
  find_ticket
  case $5 in sh | bash) ;; *) fail bad-request "only sh and bash run here without Python" ;; esac
  whole "${6%%.*}" && whole "${7%%.*}" || fail bad-request "timeout and grace are seconds"
  lock
  admit
  state "$D"
  case $STATE in
  unknown | pending) ;;
  forgotten) fail forgotten "this ticket has ended and was forgotten" ;;
  *) unlock; cat >/dev/null; line; exit 0 ;;
  esac
  refuse_if_busy "${8:-write}" "$9"
  mkdir -p "$D" && make_private && echo bare >"$D/kind" || fail no-space "$D"
  unlock
  cat >"$D/private/$$" || { rm -f "$D/private/$$"; fail no-space "$D"; }
  lock
  admit
  state "$D"
  if [ "$STATE" = pending ] && mv "$D/private/$$" "$D/private/script.sh"; then
    printf '{"interpreter": "%s", "timeout": %s, "grace": %s}\n' "$5" "${6:-0}" "${7:-10}" >"$D/spec"
    unlock
    if have setsid; then S=setsid; else S=nohup; fi
    shift 4
    $S sh "$0" _launch "$TASK" "$TICKET" "$FENCE" "$1" "${2:-0}" "${3:-10}" "${4:-write}" "$5" "$6" \
      </dev/null >/dev/null 2>&1 &
    _tries=0
    while [ "$STATE" = pending ] && [ $_tries -lt 100 ]; do nap; state "$D"; _tries=$((_tries + 1)); done
  fi
  unlock
  line
  ;;
_launch)
  find_ticket
  shift 4
  launch "$@"
  ;;
status)
  find_ticket
  lock
  admit
  unlock
  state "$D"
  line
  ;;
follow)
  find_ticket
  whole "$5" || fail bad-request "the offset is a whole number"
  lock
  admit
  unlock
  o=$5
  while :; do
    state "$D"
    z=$(size)
    if [ "$z" -gt "$o" ]; then
      tail -c "+$((o + 1))" "$D/log" | head -c $((z - o)) || exit 1
      o=$z
    elif final || [ "$STATE" = unknown ]; then
      line >&2
      exit 0
    else
      nap
    fi
  done
  ;;
cancel)
  find_ticket
  whole "${5%%.*}" || fail bad-request "grace is seconds"
  lock
  admit
  state "$D"
  if [ "$STATE" = lost ]; then
    if alive "$D/child"; then
      IFS='|' read -r CHILD _ <"$D/child"
      kill -KILL "-$CHILD" 2>/dev/null
    fi
  elif ! final; then
    mkdir -p "$D" && put "$D/poison" "${5:-10}" && durable "$D" "$STORE/$TASK" || fail no-space "$D"
    state "$D"
  fi
  unlock
  [ "$STATE" != canceled ] || clear_private
  line
  ;;
forget)
  find_ticket
  lock
  admit
  state "$D"
  case $STATE in
  running | pending) fail running "the ticket is $STATE" ;;
  forgotten) ;;
  *)
    # The bulk goes first: a full disk could not take the tombstone otherwise, and would stay full.
    rm -rf "$D/records" "$D/log" "$D/work" 2>/dev/null
    put "$STORE/tombstones/$TICKET" "$TASK $(date +%s)" || fail no-space "$STORE"
    ;;
  esac
  if [ -d "$D" ]; then
    clear_private
    mkdir -p "$STORE/trash"
    mv "$D" "$STORE/trash/$TICKET.$$" && rm -rf "$STORE/trash/$TICKET.$$" 2>/dev/null
  fi
  rm -f "$STORE/active/$TICKET"
  unlock
  STATE=forgotten RC=-
  line
  ;;
*)
  sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
  exit 64
  ;;
esac
