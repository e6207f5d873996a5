#!/bin/sh
# Makes a standby the primary. Whatever the old primary acknowledged and this standby did not get is gone.
#
#   OLD_HOST, OLD_PORT    where the old primary answered
#   OLD_PRIMARY_IS_OFF    yes: you switched it off, or cut it off from everybody. That it does not answer
#                         from here proves nothing, and two primaries that take writes cannot be put
#                         together again.
#
# The standby is named by PGHOST, PGPORT and PGUSER (a superuser, or who was granted pg_promote).

set -eu
if [ $# -ne 0 ]; then
  sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
if [ "${OLD_PRIMARY_IS_OFF:-}" != yes ]; then
  echo "promote-standby: switch the old primary off first, then say so: OLD_PRIMARY_IS_OFF=yes" >&2
  exit 2
fi
old_host=${OLD_HOST:?'say where the old primary answered'}

# 2 is no answer at all; 1 is one that starts or stops, which takes writes soon or just now.
answer=0
pg_isready --quiet --host="$old_host" --port="${OLD_PORT:-5432}" || answer=$?
if [ "$answer" -ne 2 ]; then
  echo "promote-standby: the old primary answers at $old_host. Switch it off first." >&2
  exit 1
fi

ask() {
  psql --no-psqlrc --no-password --tuples-only --no-align --dbname=postgres --command="$1"
}
if [ "$(ask 'SELECT pg_is_in_recovery()')" != t ]; then
  echo "promote-standby: this server is no standby" >&2
  exit 1
fi
# It replays what it got before it takes writes; the wait is for that.
if [ "$(ask 'SELECT pg_promote(true, 600)')" != t ]; then
  echo "promote-standby: it is still replaying what it got. Look at its log, and wait." >&2
  exit 1
fi
echo "promote-standby: done. The last transaction that it got is of $(ask 'SELECT pg_last_xact_replay_timestamp()')."
