#!/usr/bin/env bash
# Whether the service can work: 0 when it says that it is ready. Needs nothing but bash, as the image has no HTTP client.
set -euo pipefail
exec 3<> "/dev/tcp/127.0.0.1/${QUARKUS_MANAGEMENT_PORT:-9000}"
printf 'GET /q/health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
read -r -t 4 _ status _ <&3
[ "$status" = 200 ]
