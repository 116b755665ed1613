#!/usr/bin/env bash
# Builds once, then runs the HAPI FHIR R4 JPA test server in the foreground.
#   ./run.sh --port=8080                                 in-memory H2
#   ./run.sh --port=0 --url-file=target/base-url         any free port; the base URL is written when ready
#   ./run.sh --port=8080 --defaults                      HAPI's own defaults: search cache, pages of 50, no retry header
#   ./run.sh --port=8080 --id-strategy=none              the server gives the ids
#   ./run.sh --db=jdbc:postgresql://127.0.0.1:5432/hapi --db-user=postgres
# Ready: the line "HAPI-READY <base url> ..." on stdout, the --url-file, or GET <base>/metadata answering 200.
# Stop: SIGTERM to this process (exec'd java).
set -euo pipefail
cd "$(dirname "$0")"
if [ ! -f target/hapi-server.jar ] || [ -n "$(find pom.xml src -newer target/hapi-server.jar -print -quit)" ]; then
  mvn -B -ntp -q package >&2
fi
# shellcheck disable=SC2086 # several options in one variable
exec java ${HAPI_JAVA_OPTS:--Xmx1g -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto} \
  -cp 'target/hapi-server.jar:target/lib/*' hapitest.HapiServer "$@"
