import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The project's folder, where bin/dev was started. */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

/** What no page can do, an operator does on the machine: with the settings in the environment, else those of bin/dev. */
async function operate(command: string, ...words: string[]): Promise<void> {
  const script = `set -euo pipefail
    if [[ -z \${DATABASE_URL:-} ]]; then set -a; . "\${DEV_DIR:-.dev}/env"; set +a; fi
    ${command}`;
  await run('bash', ['-c', script, 'operator', ...words], { cwd: root });
}

/** Makes an account an admin. */
export async function grantAdmin(email: string): Promise<void> {
  await operate('"${PROXIE_BIN_DIR:-target/release}/proxie-api" admin grant "$1"', email);
}

/** Lets a booking have ended an hour ago: nobody waits for that in a test. */
export async function letTimePass(bookingId: string): Promise<void> {
  const update = `UPDATE bookings SET start_at = now() - interval '2 hours', end_at = now() - interval '1 hour'
    WHERE id = :'booking'`;
  await operate(`psql --quiet -v ON_ERROR_STOP=1 -v booking="$1" "$DATABASE_URL" <<< "$2"`, bookingId, update);
}
