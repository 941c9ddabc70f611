import { defineConfig } from '@playwright/test';
import { origin } from './origin';

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
    { name: 'phone', use: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } },
    { name: 'desktop', use: { viewport: { width: 1280, height: 800 } } },
  ],
});
