#!/bin/sh
# Backs a PostgreSQL server up with pgBackRest: what changed since the backup before it, and the whole
# where there is none. For cron, as the user of the server.
#
#   STANZA   the name of the server in the configuration of pgBackRest; runledger where it is not set
#   TYPE     full, diff or incr (default): a full one now and then keeps a recovery short

set -eu
if [ $# -ne 0 ]; then
  sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
stanza=${STANZA:-runledger}

# Makes the place where there is none; else it checks that it is the one of this server.
pgbackrest --stanza="$stanza" stanza-create
# Hands a piece of the log over and waits for it: without the log a backup leads nowhere.
pgbackrest --stanza="$stanza" check
pgbackrest --stanza="$stanza" --type="${TYPE:-incr}" backup
pgbackrest --stanza="$stanza" info
