#!/bin/sh
# Makes the data folder of a standby that follows a PostgreSQL server. Starting it is left to whatever
# starts servers there.
#
#   PGDATA   the data folder to make; it must be empty or not there
#   NAME     what the primary calls it, in synchronous_standby_names and as the slot that keeps its log:
#            small letters, digits and _
#
# The primary is named by PGHOST, PGPORT and PGUSER (a role with REPLICATION). A password stands in
# ~/.pgpass, where the standby finds it too, and not in PGPASSWORD. Run it as the user of the server.

set -eu
if [ $# -ne 0 ]; then
  sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
data=${PGDATA:?'name the data folder to make'}
name=${NAME:?'give the standby a name'}
if [ -n "${PGPASSWORD:-}" ]; then
  echo "make-standby: put the password into ~/.pgpass: PGPASSWORD would be written into $data" >&2
  exit 2
fi

# What it is called goes with the address of the primary into its settings.
PGAPPNAME=$name pg_basebackup --pgdata="$data" --write-recovery-conf --create-slot --slot="$name" \
  --checkpoint=fast --no-password
echo "make-standby: $data follows ${PGHOST:-the server of this machine} as $name. Start the server on it."
