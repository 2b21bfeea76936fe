#!/bin/sh
# Runs a program that would outlive its parent, and ends it, with all that it started, when standard input closes: because the parent wants
# it, or because the parent is gone, however it went.
#
#   guard.sh NAME=VALUE TENTHS PROGRAM ARGUMENT…
#
# The program gets a session of its own, out of reach of a terminal's Ctrl-C, and NAME=VALUE in its environment, by which all that it
# starts is found, in whatever session. It is asked with SIGTERM, and killed after so many tenths of a second. The exit code is the
# program's. (A signal at the parent's death, as prctl and setpriv have it, would reach the program alone and not what it started; and it
# comes when the thread that forked ends, which in .NET is long before the process does.)
set -u
mark=$1
tenths=$2
shift 2

# Kills what carries the mark, until nothing does: a process that is being forked is found in the next round.
sweep() {
  rounds=100
  while [ "$rounds" -gt 0 ]; do
    found=$(grep -slzxF -- "$mark" /proc/[0-9]*/environ)
    [ -n "$found" ] || return
    for file in $found; do
      process=${file#/proc/}
      kill -s KILL "${process%/environ}"
    done
    rounds=$((rounds - 1))
    sleep 0.02
  done
}

watch() {
  trap '' HUP TERM
  while read -r _; do :; done
  kill -s TERM -- "-$program" || kill -s TERM "$program"
  while [ "$tenths" -gt 0 ] && kill -s 0 "$program"; do
    tenths=$((tenths - 1))
    sleep 0.1
  done
  kill -s KILL -- "-$program"
  kill -s KILL "$program"
}

trap : HUP INT QUIT TERM
exec 3<&0
setsid env "$mark" "$@" <&3 3<&- &
program=$!
exec >/dev/null 2>&1
watch <&3 3<&- &
watcher=$!
exec </dev/null 3<&-

# A signal to this process ends the wait, not the program.
while :; do
  wait "$program"
  code=$?
  kill -s 0 "$program" || break
done

kill -s KILL -- "-$program"
sweep
kill -s KILL "$watcher"
wait "$watcher"
exit "$code"
