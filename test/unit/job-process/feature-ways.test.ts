import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { appendChecksum } from '../../../src-main/hdf5/filters/fletcher32.ts'
import type { FilterPool } from '../../../src-main/hdf5/filters/filter-pool.ts'
import { createFilterPool } from '../../../src-main/hdf5/filters/worker-filter-pool.ts'
import { chooseZstd } from '../../../src-main/hdf5/filters/zstd-codec.ts'
import { readChunkTable } from '../../../src-main/hdf5/reading/chunk-table.ts'
import type { StoredDataset } from '../../../src-main/hdf5/reading/stored-object.ts'
import { float64Type } from '../../../src-main/hdf5/writing/datatypes.ts'
import type { DatasetSpec } from '../../../src-main/hdf5/writing/dataset-spec.ts'
import { FileWriter, type GroupWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import type { RewriteJob } from '../../../src-main/jobs/job-schema.ts'
import { isDatasetFeature } from '../../../src-main/read/feature-info.ts'
import { Measurement } from '../../../src-main/read/measurement.ts'
import { choosePipeline } from '../../../src-main/write/default-filters.ts'
import { expectRejection } from '../../helpers/expect-error.ts'

import { makeContext, makeSample, rewrite } from './job-fixture.ts'

let pool: FilterPool
let folder: string
/** Stored as Weir stores by default. */
let sample: string
let outputs = 0

beforeAll(async () => {
  pool = createFilterPool({ threads: 2 })
  folder = await mkdtemp(join(tmpdir(), 'weir-ways-'))
  sample = await makeSample(folder, 300, makeContext(pool))
})
afterAll(async () => {
  await pool.close()
  await rm(folder, { recursive: true, force: true })
})

interface FeatureLook {
  readonly values: string
  /** SHA-256 of the stored chunks, masks included; of data in one piece that of nothing. */
  readonly chunks: string
  readonly chunkShape: readonly number[] | undefined
}

/** What a file holds, by feature: hashes, since comparing large arrays takes minutes. */
async function look(path: string) {
  const measurement = await Measurement.open(nodeDisk, path, { pool })
  const features: Record<string, FeatureLook> = {}
  for (const feature of measurement.features.filter(isDatasetFeature)) {
    for (const dataset of feature.datasets) features[feature.name] = await lookAt(measurement, dataset)
  }
  const log = measurement.logs.find((one) => one.path === '/logs/weir-rewrite')
  const text = log ? (await measurement.readLines(log)).join('') : '{}'
  await measurement.close()
  return { features, result: (JSON.parse(text) as { result?: Record<string, unknown> }).result ?? {} }
}

async function lookAt(measurement: Measurement, dataset: StoredDataset): Promise<FeatureLook> {
  const reader = await measurement.openReader(dataset)
  const values = createHash('sha256')
    .update(await reader.readRows(0, reader.rowCount))
    .digest('hex')
  const chunks = createHash('sha256')
  if (dataset.layout.kind !== 'chunked')
    return { values, chunks: chunks.digest('hex'), chunkShape: undefined }
  const { records, chunkShape } = await readChunkTable(measurement.file, dataset)
  for (const { gridIndex, address, storedBytes, filterMask } of records) {
    chunks.update(`${gridIndex} ${filterMask}`).update(await measurement.file.readBytes(address, storedBytes))
  }
  return { values, chunks: chunks.digest('hex'), chunkShape }
}

async function run(input: string, settings: Partial<RewriteJob> = {}) {
  const output = join(folder, `output-${++outputs}.rtdc`)
  const outcome = await rewrite({ input, output, ...settings }, makeContext(pool))
  return { outcome, ...(await look(output)) }
}

/** The digest of values that fit into one piece. */
function digestPiece(feature: FeatureLook | undefined): string {
  return createHash('sha256')
    .update(feature?.values ?? '', 'hex')
    .digest('hex')
}

const valuesOf = (features: Readonly<Record<string, FeatureLook>>) =>
  Object.fromEntries(Object.entries(features).map(([name, { values }]) => [name, values]))

describe('the cheapest way for each feature', () => {
  test('stored as the output is to be: every chunk goes over untouched, and log and outcome say so', async () => {
    const source = await look(sample)
    const { outcome, features, result } = await run(sample)
    expect(features).toEqual(source.features)
    expect(outcome.featuresAsStored).toBe(outcome.features)
    expect(result['copied as stored']).toHaveLength(outcome.features)
    expect(Object.keys(result['sha256 of stored chunks'] as object)).toEqual(
      expect.arrayContaining(Object.keys(features)),
    )
  })

  test.each<readonly [string, Partial<RewriteJob>]>([
    ['another level', { compression: { codec: 'zstd', level: 6, shuffle: false, checksum: true } }],
    ['no checksum', { compression: { codec: 'zstd', level: 5, shuffle: false, checksum: false } }],
    ['no compression', { compression: { codec: 'none', level: 5, shuffle: false, checksum: true } }],
    ['gzip with shuffle', { compression: { codec: 'gzip', level: 5, shuffle: true, checksum: true } }],
  ])(
    'stored otherwise: the values are the same, and nothing is said to be as stored (%s)',
    async (_, settings) => {
      const source = await look(sample)
      const { outcome, features, result } = await run(sample, settings)
      expect(valuesOf(features)).toEqual(valuesOf(source.features))
      expect(features['image']?.chunks).not.toBe(source.features['image']?.chunks)
      expect([outcome.featuresAsStored, result['copied as stored']]).toEqual([0, undefined])
    },
  )

  test('a selection of events goes by its values', async () => {
    const { outcome } = await run(sample, { events: { kind: 'range', start: 0, stop: 10, step: 1 } })
    expect(outcome).toMatchObject({ featuresAsStored: 0, events: 10 })
  })

  test('all levels of verification pass for chunks as stored', async () => {
    for (const verify of ['none', 'standard', 'independent'] as const) {
      const { outcome, result } = await run(sample, { verify })
      expect(outcome.featuresAsStored).toBe(outcome.features)
      expect('sha256 of stored chunks' in result).toBe(verify !== 'none')
    }
  })
})

type Maker = (events: GroupWriter) => Promise<void>

async function writeSource(name: string, make: Maker): Promise<string> {
  const path = join(folder, `${name}.rtdc`)
  const file = await FileWriter.create(nodeDisk, path, { pool })
  await make(file.root.requireGroup('events'))
  await file.finish()
  await file.close()
  return path
}

const ZSTD5 = choosePipeline({}, float64Type())

async function addDataset(events: GroupWriter, name: string, spec: Omit<DatasetSpec, 'datatype'>) {
  const dataset = events.createDataset(name, { datatype: float64Type(), ...spec })
  const rows = Float64Array.from({ length: spec.shape?.reduce((a, b) => a * b, 1) ?? 0 }, (_, i) => i * 0.37)
  await dataset.append(new Uint8Array(rows.buffer))
}

describe('sources of other makes', () => {
  test('one piece without filters, chunks of another shape, chunks inside of events: the values are kept', async () => {
    const input = await writeSource('makes', async (events) => {
      await addDataset(events, 'deform', { shape: [2500], storage: { kind: 'contiguous' } })
      const small = { kind: 'chunked', chunkShape: [7], filters: ZSTD5 } as const
      await addDataset(events, 'area_um', { shape: [2500], storage: small })
      const raw = { kind: 'chunked', chunkShape: [1000], filters: [] } as const
      await addDataset(events, 'pos_x', { shape: [2500], storage: raw })
      const tiles = { kind: 'chunked', chunkShape: [10, 3, 2], filters: ZSTD5 } as const
      await addDataset(events, 'image', { shape: [2500, 5, 4], storage: tiles })
    })
    const source = await look(input)
    const standard = await run(input)
    expect(valuesOf(standard.features)).toEqual(valuesOf(source.features))
    expect(standard.result['copied as stored']).toEqual(['area_um', 'image'])
    expect(standard.features['area_um']).toEqual(source.features['area_um'])
    expect(standard.features['image']).toEqual(source.features['image'])
    expect(standard.features['deform']?.chunkShape).toEqual([1000])
    expect(standard.result['sha256 of values']).toEqual({
      deform: digestPiece(source.features['deform']),
      pos_x: digestPiece(source.features['pos_x']),
    })
    const bare = await run(input, {
      compression: { codec: 'none', level: 5, shuffle: false, checksum: false },
    })
    expect(valuesOf(bare.features)).toEqual(valuesOf(source.features))
    expect(bare.result['copied as stored']).toEqual(['pos_x'])
    expect(bare.result['sha256 of values']).toEqual({
      deform: digestPiece(source.features['deform']),
      area_um: digestPiece(source.features['area_um']),
      image: digestPiece(source.features['image']),
    })
  })

  test('what lies behind the last event is taken over as stored, and is fill value where chunks are encoded anew', async () => {
    const input = await writeSource('behind', async (events) => {
      const storage = { kind: 'chunked', chunkShape: [1000], filters: [] } as const
      const spec = { datatype: float64Type(), shape: [1500], maxShape: [null], storage }
      const dataset = events.createDataset('deform', spec)
      const chunk = () => new Uint8Array(new Float64Array(1000).fill(4).buffer)
      for (const index of [0, 1]) await dataset.keepChunk(index, { bytes: chunk(), filterMask: 0 })
    })
    const source = await look(input)
    const { features } = await run(input)
    expect(features['deform']?.values).toBe(source.features['deform']?.values)
    const measurement = await Measurement.open(nodeDisk, join(folder, `output-${outputs}.rtdc`), { pool })
    const [dataset] = measurement.features.filter(isDatasetFeature).flatMap((feature) => feature.datasets)
    const { records } = await readChunkTable(measurement.file, dataset!)
    const encoded = await measurement.file.readBytes(records[1]!.address, records[1]!.storedBytes)
    const rawBytes = 8000
    const task = { pipeline: dataset!.filters, elementBytes: 8, filterMask: 0, rawBytes }
    const decoded = new Float64Array((await pool.decode(encoded, task)).slice().buffer)
    expect([decoded[499], decoded[500], decoded[999]]).toEqual([4, 0, 0])
    await measurement.close()
  })

  test('a feature of which a chunk had to be stored anew is not said to be as stored', async () => {
    const rows = Buffer.from(Float64Array.from({ length: 1000 }, (_, i) => i).buffer)
    const input = await writeSource('frames', async (events) => {
      const storage = { kind: 'chunked', chunkShape: [1000], filters: ZSTD5 } as const
      await addDataset(events, 'area_um', { shape: [2000], storage })
      const dataset = events.createDataset('deform', { datatype: float64Type(), shape: [2000], storage })
      const whole = chooseZstd().compress(rows, { level: 5 })
      const halves = [rows.subarray(0, 4000), rows.subarray(4000)].map((half) =>
        chooseZstd().compress(half, { level: 5 }),
      )
      for (const [index, chunk] of [whole, Buffer.concat(halves)].entries())
        await dataset.keepChunk(index, { bytes: appendChecksum(chunk), filterMask: 0 })
    })
    for (const verify of ['none', 'standard'] as const) {
      const { outcome, features, result } = await run(input, { verify })
      expect(features['deform']?.values).toBe(createHash('sha256').update(rows).update(rows).digest('hex'))
      expect(outcome).toMatchObject({ features: 2, featuresAsStored: 1 })
      expect(outcome.warnings).toMatchObject([{ code: 'W_RECODED', object: '/events/deform' }])
      expect(result['copied as stored']).toEqual(['area_um'])
    }
  })

  test('without compression no chunk is longer than the rows, and all are about full', async () => {
    const makeOf = (rows: number) =>
      writeSource(`few-${rows}`, async (events) => {
        const zstd = { kind: 'chunked', chunkShape: [1000], filters: ZSTD5 } as const
        await addDataset(events, 'deform', { shape: [rows], maxShape: [null], storage: zstd })
        const raw = { ...zstd, filters: [] } as const
        await addDataset(events, 'area_um', { shape: [rows], maxShape: [null], storage: raw })
        await addDataset(events, 'pos_x', { shape: [rows], storage: { kind: 'contiguous' } })
      })
    const compression = { codec: 'none', level: 5, shuffle: false, checksum: false } as const
    const one = await makeOf(1)
    const { features } = await run(one, { compression })
    expect(valuesOf(features)).toEqual(valuesOf((await look(one)).features))
    expect(Object.values(features).map(({ chunkShape }) => chunkShape)).toEqual([[1], [1], [1]])
    const more = await makeOf(1100)
    const even = await run(more, { compression })
    expect(valuesOf(even.features)).toEqual(valuesOf((await look(more)).features))
    // What is in chunks of the usual length already stays in them.
    expect(even.features).toMatchObject({
      deform: { chunkShape: [1000] },
      area_um: { chunkShape: [1000] },
      pos_x: { chunkShape: [550] },
    })
  })

  test('a chunk that was never written is damage, on every way', async () => {
    const input = await writeSource('hole', async (events) => {
      const storage = { kind: 'chunked', chunkShape: [1000], filters: [] } as const
      const dataset = events.createDataset('deform', { datatype: float64Type(), shape: [3000], storage })
      for (const index of [0, 2])
        await dataset.keepChunk(index, { bytes: new Uint8Array(8000), filterMask: 0 })
    })
    for (const codec of ['none', 'zstd'] as const) {
      const compression = { codec, level: 5, shuffle: false, checksum: false }
      const output = join(folder, `hole-${codec}.rtdc`)
      await expectRejection(rewrite({ input, output, compression }, makeContext(pool)), 'E_HOLE')
    }
  })

  test('a checksum that does not fit fails the job and names the events', async () => {
    const measurement = await Measurement.open(nodeDisk, sample, { pool })
    const image = measurement.features.filter(isDatasetFeature).find(({ name }) => name === 'image')!
    const { records } = await readChunkTable(measurement.file, image.datasets[0])
    const bytes = await measurement.file.readBytes(0, measurement.file.bytes)
    await measurement.close()
    const input = join(folder, 'damaged.rtdc')
    bytes[records[0]!.address + 100]! ^= 1
    const file = await nodeDisk.createExclusive(input)
    await file.write(bytes, 0)
    await file.close()
    for (const compression of [{ level: 5 }, { level: 6 }]) {
      const settings = { codec: 'zstd', shuffle: false, checksum: true, ...compression } as const
      const output = join(folder, `from-damaged-${compression.level}.rtdc`)
      const job = rewrite({ input, output, compression: settings }, makeContext(pool))
      const error = await expectRejection(job, 'E_CHUNK')
      expect(error).toMatchObject({ path: input, object: '/events/image' })
      expect(error.message).toMatch(/image, events 0-\d+ unreadable/)
    }
  })
})
