#!/bin/sh
# Keeps one finished piece of the write-ahead log: the archive_command of a PostgreSQL server.
#
#   archive_command = 'WAL_ARCHIVE=/backup/wal /etc/runledger/archive-wal.sh "%p" "%f"'
#
#   WAL_ARCHIVE   the folder that keeps the log: of the server's user, on another disk or machine
#
# Ends with 0 only when the piece is safe there: the server then forgets its own, and until then it
# tries again. What this says stands in the log of the server.

set -eu
if [ $# -ne 2 ]; then
  sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
archive=${WAL_ARCHIVE:?'name the folder that keeps the log'}
piece=$1
kept=$archive/$2
# Nobody else may read it: the log holds everything that the database does.
umask 077

if [ -e "$kept" ]; then
  # After a crash the server may bring what it brought before. Anything else under that name comes from
  # another server, and one of the two would be lost.
  if ! cmp -s "$piece" "$kept"; then
    echo "archive-wal: $kept is there, and differs: does another server keep its log there?" >&2
    exit 1
  fi
else
  # Under another name first: a piece that is cut off must never look whole.
  partial=$archive/.$2.$$
  trap 'rm -f "$partial"' EXIT
  trap 'exit 1' HUP INT TERM
  cp "$piece" "$partial"
  sync "$partial"
  # Unlike a move, a link fails where somebody was faster.
  ln "$partial" "$kept"
fi
sync "$kept" "$archive"
