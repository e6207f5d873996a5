#!/bin/sh
# Backs a store up into a folder, once a day: the whole on one day of the week, what changed on the others.
#
#   OUT       the folder of the backups, on another disk or machine than the store
#   STORE     the store; as configured where it is not set
#   KEEP      so many stay, and those that they build on; 14 where it is not set
#   FULL_ON   the day of the whole, 1 for Monday to 7 (default) for Sunday, in UTC
#
# Without a whole now and then nothing is ever thinned, because each builds on the one before it.

set -eu
if [ $# -ne 0 ]; then
  sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
set -- --out "${OUT:?'name the folder of the backups'}" --keep "${KEEP:-14}"
[ -z "${STORE:-}" ] || set -- "$@" --store "$STORE"

if [ "$(date -u +%u)" != "${FULL_ON:-7}" ]; then
  status=0
  runledger backup "$@" --since latest || status=$?
  # It fails where the ledger does not reach back to the last backup, as after a recovery of the server.
  [ "$status" -eq 1 ] || exit "$status"
  echo "backup-store: what changed could not be told; the whole is backed up instead" >&2
fi
runledger backup "$@"
