import { rename, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { PathFacts } from '../../../src-main/hdf5/disk/disk-port.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { refuseChangedInput } from '../../../src-main/job-process/input-identity.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'

async function makeInput(): Promise<{ readonly path: string; readonly before: PathFacts }> {
  const path = join(await makeTemporaryFolder(), 'in.rtdc')
  await writeFile(path, 'events')
  return { path, before: (await nodeDisk.follow(path)) ?? expect.fail('there is no input') }
}

test('an input that was only read is not refused', async () => {
  const { path, before } = await makeInput()
  await refuseChangedInput(path, before, nodeDisk)
})

test.each([
  [
    'overwritten with as many bytes',
    (path: string) => writeFile(path, 'others').then(() => utimes(path, 9, 9)),
  ],
  [
    'exchanged for a file of the same size and time',
    async (path: string) => {
      const { mtime } = await stat(path)
      await writeFile(`${path}.new`, 'others')
      await utimes(`${path}.new`, mtime, mtime)
      await rename(`${path}.new`, path)
    },
  ],
  [
    'longer, with the time that it had',
    async (path: string) => {
      const { mtime } = await stat(path)
      await writeFile(path, 'more', { flag: 'a' })
      await utimes(path, mtime, mtime)
    },
  ],
  ['moved away', (path: string) => rename(path, `${path}.old`)],
])('an input that was %s is refused', async (_, change) => {
  const { path, before } = await makeInput()
  await change(path)
  await expectRejection(refuseChangedInput(path, before, nodeDisk), 'E_GROWING')
})
