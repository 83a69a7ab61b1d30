import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import type { FilterPool } from '../../../../src-main/hdf5/filters/filter-pool.ts'
import { buildPipeline } from '../../../../src-main/hdf5/filters/pipeline.ts'
import { createFilterPool, FilterThreads } from '../../../../src-main/hdf5/filters/worker-filter-pool.ts'
import { repeat } from '../../../helpers/bytes.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'

const RAW = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 6)
const pipeline = buildPipeline({ codec: 'zstd', level: 3, shuffle: true, checksum: true }, 2)
const task = { pipeline, elementBytes: 2 }
const decodeTask = { ...task, filterMask: 0, rawBytes: RAW.length }

const slowPipeline = buildPipeline({ codec: 'gzip', level: 9, shuffle: false, checksum: false }, 1)
const slowTask = { pipeline: slowPipeline, elementBytes: 1 }

/** One pool for all tests that leave it whole: starting threads from sources takes a while. */
const pool = createFilterPool({ threads: 2 })
afterAll(() => pool.close())

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** Bytes that deflate cannot shrink, so that it works long on them. */
function createNoise(length: number): Uint8Array<ArrayBuffer> {
  let state = 1
  return Uint8Array.from({ length }, () => (state = (state * 48_271) % 2_147_483_647) >>> 8)
}

test('encodes, proves, compares and decodes in threads', async () => {
  const { bytes, proof } = await pool.encode(RAW.slice(), { ...task, proof: { hashedBytes: 1000 } })
  expect(proof).toEqual({ checksum: crc32(bytes), sha256: sha256(RAW.subarray(0, 1000)) })
  expect(bytes.byteLength).toBeLessThan(RAW.byteLength)
  const pieces = {
    lengths: [3, 0, bytes.length - 3],
    checksums: [bytes.subarray(0, 3), '', bytes.subarray(3)],
  }
  const comparison = { ...pieces, checksums: pieces.checksums.map((piece) => crc32(piece)) }
  expect(await pool.compare(bytes.slice(), comparison)).toBeUndefined()
  const changed = bytes.slice()
  changed[3]! ^= 1
  expect(await pool.compare(changed, comparison)).toBe(2)
  expect(Buffer.compare(await pool.decode(bytes, decodeTask), RAW)).toBe(0)
})

test('nothing is told of a chunk that nobody will compare, and its values only where they are wished for', async () => {
  const { bytes, proof } = await pool.encode(RAW.slice(), task)
  expect(proof).toBeNull()
  const to = { pipeline: [], elementBytes: 2, proof: { returnedBytes: 100 } }
  const recoded = await pool.recode(bytes, { from: decodeTask, to })
  expect(recoded.proof?.sha256).toBeUndefined()
  expect(Buffer.compare(recoded.proof?.values ?? new Uint8Array(), RAW.subarray(0, 100))).toBe(0)
  expect(Buffer.compare(recoded.bytes, RAW)).toBe(0)
})

test.each([
  ['nothing', []],
  ['deflate', buildPipeline({ codec: 'gzip', level: 5, shuffle: false, checksum: false }, 1)],
  ['zstd', buildPipeline({ codec: 'zstd', level: 5, shuffle: false, checksum: false }, 1)],
  ['shuffle', buildPipeline({ codec: 'none', level: 0, shuffle: true, checksum: false }, 2)],
  ['checksum', buildPipeline({ codec: 'none', level: 0, shuffle: false, checksum: true }, 2)],
])('what comes back owns its whole buffer, small or large: %s', async (_name, filters) => {
  for (const size of [3, 100, 5000, 300_000]) {
    const raw = RAW.slice(0, size)
    const { bytes } = await pool.encode(raw.slice(), { pipeline: filters, elementBytes: 2 })
    expect(bytes.byteLength).toBe(bytes.buffer.byteLength)
    const decoded = await pool.decode(bytes, { ...decodeTask, pipeline: filters, rawBytes: size })
    expect(decoded.byteLength).toBe(decoded.buffer.byteLength)
    expect(Buffer.compare(decoded, raw)).toBe(0)
  }
})

