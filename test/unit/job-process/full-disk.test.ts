import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { FilterPool } from '../../../src-main/hdf5/filters/filter-pool.ts'
import { createFilterPool } from '../../../src-main/hdf5/filters/worker-filter-pool.ts'
import { Measurement } from '../../../src-main/read/measurement.ts'
import { verifyFile } from '../../../src-main/read/verify-file.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { wrapDisk, type FaultPlan, type FaultyDisk } from '../../helpers/faulty-disk.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { makeBasinFile, makeContext, makeSample, record, type TestContext } from './job-fixture.ts'

let pool: FilterPool
beforeAll(() => {
  pool = createFilterPool({ threads: 2 })
})
afterAll(() => pool.close())

/** How a disk that becomes full at the k-th write goes on: another program makes room, or it stays full. */
const COURSES = ['once', 'from then on'] as const
type Course = (typeof COURSES)[number]

/** Half of the write that meets the end is on the disk, as systems do it. */
function becomeFull(k: number, course: Course): FaultPlan {
  let count = 0
  return {
    fault: ({ kind, bytes = 0 }) => {
      if (kind !== 'write') return undefined
      count += 1
      const isFull = course === 'once' ? count === k : count >= k
      return isFull ? { kind: 'fail', code: 'ENOSPC', doneBytes: Math.floor(bytes / 2) } : undefined
    },
  }
}

const countWrites = ({ operations }: FaultyDisk): number =>
  operations.filter(({ kind }) => kind === 'write').length

type Values = ReadonlyMap<string, Buffer>

async function readValues(path: string): Promise<{ readonly events: number; readonly values: Values }> {
  const measurement = await Measurement.open(nodeDisk, path, { pool })
  const values = new Map<string, Buffer>()
  for (const feature of measurement.features) {
    for (const dataset of 'datasets' in feature ? feature.datasets : []) {
      const reader = await measurement.openReader(dataset)
      expect(reader.rowCount, dataset.path).toBe(measurement.eventCount)
      values.set(dataset.path, Buffer.from(await reader.readRows(0, reader.rowCount)))
    }
  }
  await measurement.close()
  return { events: measurement.eventCount, values }
}

interface Recording {
  readonly output: string
  readonly whole: Values
  readonly writes: number
  readonly attempt: (context: TestContext) => Promise<unknown>
}

async function prepareRecording(): Promise<Recording> {
  const output = join(await makeTemporaryFolder(), 'out.rtdc')
  const source = { kind: 'simulate', frames: 6, rate: null } as const
  const attempt = (context: TestContext) => record({ output, source, threshold: 2 }, context)
  const disk = wrapDisk(nodeDisk, {})
  await attempt(makeContext(pool, { disk }))
  const { values } = await readValues(output)
  await nodeDisk.remove(output)
  return { output, whole: values, writes: countWrites(disk), attempt }
}

/** What a failed recording has left is what it says: nothing, a whole file with the first events, or one without an index. */
async function judgeLeft({ output, whole }: Recording, { warnings }: TestContext): Promise<string> {
  const path = `${output}~`
  expect(await nodeDisk.lookAt(output)).toBeUndefined()
  const told = warnings.filter(({ code }) => code === 'W_KEPT' || code === 'W_INCOMPLETE')
  if ((await nodeDisk.lookAt(path)) === undefined) {
    expect(told).toEqual([])
    return 'nothing'
  }
  expect(told).toMatchObject([{ path }])
  if (told[0]?.code === 'W_INCOMPLETE') {
    await expectRejection(Measurement.open(nodeDisk, path, { pool }))
    return 'without an index'
  }
  const { events, values } = await readValues(path)
  expect(told[0]?.message).toMatch(new RegExp(`^${events} events`))
  expect([...values.keys()].sort()).toEqual([...whole.keys()].sort())
  for (const [name, bytes] of values) {
    expect(bytes.equals(whole.get(name)?.subarray(0, bytes.length) ?? Buffer.alloc(0)), name).toBe(true)
  }
  const { findings } = await verifyFile(path, { disk: nodeDisk, pool })
  expect(findings.filter(({ level }) => level === 'damage')).toEqual([])
  return 'whole'
}

describe('a recording into a disk that becomes full at a write', () => {
  test.each(COURSES)('fails at every write, and what is left is what it says (%s)', async (course) => {
    const recording = await prepareRecording()
    const { output, writes, attempt } = recording
    const ends: string[] = []
    for (let k = 1; k <= writes; k++) {
      const disk = wrapDisk(nodeDisk, becomeFull(k, course))
      const context = makeContext(pool, { disk })
      await expectRejection(attempt(context), 'E_OUT_SPACE')
      ends.push(await judgeLeft(recording, context))
      await nodeDisk.remove(`${output}~`)
      expect(await readdir(dirname(output)), `write ${k}`).toEqual([])
    }
    expect(ends).toHaveLength(writes)
    // The note cannot be written: nothing is begun. The superblock cannot: all events are there, but no index.
    expect([ends[0], ends.at(-1)]).toEqual(['nothing', 'without an index'])
  })
})

describe('a basin file into a disk that becomes full at a write', () => {
  test.each(COURSES)('fails at every write, leaves nothing, and the old file whole (%s)', async (course) => {
    const folder = await makeTemporaryFolder()
    const input = await makeSample(folder, 3, makeContext(pool))
    const output = join(folder, 'out.rtdc')
    const attempt = (context: TestContext) =>
      makeBasinFile(
        {
          output,
          sources: [[input]],
          events: { kind: 'range', start: 0, stop: 1, step: 1 },
          overwrite: true,
        },
        context,
      )
    await writeFile(output, 'old and dear')
    const whole = wrapDisk(nodeDisk, {})
    await attempt(makeContext(pool, { disk: whole }))
    await writeFile(output, 'old and dear')
    const writes = countWrites(whole)
    expect(writes).toBeGreaterThan(3)
    // A job that ends well has made its name durable: nothing comes behind the sync of the folder but the end of the hold.
    const changes = whole.operations.filter(({ kind }) => !['look', 'close'].includes(kind))
    expect(changes.slice(-2).map(({ kind }) => kind)).toEqual(['rename', 'sync-folder'])
    for (let k = 1; k <= writes; k++) {
      const disk = wrapDisk(nodeDisk, becomeFull(k, course))
      await expectRejection(attempt(makeContext(pool, { disk })), 'E_OUT_SPACE')
      expect((await readdir(folder)).sort(), `write ${k}`).toEqual(['out.rtdc', 'sample-3.rtdc'])
      expect(await readFile(output, 'utf8')).toBe('old and dear')
    }
  })
})
