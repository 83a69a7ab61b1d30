import { defineConfig } from 'vitest/config'

const setupFiles = ['test/helpers/refuse-console-output.ts']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,mjs}'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          setupFiles,
        },
      },
      {
        // Plants forbidden imports and sees them reported: the linter needs its time.
        test: { name: 'layering', include: ['test/layering/**/*.test.ts'], testTimeout: 180_000, setupFiles },
      },
      {
        // Runs out/weir.js from outside: build first.
        test: {
          name: 'blackbox',
          include: ['test/blackbox/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          setupFiles,
        },
      },
      {
        // Installs what `npm pack` makes of out/: build first.
        test: {
          name: 'library',
          include: ['test/library/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          setupFiles,
        },
      },
      {
        // Runs the shipping pack from outside, as scripts/test-steps.mjs names it.
        test: {
          name: 'packed',
          include: ['test/packed/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          setupFiles,
        },
      },
    ],
  },
})
