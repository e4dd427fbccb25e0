#!/usr/bin/env bash
# Saves the whole database before an upgrade: everything in one file that pg_restore reads, and the schema alone beside it, to read.
#
#   docker/backup.sh <version>      writes backups/pre-<version>/; the directory must not be there yet
#
# Reaches the database as PostgreSQL's own programs do, by PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD (or ~/.pgpass), and
# BACKUP_HOME says where else than in backups/. It has to be a role that row level security does not bind: an administrator, or
# one with BYPASSRLS. coachpay_owner is bound like everybody, and is refused. Nothing is half saved: either the
# directory is complete under its name, or it ends with an error and there is none.
set -euo pipefail

if [ $# -ne 1 ] || [[ ! $1 =~ ^[A-Za-z0-9._-]+$ ]]; then
  echo "usage: $0 <version>, such as 1.4.0" >&2
  exit 2
fi
database=${PGDATABASE:-coachpay}
target="${BACKUP_HOME:-backups}/pre-$1"
if [ -e "$target" ]; then
  echo "$target is there already, and stays as it is" >&2
  exit 1
fi
mkdir -p "${BACKUP_HOME:-backups}"
# Beside the target, so that its name can be given to it in one step; for nobody else to read, as it holds personal data.
umask 077
unfinished=$(mktemp -d "$target.XXXXXX")
trap 'rm -rf "$unfinished"' EXIT

pg_dump --format=custom --dbname="$database" --file="$unfinished/coachpay.dump"
pg_dump --schema-only --dbname="$database" --file="$unfinished/schema.sql"
# What is read back in full is whole.
pg_restore --file=/dev/null "$unfinished/coachpay.dump"
mv "$unfinished" "$target"
trap - EXIT
echo "$target"
