#!/usr/bin/env bash
# Gives the service's roles their passwords. Run by the image of PostgreSQL after roles.sql, when the database is new.
set -euo pipefail
psql --set=ON_ERROR_STOP=1 --no-psqlrc --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-coachpay}" \
  --set=owner_password="$DATABASE_OWNER_PASSWORD" --set=app_password="$DATABASE_PASSWORD" <<'SQL'
alter role coachpay_owner password :'owner_password';
alter role coachpay_app password :'app_password';
SQL
