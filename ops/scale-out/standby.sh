#!/usr/bin/env bash
# Makes this machine a standby of a primary: run as postgres, on Debian, with an empty data directory.
#   ./standby.sh PRIMARY-HOST DATA-DIRECTORY
# Promote it by hand when the primary is gone for good: pg_ctl promote -D DATA-DIRECTORY
# The primary needs a user for it: CREATE ROLE replication REPLICATION LOGIN PASSWORD '…', the password in ~/.pgpass here.
# The old primary must not come up again as one: make it a standby of the new one with this script.
set -euo pipefail
[ $# -eq 2 ] || {
    sed -n '2,6p' "$0" >&2
    exit 2
}
programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
[ -z "$(ls -A "$2" 2>/dev/null)" ] || {
    echo "standby: $2 is not empty" >&2
    exit 1
}
"$programs/pg_basebackup" -h "$1" -U replication -D "$2" -R -X stream -c fast -P
echo "standby: copied; now start the service, and look at pg_stat_replication on $1"
