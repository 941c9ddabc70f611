import { defineConfig } from '@playwright/test';
import { origin } from './origin';
import { sizes } from './sizes';

/** Measures, so it needs the machine to itself and the client as it is published. */
const LAB = '**/lab.e2e.ts';
/** `bin/verify` asks for everything. */
const isAll = process.env['PROXIE_VERIFY'] === '1';

export default defineConfig({
  testDir: '.',
  testMatch: '*.e2e.ts',
  outputDir: '../test-results',
  // Each test has people of its own, so all may run at once.
  fullyParallel: true,
  workers: Number(process.env['PROXIE_E2E_WORKERS'] ?? 1),
  // What passes only the second time does not pass.
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'list',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    baseURL: origin,
    trace: 'off',
    screenshot: 'only-on-failure',
    actionTimeout: 20_000,
    locale: 'en-US',
    timezoneId: 'America/New_York',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: { executablePath: process.env['PROXIE_CHROMIUM'] ?? '/usr/bin/chromium' },
  },
  projects: [
    { name: 'phone', testIgnore: LAB, use: sizes.phone },
    { name: 'desktop', testIgnore: LAB, use: sizes.desktop },
    ...(isAll ? [{ name: 'lab', testMatch: LAB, workers: 1 }] : []),
  ],
});
