import { spawnSync } from 'node:child_process'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'

import { listEnds, makeFolder, removeFolder, runWeir } from './run-weir.ts'
import { withSample } from './with-sample.ts'

const DISK_BYTES = 4_400_000

const it = withSample(400)

let disk: string
/** A small disk of its own needs the right to mount one; the same faults are injected without it in the unit tests. */
let isMounted = false

beforeAll(async () => {
  disk = await makeFolder()
  const given = ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk]
  isMounted = process.platform === 'linux' && spawnSync('mount', given).status === 0
})

afterAll(async () => {
  if (isMounted) spawnSync('umount', [disk])
  await removeFolder(disk)
})

describe('a disk that is too small', () => {
  it('fails a rewrite that runs into its end, names the file and leaves it as it was', async ({
    sample,
    skip,
  }) => {
    if (!isMounted) skip('no right to mount a small disk')
    const old = join(disk, 'old.txt')
    await writeFile(old, 'dear')
    const end = await runWeir(['rewrite', sample, '--out', join(disk, 'out.rtdc'), '--json'])
    expect(end.code).toBe(1)
    expect(listEnds(end)).toEqual(['failed E_OUT_SPACE'])
    expect(await readdir(disk)).toEqual(['old.txt'])
  })

  it('refuses beforehand what can never fit', async ({ sample, skip }) => {
    if (!isMounted) skip('no right to mount a small disk')
    const given = ['rewrite', sample, '--out', join(disk, 'out.rtdc'), '--compression', 'none', '--json']
    const end = await runWeir(given)
    expect(end.code).toBe(2)
    expect(listEnds(end)).toEqual(['refused E_OUT_SPACE'])
  })

  it('never says that a recording is done', async ({ sample, skip }) => {
    if (!isMounted) skip('no right to mount a small disk')
    const given = [
      'record',
      '--replay',
      sample,
      '--threshold',
      '20',
      '--out',
      join(disk, 'out.rtdc'),
      '--json',
    ]
    const end = await runWeir(given)
    expect(end.code).toBe(1)
    expect(listEnds(end)).toEqual(['failed E_OUT_SPACE'])
    expect(await readdir(disk)).not.toContain('out.rtdc')
  })
})
