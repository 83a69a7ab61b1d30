import { defineConfig } from '@playwright/test'

/** End to end: the real Electron on a virtual display. Started by scripts/test.mjs, which provides both. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: '.cache/test/e2e',
  globalSetup: './test/e2e/files/set-up.mjs',
  timeout: 60_000,
  workers: 1,
  forbidOnly: true,
})
