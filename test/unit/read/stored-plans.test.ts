import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { buildPipeline } from '../../../src-main/hdf5/filters/pipeline.ts'
import { integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import type { FileWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { wrapJson } from '../../../src-main/job-process/job-log.ts'
import { inspectFile } from '../../../src-main/read/inspect-file.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { makeContext, record, rewrite } from '../job-process/job-fixture.ts'
import { addLines, getPool, writeMeasurement } from './measurement-fixture.ts'

const PLAIN = { order: 'plain', zstd: 'fast, hashLog 17' } as const
const OLDER = { order: 'plain', zstd: 'level 3' } as const

interface LogParts {
  readonly time?: string
  readonly software?: string
  readonly plan?: unknown
  readonly copied?: readonly string[]
}

function composeLog({ time = '10:00:00', software = 'weir 1.0.0', plan, copied }: LogParts): string {
  const result = {
    ...(copied && { 'copied as stored': copied }),
    ...(plan !== undefined && { 'storage plan': plan }),
  }
  return JSON.stringify({ result, software, utc: { date: '2026-12-01', time }, task: 'rewrite' })
}

/** Plans of deform and image, as `inspect` tells them, in a file with these logs. */
async function inspect(
  logs: Readonly<Record<string, string>>,
  fill: (h5: FileWriter) => unknown = () => undefined,
): Promise<Record<string, unknown>> {
  const path = await writeMeasurement({
    fill: async (h5) => {
      for (const [name, text] of Object.entries(logs)) await addLines(h5.root, `logs/${name}`, wrapJson(text))
      await fill(h5)
    },
  })
  const { features, warnings } = await inspectFile(nodeDisk, path)
  expect(warnings).toEqual([])
  return Object.fromEntries(features.flatMap(({ name, plan }) => (plan === undefined ? [] : [[name, plan]])))
}

describe('the plan of a feature', () => {
  test('is what the newest log says, whatever it is called', async () => {
    const logs = {
      'weir-rewrite': composeLog({ plan: { deform: OLDER, image: OLDER } }),
      'weir-rewrite_2': composeLog({ time: '10:00:05', plan: { deform: OLDER } }),
      'weir-record': composeLog({ time: '11:00:00', plan: { deform: { ...PLAIN, sample: { raw: 5 } } } }),
    }
    expect(await inspect(logs)).toEqual({ deform: PLAIN })
  })

  test('comes from the log before where the feature went over as stored', async () => {
    const older = composeLog({ plan: { deform: PLAIN, image: PLAIN } })
    const copied = composeLog({ time: '10:00:00', copied: ['deform'], plan: {} })
    // Of the same second, the one with the higher number is newer.
    expect(await inspect({ 'weir-rewrite': older, 'weir-rewrite_2': copied })).toEqual({ deform: PLAIN })
    expect(await inspect({ 'weir-rewrite': copied, 'weir-rewrite_2': older })).toHaveProperty('image')
  })

  test('is none where the filters are others: somebody else was there', async () => {
    const plan = { deform: { ...PLAIN, order: 'element' }, image: { ...PLAIN, order: 'frame' } }
    expect(await inspect({ 'weir-rewrite': composeLog({ plan }) })).toEqual({})
  })

  test('is that of shuffled values, by element or by frame', async () => {
    const [byElement, byFrame] = [
      { order: 'element', zstd: 'level 5' },
      { order: 'frame', zstd: 'level 1, windowLog 11' },
    ]
    const wrong = { userdef1: byFrame, image_bg: byElement }
    const fill = async (h5: FileWriter): Promise<void> => {
      const events = h5.root.requireGroup('events')
      const choice = { codec: 'zstd', level: 5, shuffle: true, checksum: true } as const
      for (const [name, shape, elementBytes] of [
        ['userdef1', [10], 2],
        ['image_bg', [10, 3, 4], 24],
      ] as const) {
        const storage = { kind: 'chunked', chunkShape: [...shape] } as const
        const dataset = events.createDataset(name, {
          datatype: integerType(2, false),
          shape: [0, ...shape.slice(1)],
          storage: { ...storage, filters: buildPipeline(choice, elementBytes) },
        })
        await dataset.append(new Uint8Array(shape.reduce((product: number, length) => product * length, 2)))
      }
    }
    const right = { userdef1: byElement, image_bg: byFrame }
    expect(await inspect({ 'weir-rewrite': composeLog({ plan: right }) }, fill)).toEqual(right)
    expect(await inspect({ 'weir-rewrite': composeLog({ plan: wrong }) }, fill)).toEqual({})
  })

  test.each([
    ['no JSON', 'hello'],
    ['something else', '["weir"]'],
    ['of another program', composeLog({ software: 'dclab 1.0', plan: { deform: OLDER } })],
    ['without a time', JSON.stringify({ software: 'weir 1', result: { 'storage plan': { deform: OLDER } } })],
    ['with a plan that is none', composeLog({ time: '12:00:00', plan: { deform: { order: 'odd' } } })],
    ['with plans that are none', composeLog({ time: '12:00:00', plan: [5] })],
    ['without end', composeLog({ time: '12:00:00', plan: { deform: { ...OLDER, zstd: 'x'.repeat(101) } } })],
  ])('is not told by a log that is %s, which is no error', async (_name, text) => {
    expect(await inspect({ 'weir-rewrite_3': text })).toEqual({})
    const sound = composeLog({ plan: { deform: PLAIN } })
    expect(await inspect({ 'weir-rewrite': sound, 'weir-rewrite_3': text })).toEqual({ deform: PLAIN })
  })

  test('is not told by a log of a similar name, nor by one of numbers', async () => {
    const text = composeLog({ plan: { deform: PLAIN } })
    expect(await inspect({ 'my-weir-rewrite': text, 'weir-basins': text })).toEqual({})
    const fill = async (h5: FileWriter): Promise<void> => {
      const numbers = { kind: 'contiguous' } as const
      const dataset = h5.root.requireGroup('logs').createDataset('weir-record', {
        datatype: integerType(2, false),
        shape: [3],
        storage: numbers,
      })
      await dataset.append(new Uint8Array(6))
    }
    expect(await inspect({ 'weir-rewrite': text }, fill)).toEqual({ deform: PLAIN })
  })
})

test('what was recorded and rewritten tells its plans', async () => {
  const folder = await makeTemporaryFolder()
  const recorded = join(folder, 'recorded.rtdc')
  const context = makeContext(getPool())
  await record({ output: recorded, source: { kind: 'simulate', frames: 60 } }, context)
  const plansOf = async (path: string) =>
    Object.fromEntries((await inspectFile(nodeDisk, path)).features.map(({ name, plan }) => [name, plan]))
  const plans = await plansOf(recorded)
  expect(Object.keys(plans).length).toBeGreaterThan(3)
  for (const [name, plan] of Object.entries(plans))
    expect([name, typeof plan?.zstd]).toEqual([name, 'string'])
  // All of it goes over as stored.
  const copied = join(folder, 'copied.rtdc')
  const outcome = await rewrite({ input: recorded, output: copied }, context)
  expect(outcome.featuresAsStored).toBe(Object.keys(plans).length)
  expect(await plansOf(copied)).toEqual(plans)
  // What a person named the codec for has no plan.
  const byHand = join(folder, 'by-hand.rtdc')
  const compression = { codec: 'zstd', level: 6, shuffle: false, checksum: true } as const
  await rewrite({ input: copied, output: byHand, compression }, context)
  expect(Object.values(await plansOf(byHand)).filter((plan) => plan !== undefined)).toEqual([])
})
