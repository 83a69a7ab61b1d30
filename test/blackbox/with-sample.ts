import { join } from 'node:path'
import { it } from 'vitest'

import { makeFolder, recordSample, removeFolder } from './run-weir.ts'

interface Fixtures {
  /** A simulated measurement that all tests of a file read, in a folder of its own. */
  readonly sample: string
  /** An empty folder, fresh for each test. */
  readonly folder: string
}

/** `it` for tests that want a sample of so many frames and a place for their outputs. */
export function withSample(frameCount: number) {
  return it.extend<Fixtures>({
    sample: [
      // Vitest reads the names of the fixtures that are needed from the pattern.
      async ({}, use) => {
        const shared = await makeFolder()
        const path = join(shared, 'sample.rtdc')
        await recordSample(path, frameCount)
        await use(path)
        await removeFolder(shared)
      },
      { scope: 'file' },
    ],
    folder: async ({}, use) => {
      const path = await makeFolder()
      await use(path)
      await removeFolder(path)
    },
  })
}
