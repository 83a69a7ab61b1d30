import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { EncodedChunk, FilterPool } from '../../../src-main/hdf5/filters/filter-pool.ts'
import { LoadMeter } from '../../../src-main/job-process/load-meter.ts'
import { observeDisk } from '../../../src-main/job-process/observed-disk.ts'
import { ObservedPool } from '../../../src-main/job-process/observed-pool.ts'
import { wrapDisk } from '../../helpers/faulty-disk.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'

/** A clock that moves when it is told to, and a meter that reads it. */
function makeMeter() {
  let timeMs = 1000
  const meter = new LoadMeter(() => timeMs)
  return { meter, pass: (ms: number) => (timeMs += ms) }
}

describe('a meter of load', () => {
  test('gives the mean of the level over the time since it was read last', () => {
    const { meter, pass } = makeMeter()
    pass(25)
    meter.set(1)
    pass(50)
    meter.set(0.5)
    pass(25)
    expect(meter.take()).toBeCloseTo((50 + 12.5) / 100)
    pass(100)
    expect(meter.take()).toBeCloseTo(0.5)
    meter.set(0)
    pass(100)
    expect(meter.take()).toBe(0)
  })

  test('says the same again where it is asked again at once, and loses nothing by it', () => {
    const { meter, pass } = makeMeter()
    meter.set(1)
    pass(100)
    expect(meter.take()).toBe(1)
    pass(30)
    meter.set(0)
    expect(meter.take()).toBe(1)
    pass(70)
    expect(meter.take()).toBeCloseTo(0.3)
  })
})

describe('an observed pool', () => {
  test('is as busy as its threads are, whatever more is waiting', async () => {
    const { meter, pass } = makeMeter()
    const ends: (() => void)[] = []
    const encode = (): Promise<EncodedChunk> =>
      new Promise((resolve) => ends.push(() => resolve({ bytes: new Uint8Array(1), proof: null })))
    const inner = { threads: 4, encode } as unknown as FilterPool
    const pool = new ObservedPool(inner, meter)
    const start = () => pool.encode(new Uint8Array(1), { pipeline: [], elementBytes: 1 })
    const running = Array.from({ length: 6 }, start)
    pass(100)
    expect(meter.take()).toBe(1)
    for (const end of ends.splice(0, 5)) end()
    await Promise.all(running.slice(0, 5))
    pass(100)
    expect(meter.take()).toBeCloseTo(0.25)
    ends[0]?.()
    await running[5]
    pass(100)
    expect(meter.take()).toBe(0)
  })
})

describe('an observed disk', () => {
  test('is busy exactly while a write or sync is under way, also one that fails', async () => {
    const { meter, pass } = makeMeter()
    const slow = wrapDisk(nodeDisk, {
      hook: ({ kind }) => {
        if (kind === 'write' || kind === 'sync' || kind === 'read') pass(60)
      },
      fault: ({ kind }) => (kind === 'sync' ? { kind: 'fail', code: 'EIO' } : undefined),
    })
    const file = await observeDisk(slow, meter).createExclusive(join(await makeTemporaryFolder(), 'out'))
    await file.write(new Uint8Array(10), 0)
    expect(meter.take()).toBe(1)
    await file.readExactly(new Uint8Array(10), 0)
    expect(meter.take()).toBe(0)
    await expect(file.sync()).rejects.toThrow('EIO')
    expect(meter.take()).toBe(1)
    pass(60)
    expect(meter.take()).toBe(0)
    await file.close()
  })
})
