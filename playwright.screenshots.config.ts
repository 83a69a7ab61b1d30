import { defineConfig } from '@playwright/test'

/** Pictures of every view and state, taken by scripts/screenshots.mjs. */
export default defineConfig({
  testDir: 'test/screenshots',
  testMatch: '*.shots.ts',
  outputDir: '.cache/test/screenshots',
  globalSetup: './test/e2e/files/set-up.mjs',
  timeout: 300_000,
  workers: 1,
})