test('takes the buffer that is handed in, but of a slice only a copy', async () => {
  const whole = RAW.slice()
  await pool.encode(whole, task)
  expect(whole.byteLength).toBe(0)
  const buffer = RAW.slice()
  const { bytes } = await pool.encode(buffer.subarray(0, 1000), task)
  expect(buffer.byteLength).toBe(RAW.byteLength)
  expect(
    Buffer.compare(await pool.decode(bytes, { ...decodeTask, rawBytes: 1000 }), RAW.slice(0, 1000)),
  ).toBe(0)
})

test('counts the chunks that are not back yet', async () => {
  expect([pool.threads, pool.pending]).toEqual([2, 0])
  const chunks = Array.from({ length: 10 }, () => pool.encode(RAW.slice(), task))
  expect(pool.pending).toBe(10)
  await Promise.all(chunks)
  expect(pool.pending).toBe(0)
})

test('a damaged chunk is an error with its code, and the pool goes on', async () => {
  const { bytes } = await pool.encode(RAW.slice(), task)
  const bad = bytes.slice()
  bad[9]! ^= 1
  expect(await expectRejection(pool.decode(bad, decodeTask), 'E_CHUNK')).toMatchObject({ tag: 'Hdf5Error' })
  const small = { ...decodeTask, rawBytes: 1000 }
  expect(await expectRejection(pool.decode(bytes.slice(), small), 'E_BOMB')).toMatchObject({ expected: 1000 })
  const unknown = { ...decodeTask, pipeline: [{ id: 32008, flags: 0, values: [] }] }
  const error = await expectRejection(pool.decode(bytes.slice(), unknown), 'E_FILTER')
  expect(error).toMatchObject({ tag: 'Unsupported', actual: 32008 })
  expect(Buffer.compare(await pool.decode(bytes, decodeTask), RAW)).toBe(0)
})

test('a thread that dies fails every chunk that waits and every later one', async () => {
  const threads = new FilterThreads(1)
  onTestFinished(() => threads.close())
  await threads.encode(RAW.slice(), task)
  // Each keeps the thread busy for a tenth of a second, so that the last is far from done when the thread is ended.
  const waiting = Array.from({ length: 20 }, () => threads.encode(createNoise(3_000_000), slowTask))
  await threads.workers[0]!.terminate()
  const results = await Promise.allSettled(waiting)
  const firstLost = results.findIndex((result) => result.status === 'rejected')
  expect([firstLost >= 0, firstLost < 10]).toEqual([true, true])
  for (const chunk of waiting.slice(firstLost))
    expect(await expectRejection(chunk, 'E_GONE')).toMatchObject({ tag: 'ProcessGone' })
  await expectRejection(threads.encode(RAW.slice(), task), 'E_GONE')
  expect(threads.pending).toBe(0)
})

test('an idle thread that dies fails the next chunk', async () => {
  const threads = new FilterThreads(2)
  onTestFinished(() => threads.close())
  await threads.encode(RAW.slice(), task)
  await threads.workers[0]!.terminate()
  const failed = await expectRejection(encodeUntilItFails(threads), 'E_GONE')
  expect(failed).toMatchObject({ tag: 'ProcessGone' })
})

test('closing ends the chunks that wait, and what comes later is refused', async () => {
  const closing = createFilterPool({ threads: 1 })
  const chunks = Array.from({ length: 20 }, () => closing.encode(repeat(1, 2_000_000), task))
  const waiting = Promise.allSettled(chunks)
  await closing.close()
  expect((await waiting).map((result) => result.status)).toContain('rejected')
  await expectRejection(closing.decode(repeat(1, 10), decodeTask), 'E_GONE')
  await closing.close()
})

async function encodeUntilItFails(pool: FilterPool): Promise<never> {
  for (;;) await pool.encode(RAW.slice(0, 1000), task)
}

test('may be closed before its threads have loaded', async () => {
  for (let round = 0; round < 5; round++) await createFilterPool({ threads: 3 }).close()
})
