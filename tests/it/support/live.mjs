// The official Socket.IO client, told by lines of JSON what to do; it tells by such lines what happens.
//
//   node live.mjs URL AUTH    {"emit": NAME, "data": …} | {"do": "disconnect" | "connect", "auth": …}
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(new URL('../../../api/web/package.json', import.meta.url));
const { io } = require('socket.io-client');

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const [url, auth] = process.argv.slice(2);
// Only what a test asks for is done again.
const socket = io(url, { path: '/ws/socket.io', transports: ['websocket'], auth: JSON.parse(auth), reconnection: false });

socket.on('connect', () => say({ connected: true }));
socket.on('connect_error', (error) => say({ refused: error.message }));
socket.on('disconnect', (reason) => say({ disconnected: reason }));
socket.onAny((name, data) => say({ event: name, data }));

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const told = JSON.parse(line);
    if (told.emit !== undefined) socket.emit(told.emit, told.data, (answer) => say({ answer }));
    else if (told.do === 'disconnect') socket.disconnect();
    else {
      if (told.auth !== undefined) socket.auth = told.auth;
      socket.connect();
    }
  })
  .on('close', () => process.exit());
