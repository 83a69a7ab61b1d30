import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withLock } from '../../../scripts/lock.mjs'
import { cacheFolder } from '../../../scripts/project.mjs'

const name = `test-${process.pid}`
const path = join(cacheFolder, `${name}.lock`)

test('lets one at a time in, and everybody in the end', async () => {
  let inside = 0
  let most = 0
  const visit = () =>
    withLock(name, async () => {
      inside += 1
      most = Math.max(most, inside)
      await mkdir(cacheFolder, { recursive: true })
      inside -= 1
    })
  await Promise.all([visit(), visit(), visit()])
  expect(most).toBe(1)
  expect(existsSync(path)).toBe(false)
})

test('gives the lock back when the step failed', async () => {
  await expect(withLock(name, () => Promise.reject(new Error('step failed')))).rejects.toThrow('step failed')
  expect(existsSync(path)).toBe(false)
})

test('takes over the lock of a process that is gone', async () => {
  // No process has this number: it is above the largest that Linux gives.
  await writeFile(path, String(2 ** 22 + 1))
  expect(await withLock(name, () => Promise.resolve('done'))).toBe('done')
})
