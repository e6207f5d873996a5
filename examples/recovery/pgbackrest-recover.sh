#!/bin/sh
# Makes the data folder of a PostgreSQL server as it was at a moment, with pgBackRest. Starting the server
# on it is left to whatever starts servers there.
#
#   pgbackrest-recover.sh 2026-10-05T19:24:17.000Z     up to that moment, in UTC
#   pgbackrest-recover.sh latest                       as far as the log leads
#
#   STANZA   the name of the server in the configuration of pgBackRest; runledger where it is not set
#   ACTION   what happens at the moment: pause (default) lets you look before you decide, promote takes
#            writes at once
#
# The folder is pg1-path of the configuration, and must be empty: move away what is there, and do not
# delete it before all is well. Run it as the user of the server.

set -eu
stanza=${STANZA:-runledger}
case ${1:-} in
latest)
  pgbackrest --stanza="$stanza" restore
  ;;
[0-9]*T*Z)
  # pgBackRest takes the newest backup that was whole at that moment.
  moment=$(echo "$1" | tr T ' ' | sed 's/Z$/+00/')
  pgbackrest --stanza="$stanza" --type=time --target="$moment" --target-action="${ACTION:-pause}" restore
  ;;
*)
  sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
  exit 2
  ;;
esac
echo "pgbackrest-recover: start the server; its log says how far it gets."
