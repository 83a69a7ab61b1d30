import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { FilterPool } from '../../../src-main/hdf5/filters/filter-pool.ts'
import { createFilterPool } from '../../../src-main/hdf5/filters/worker-filter-pool.ts'
import { readNumbers } from '../../../src-main/read/read-numbers.ts'
import { Measurement } from '../../../src-main/read/measurement.ts'
import { VERSION } from '../../../src-main/version.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { makeContext, makeSample, record } from './job-fixture.ts'

let pool: FilterPool
beforeAll(() => {
  pool = createFilterPool({ threads: 2 })
})
afterAll(() => pool.close())

type Values = ReadonlyMap<string, { readonly raw: Buffer; readonly numbers: Float64Array | undefined }>

async function readValues(path: string): Promise<Values> {
  const measurement = await Measurement.open(nodeDisk, path, { pool })
  const values = new Map<string, { raw: Buffer; numbers: Float64Array | undefined }>()
  for (const feature of measurement.features) {
    for (const dataset of 'datasets' in feature ? feature.datasets : []) {
      const reader = await measurement.openReader(dataset)
      const raw = Buffer.from(await reader.readRows(0, reader.rowCount))
      values.set(dataset.path.replace('/events/', ''), { raw, numbers: readNumbers(dataset.datatype, raw) })
    }
  }
  await measurement.close()
  return values
}

/** Of each event the number of events in its frame, counted anew from the feature `frame`, the way a reader would. */
function countFrames(frames: ArrayLike<number>): number[] {
  const index: number[] = []
  for (let row = 0; row < frames.length; row++) {
    const isNew = row === 0 || frames[row] !== frames[row - 1]
    index.push((index.at(-1) ?? -1) + (isNew ? 1 : 0))
  }
  return index.map((one) => index.filter((other) => other === one).length)
}

describe('a replayed measurement', () => {
  test('equals its source event by event, for any order of arrival, threshold and number of readers', async () => {
    const folder = await makeTemporaryFolder()
    const input = await makeSample(folder, 30, makeContext(pool))
    const source = await readValues(input)
    const nevents = countFrames(source.get('frame')?.numbers ?? [])
    let run = 0
    const settings = fc.record({
      seed: fc.nat(),
      threshold: fc.integer({ min: 1, max: 80 }),
      readers: fc.integer({ min: 1, max: 6 }),
    })
    await fc.assert(
      fc.asyncProperty(settings, async ({ seed, threshold, readers }) => {
        const output = join(folder, `out-${run++}.rtdc`)
        const replay = { kind: 'replay', file: input, rate: null, readers } as const
        await record({ output, source: replay, seed, threshold, verify: 'none' }, makeContext(pool))
        const values = await readValues(output)
        for (const [name, { raw }] of source) {
          if (name !== 'nevents') expect(values.get(name)?.raw.equals(raw), name).toBe(true)
        }
        expect(values.has('index_unmapped')).toBe(false)
        expect([...(values.get('nevents')?.numbers ?? [])]).toEqual(nevents)
      }),
      { numRuns: 8 },
    )
  })

  test('carries the metadata of its source and says through which program it went', async () => {
    const folder = await makeTemporaryFolder()
    const input = await makeSample(folder, 10, makeContext(pool))
    const metadataFile = join(folder, 'extra.json')
    await writeFile(metadataFile, JSON.stringify({ 'experiment:sample': 'again', 'imaging:pixel size': 0.5 }))
    const output = join(folder, 'out.rtdc')
    const replay = { kind: 'replay', file: input, rate: null, readers: 2 } as const
    const outcome = await record({ output, source: replay, metadataFile }, makeContext(pool))
    const [source, result] = await Promise.all(
      [input, output].map((path) => Measurement.open(nodeDisk, path, { pool })),
    )
    expect(result?.readAttribute('experiment:sample')).toBe('again')
    expect(result?.readAttribute('imaging:pixel size')).toBe(0.5)
    expect(result?.readAttribute('experiment:date')).toBe(source?.readAttribute('experiment:date'))
    expect(result?.readAttribute('experiment:event count')).toBe(outcome.events)
    expect(result?.readAttribute('setup:software version')).toMatch(new RegExp(` \\| weir ${VERSION}$`))
    expect(result?.logs.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/logs/simulated-instrument', '/logs/weir-record']),
    )
    await source?.close()
    await result?.close()
  })
})

describe('a recording', () => {
  test('of no frames holds no events', async () => {
    const folder = await makeTemporaryFolder()
    const path = await makeSample(folder, 0, makeContext(pool))
    const measurement = await Measurement.open(nodeDisk, path, { pool })
    expect(measurement.eventCount).toBe(0)
    await measurement.close()
  })

  test('that is stopped holds what was begun and is complete', async () => {
    const folder = await makeTemporaryFolder()
    const output = join(folder, 'out.rtdc')
    const stop = new AbortController()
    const context = makeContext(pool, {
      stopSignal: stop.signal,
      onProgress: ({ writtenFrames }) => (writtenFrames > 20 ? stop.abort() : undefined),
    })
    const source = { kind: 'simulate', frames: 2_000, rate: null } as const
    const outcome = await record({ output, source, threshold: 10 }, context)
    const measurement = await Measurement.open(nodeDisk, output, { pool })
    expect(measurement.eventCount).toBe(outcome.events)
    expect(outcome.events).toBeGreaterThan(0)
    const { recording } = outcome
    expect(recording).toMatchObject({ totalFrames: 2_000, isStopped: true })
    expect(recording?.frames).toBeGreaterThan(20)
    expect(recording?.frames).toBeLessThan(2_000)
    expect(measurement.readAttribute('experiment:event count')).toBe(outcome.events)
    await measurement.close()
    expect(await readdir(folder)).toEqual(['out.rtdc'])
  })

  test('that is aborted keeps what is complete under the temporary name, readable, and says how much', async () => {
    const folder = await makeTemporaryFolder()
    const output = join(folder, 'out.rtdc')
    const abort = new AbortController()
    const context = makeContext(pool, {
      signal: abort.signal,
      onProgress: ({ writtenFrames }) => (writtenFrames > 20 ? abort.abort() : undefined),
    })
    const source = { kind: 'simulate', frames: 2_000, rate: null } as const
    const error = await expectRejection(record({ output, source, threshold: 10 }, context), 'E_CANCELLED')
    expect(error.path).toBe(`${output}~`)
    const measurement = await Measurement.open(nodeDisk, `${output}~`, { pool })
    expect(measurement.eventCount).toBe(error.actual)
    await measurement.close()
    expect(await readdir(folder)).toEqual(['out.rtdc~'])
  })
})
