import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const api = process.env['PROXIE_API'] ?? 'http://127.0.0.1:8080';

/** What the API serves; everything else below `/app/` is this client. */
const served = [
  '/admin',
  '/api',
  '/auth',
  '/bookings',
  '/chat',
  '/consumers',
  '/enrollment',
  '/media',
  '/notifications',
  '/offers',
  '/providers',
  '/requests',
  '/reviews',
  '/services',
  '/usage',
  // What the server tells its client; where it is not reached or has none, the client goes on without (src/api/config.ts).
  '/app/config.json',
];

export default defineConfig({
  base: '/app/',
  plugins: [react(), tailwindcss()],
  build: { manifest: true },
  server: {
    // The API compares a page's Origin with the Host, so the proxy leaves the Host as it is.
    proxy: Object.fromEntries(served.map((path) => [path, { target: api, changeOrigin: false }])),
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    restoreMocks: true,
    // Typing a page's worth takes a slow machine seconds.
    testTimeout: 20_000,
  },
});
