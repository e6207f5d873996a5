#!/bin/sh
# Makes the data folder of a PostgreSQL server as it was at a moment, from a base backup and the log
# after it. Starting the server on it is left to whatever starts servers there.
#
#   recover-to-time.sh 2026-10-05T19:24:17.000Z     up to that moment, in UTC
#   recover-to-time.sh latest                       as far as the log leads
#
#   BACKUPS       the folder of the base backups
#   WAL_ARCHIVE   the folder of the archived log
#   PGDATA        the data folder to make; it must be empty or not there
#   OLD_PGDATA    the data folder that was lost, where it can be read: the end of the log is in it
#   ACTION        what happens at the moment: pause (default) lets you look before you decide, promote
#                 takes writes at once
#   TIMELINE      latest (default), or the number of the history to follow, where one was recovered before
#
# Run it as the user of the server.

set -eu
wanted=${1:-}
digits=$(echo "$wanted" | sed -n 's/^\(....\)-\(..\)-\(..\)T\(..\):\(..\):\(..\)\(\.[0-9]*\)\{0,1\}Z$/\1\2\3\4\5\6/p')
[ "$wanted" != latest ] || digits=99999999999999
case $digits in
'' | *[!0-9]*)
  sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
  exit 2
  ;;
esac
backups=${BACKUPS:?'name the folder of the base backups'}
archive=${WAL_ARCHIVE:?'name the folder of the archived log'}
data=${PGDATA:?'name the data folder to make'}
case $archive in
*[!A-Za-z0-9/._-]*)
  echo "recover-to-time: $archive has signs that a command in postgresql.conf cannot hold" >&2
  exit 2
  ;;
esac
if [ -n "$(ls -A "$data" 2>/dev/null)" ]; then
  echo "recover-to-time: $data is not empty. Move it away; do not delete it before all is well." >&2
  exit 1
fi

# The newest backup that was whole at that moment: from there the log is the shortest.
base=
for backup in "$backups"/[0-9]*; do
  [ -d "$backup" ] && [ "${backup##*/}" -le "$digits" ] && base=$backup
done
if [ -z "$base" ]; then
  echo "recover-to-time: no backup in $backups is as old as $wanted" >&2
  exit 1
fi
umask 077
mkdir -p "$data"
cp -Rp "$base/." "$data"
chmod 700 "$data"
if [ -n "${OLD_PGDATA:-}" ]; then
  # What the server had not handed over yet. Of what the archive has too, that is taken.
  for piece in "$OLD_PGDATA"/pg_wal/*; do
    if [ -f "$piece" ]; then cp -p "$piece" "$data/pg_wal"; fi
  done
fi

{
  echo "restore_command = 'cp \"$archive/%f\" \"%p\"'"
  echo "recovery_target_timeline = '${TIMELINE:-latest}'"
  if [ "$wanted" != latest ]; then
    echo "recovery_target_time = '$(echo "$wanted" | tr T ' ' | sed 's/Z$/+00/')'"
    echo "recovery_target_action = '${ACTION:-pause}'"
  fi
} >>"$data/postgresql.auto.conf"
: >"$data/recovery.signal"
echo "recover-to-time: $data begins with $base. Start the server on it; its log says how far it gets."
