#!/bin/sh
# Copies a running PostgreSQL server as a base backup, which the archived log leads on from. For cron.
#
#   BACKUPS       the folder of the base backups; each is named by the time from which on it can be used
#   KEEP          so many stay, and with them the log that they need; all stay where it is not set
#   WAL_ARCHIVE   the folder of the log, where KEEP is set
#
# The server is named by PGHOST, PGPORT and PGUSER (a role with REPLICATION); its password stands in
# ~/.pgpass. Needs pg_basebackup, pg_verifybackup, psql and pg_archivecleanup in the PATH: on Debian they
# lie in /usr/lib/postgresql/<version>/bin.

set -eu
if [ $# -ne 0 ]; then
  sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
backups=${BACKUPS:?'name the folder of the base backups'}
keep=${KEEP:-}
case $keep in
'') ;;
0* | *[!0-9]*)
  echo "base-backup: KEEP must be 1 or more" >&2
  exit 2
  ;;
*) archive=${WAL_ARCHIVE:?'name the folder of the log, which KEEP thins too'} ;;
esac
umask 077
mkdir -p "$backups"

# It gets its name when it is whole and verified: what is interrupted never looks like a backup.
partial=$backups/.partial.$$
trap 'rm -rf "$partial"' EXIT
trap 'exit 1' HUP INT TERM
pg_basebackup --pgdata="$partial" --checkpoint=fast --label=runledger --no-password
pg_verifybackup --quiet "$partial"

# By the clock of the server, which the times in its log come from, rounded up: a recovery to an earlier
# time needs an earlier backup.
name=$(psql --no-psqlrc --no-password --tuples-only --no-align --dbname=postgres \
  --command="SELECT to_char(now() AT TIME ZONE 'UTC' + interval '1 second', 'YYYYMMDDHH24MISS')")
mv "$partial" "$backups/$name"
sync "$backups"
echo "base-backup: $backups/$name is made and verified"

[ -n "$keep" ] || exit 0
# Names are times, so the order of names is theirs.
set -- "$backups"/[0-9]*
while [ $# -gt "$keep" ]; do
  rm -rf "$1"
  echo "base-backup: $1 is removed"
  shift
done
# Log from before the oldest backup leads on from nothing any more.
first=$(sed -n 's/^START WAL LOCATION: .*(file \([0-9A-F]*\))$/\1/p' "$1/backup_label")
pg_archivecleanup "$archive" "$first"
