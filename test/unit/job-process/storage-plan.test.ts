import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { chooseZstd } from '../../../src-main/hdf5/filters/zstd-codec.ts'
import { readChunkTable } from '../../../src-main/hdf5/reading/chunk-table.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { HDF5Writer } from '../../../src-main/write/hdf5-writer.ts'
import { isDatasetFeature } from '../../../src-main/read/feature-info.ts'
import { Measurement } from '../../../src-main/read/measurement.ts'
import type { RewriteJob } from '../../../src-main/jobs/job-schema.ts'
import type { DatasetKeywords } from '../../../src-main/write/default-filters.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { getPool, writeFile } from '../write/file-fixture.ts'
import { makeContext, record, rewrite } from './job-fixture.ts'

const EVENTS = 400
const { takesParameters } = chooseZstd()

/** The same noise each time, and a frame that hardly moves: what by frame is for. */
function makeImages(): Uint8Array<ArrayBuffer> {
  let state = 1
  return Uint8Array.from({ length: EVENTS * 1200 }, (_, index) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return 90 + (((index % 1200) * 7919) % 60) + ((state >>> 16) & 3)
  })
}

/** 64-bit numbers that were 32-bit ones once. */
function makeNumbers(): Float64Array {
  let state = 7
  return Float64Array.from({ length: 20 * EVENTS }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.fround(20 + state / 2 ** 31)
  })
}

async function write(dsKwds: DatasetKeywords): Promise<string> {
  return writeFile(async (h5) => {
    const writer = await HDF5Writer.open(h5, { dsKwds })
    await writer.storeFeatureChunk('image', fromTypedArray(makeImages(), [EVENTS, 30, 40]))
    await writer.storeFeatureChunk('deform', fromTypedArray(makeNumbers().slice(0, EVENTS)))
    await writer.storeFeatureChunk('trace_like', fromTypedArray(makeNumbers(), [EVENTS, 20]))
  })
}

interface Look {
  /** SHA-256 of values and of stored chunks, filters as numbers with their values. */
  readonly features: Record<string, { values: string; chunks: string; filters: string; storedBytes: number }>
  readonly plan: Record<string, { order: string; zstd: string; sample?: { raw: number } }> | undefined
}

async function look(path: string, log = 'weir-rewrite'): Promise<Look> {
  const measurement = await Measurement.open(nodeDisk, path, { pool: getPool() })
  const features: Look['features'] = {}
  for (const { name, datasets } of measurement.features.filter(isDatasetFeature)) {
    const dataset = datasets[0]
    const reader = await measurement.openReader(dataset)
    const values = createHash('sha256')
      .update(await reader.readRows(0, reader.rowCount))
      .digest('hex')
    const chunks = createHash('sha256')
    let storedBytes = 0
    for (const chunk of (await readChunkTable(measurement.file, dataset)).records) {
      chunks.update(await measurement.file.readBytes(chunk.address, chunk.storedBytes))
      storedBytes += chunk.storedBytes
    }
    const filters = dataset.filters.map(({ id, values: of }) => `${id}(${of.join(',')})`).join(' ')
    features[name] = { values, chunks: chunks.digest('hex'), filters, storedBytes }
  }
  // A source has brought its own.
  const stored = [`/logs/${log}_2`, `/logs/${log}`].flatMap((path) =>
    measurement.logs.filter((one) => one.path === path),
  )[0]
  const text = stored ? (await measurement.readLines(stored)).join('') : '{}'
  await measurement.close()
  const parsed = JSON.parse(text) as { result?: { 'storage plan'?: Look['plan'] } }
  return { features, plan: parsed.result?.['storage plan'] }
}

async function run(input: string, compression: Partial<RewriteJob['compression']> = {}) {
  const output = join(await makeTemporaryFolder(), 'out.rtdc')
  const whole = { codec: 'auto', level: 5, shuffle: false, checksum: true, ...compression } as const
  const outcome = await rewrite({ input, output, compression: whole }, makeContext(getPool()))
  return { output, outcome, ...(await look(output)) }
}

const PLAIN = '32015(5) 3()'

