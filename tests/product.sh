# The product as processes, with a database and a part of Redis of its own, for tests that call it from outside. To be sourced
# in the project's folder by a script that has `say`.
#
#   product NAME     starts it, and stops it when the script ends; then PROXIE_URL is where the API is, $scratch holds the logs
#
#   DATABASE_URL, REDIS_URL   servers, as of bin/services
#   PROXIE_BIN_DIR            where the programs are: target/debug

bin=${PROXIE_BIN_DIR:-${CARGO_TARGET_DIR:-$PWD/target}/debug}
scratch=$(mktemp -d)
psql=$(bin/setup --postgres-bin)/psql
server=$DATABASE_URL
started=()

clean_up() {
  local status=$? process
  trap - EXIT
  trap '' INT TERM HUP
  set +e
  for process in "${started[@]}"; do kill -TERM "$process" 2>/dev/null; done
  for process in "${started[@]}"; do wait "$process" 2>/dev/null; done
  "$psql" -qX "$server" -c "DROP DATABASE IF EXISTS $name WITH (FORCE)"
  redis-cli -u "$REDIS_URL" --no-auth-warning eval \
    'for _, key in ipairs(redis.call("KEYS", ARGV[1] .. "*")) do redis.call("UNLINK", key) end' 0 "$PROXIE_REDIS_PREFIX" >/dev/null
  if ((status == 0)); then rm -rf "$scratch"; else say "logs are in $scratch"; fi
  exit "$status"
}

start() { # PROGRAM ARGUMENT…
  local program=$1
  shift
  "$bin/$program" "$@" >"$scratch/$program${1:+-$1}.log" 2>&1 &
  started+=("$!")
}

ready() { # URL
  curl -sf --noproxy '*' -o /dev/null --retry 100 --retry-delay 0 --retry-max-time 60 --retry-all-errors "$1" || {
    say "nothing answers at $1"
    tail -n 5 "$scratch"/*.log >&2
    exit 1
  }
}

product() { # NAME
  local old llm port limit
  name=proxie_$1_$$
  export PROXIE_REDIS_PREFIX=$name: DATABASE_URL=${server%/*}/$name
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # Of runs that were killed.
  "$psql" -qXAt "$server" -c "SELECT datname FROM pg_database WHERE datname LIKE 'proxie\_$1\_%'" | while read -r old; do
    kill -0 "${old##*_}" 2>/dev/null || "$psql" -qX "$server" -c "DROP DATABASE IF EXISTS $old WITH (FORCE)"
  done
  "$psql" -qX "$server" -c "CREATE DATABASE $name"
  llm=$(bin/services free-port)
  PROXIE_JWT_SECRET=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
  export PROXIE_JWT_SECRET PROXIE_MEDIA_DIR=$scratch/media
  export LLM_BASE_URL=http://127.0.0.1:$llm/v1 LLM_MODEL=offline LLM_API_KEY=offline
  for limit in CHAT WRITE READ GUEST_ADDRESS NEW_GUESTS SIGN_IN SIGN_IN_ADDRESS; do export "PROXIE_LIMIT_$limit=0"; done
  "$bin/proxie-api" migrate >"$scratch/migrate.log"
  "$bin/proxie-api" seed >>"$scratch/migrate.log"
  start proxie-offline-llm --host 127.0.0.1 --port "$llm"
  start proxie-worker
  port=$(bin/services free-port)
  start proxie-api serve --host 127.0.0.1 --port "$port"
  # A company's proxy is not to be asked for what runs here.
  export NO_PROXY="${NO_PROXY:+$NO_PROXY,}127.0.0.1" no_proxy="${no_proxy:+$no_proxy,}127.0.0.1"
  export PROXIE_URL=http://127.0.0.1:$port
  ready "$PROXIE_URL/ready"
}