describe('a rewrite without a word about compression', () => {
  test('plans each feature, keeps every value, and says in its log what it has tried', async () => {
    const source = await write({ compression: null })
    const { features, plan } = await run(source)
    expect(Object.keys(plan!).sort()).toEqual(['deform', 'image', 'trace_like'])
    expect(plan!.trace_like).toMatchObject({
      order: 'element',
      sample: { raw: expect.any(Number) as number },
    })
    expect(features.trace_like!.filters).toBe('2(8) 32015(5) 3()')
    // Too little to try.
    expect(plan!.deform).toEqual({ order: 'plain', zstd: 'level 5' })
    expect(features.deform!.filters).toBe(PLAIN)
    if (!takesParameters) for (const { zstd } of Object.values(plan!)) expect(zstd).toMatch(/^level \d+$/)
    const before = await look(source)
    for (const [name, { values }] of Object.entries(before.features))
      expect(features[name]!.values).toBe(values)
  })

  test('makes of one input the same chunks each time', async () => {
    const source = await write({ compression: null })
    const [one, other] = [await run(source), await run(source)]
    expect(one.features).toEqual(other.features)
    expect(one.plan).toEqual(other.plan)
  })

  test('leaves as it is what is stored with zstd 5 or more and the wanted checksum, shuffled by element or not', async () => {
    const { output } = await run(await write({ compression: null }))
    const again = await run(output)
    expect(again.outcome.featuresAsStored).toBe(3)
    expect(again.plan).toBeUndefined()
    const high = await run(await write({ compression: 'zstd', compressionOpts: 7 }))
    expect([high.outcome.featuresAsStored, high.features.image!.filters]).toEqual([3, '32015(7) 3()'])
    for (const dsKwds of [{ compressionOpts: 4 }, { fletcher32: false }, { compression: 'gzip' }] as const)
      expect((await run(await write(dsKwds))).outcome.featuresAsStored).toBe(0)
  })
})

describe('by frame', () => {
  test('shuffles images by the bytes of one where that was asked for, and never else', async () => {
    const source = await write({ compression: null })
    const byFrame = await run(source, { byFrame: true })
    expect(byFrame.features.image!.filters).toBe('2(1200) 32015(5) 3()')
    const before = await look(source)
    expect(byFrame.features.image!.values).toBe(before.features.image!.values)
    expect(byFrame.features.image!.storedBytes).toBeLessThan((await run(source)).features.image!.storedBytes)
    // Such a source is stored anew for readers that would return other pixels, unless it was asked for again.
    const plain = await run(byFrame.output)
    expect(plain.features.image!.filters).toBe(PLAIN)
    expect(plain.features.image!.values).toBe(before.features.image!.values)
    expect((await run(byFrame.output, { byFrame: true })).outcome.featuresAsStored).toBe(3)
  })
})

describe('small', () => {
  test('stores anew what it makes smaller by 5 % or more, and only that', async () => {
    const source = await write({ compression: 'zstd', compressionOpts: 5 })
    const before = await look(source)
    const { features, outcome, plan } = await run(source, { aim: 'small' })
    expect(features.trace_like!.storedBytes).toBeLessThan(0.95 * before.features.trace_like!.storedBytes)
    expect(plan).toHaveProperty('trace_like')
    expect(plan).not.toHaveProperty('deform')
    expect(features.deform!.chunks).toBe(before.features.deform!.chunks)
    expect(outcome.featuresAsStored).toBeGreaterThanOrEqual(1)
    for (const name of Object.keys(features))
      expect(features[name]!.values).toBe(before.features[name]!.values)
  })
})

describe('a recording', () => {
  test('plans each feature by its first chunk, and says so', async () => {
    const output = join(await makeTemporaryFolder(), 'recorded.rtdc')
    const source = { kind: 'simulate', frames: 60 } as const
    await record({ output, source, compression: { codec: 'auto' } }, makeContext(getPool()))
    const { features, plan } = await look(output, 'weir-record')
    expect(plan).toHaveProperty('image')
    expect(plan).toHaveProperty('nevents')
    for (const [name, { order }] of Object.entries(plan!)) {
      const isShuffled = features[name]?.filters.startsWith('2(') ?? false
      expect([name, isShuffled]).toEqual([name, order !== 'plain'])
    }
    const plain = join(await makeTemporaryFolder(), 'plain.rtdc')
    await record({ output: plain, source, compression: { codec: 'zstd' } }, makeContext(getPool()))
    for (const [name, { values }] of Object.entries((await look(plain)).features))
      expect(features[name]!.values).toBe(values)
  })
})
