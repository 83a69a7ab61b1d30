import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ChunkBuffers, chunkBuffers } from '../../../../src-main/hdf5/filters/chunk-buffers.ts'
import type { FilterPool } from '../../../../src-main/hdf5/filters/filter-pool.ts'
import { buildPipeline } from '../../../../src-main/hdf5/filters/pipeline.ts'
import { createFilterPool } from '../../../../src-main/hdf5/filters/worker-filter-pool.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'

const KIB = 2 ** 10

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

describe('buffers of chunks', () => {
  test('one that was given back is lent again, to whoever needs at least half of it', () => {
    const buffers = new ChunkBuffers()
    const first = buffers.take(100 * KIB)
    expect(first.byteLength).toBe(100 * KIB)
    buffers.give(first)
    expect(buffers.take(20 * KIB, 128 * KIB).buffer).toBe(first.buffer)
    expect(buffers.take(100 * KIB).buffer).not.toBe(first.buffer)
  })

  test('nobody gets a buffer that someone else has, whatever is given back and how often', () => {
    const buffers = new ChunkBuffers()
    const held = buffers.take(100 * KIB)
    buffers.give(held)
    buffers.give(held)
    const [one, other] = [buffers.take(100 * KIB), buffers.take(100 * KIB)]
    expect(one.buffer).not.toBe(other.buffer)
    buffers.give(new Uint8Array(100 * KIB))
    expect(buffers.isLent(buffers.take(100 * KIB))).toBe(true)
  })

  test('does not keep more than 32 MiB, nor small ones', () => {
    const buffers = new ChunkBuffers()
    const many = Array.from({ length: 40 }, () => buffers.take(KIB * KIB))
    for (const buffer of many) buffers.give(buffer)
    const known = new Set(many.map(({ buffer }) => buffer))
    const again = many.map(() => buffers.take(KIB * KIB)).filter(({ buffer }) => known.has(buffer))
    expect(again).toHaveLength(32)
    expect(buffers.isLent(buffers.take(10 * KIB))).toBe(false)
  })

  test('those of the size that is asked for now take the place of what waited longest', () => {
    const buffers = new ChunkBuffers()
    for (const bytes of [KIB * KIB, 4 * KIB * KIB]) {
      const many = Array.from({ length: 32 }, () => buffers.take(bytes))
      for (const buffer of many) buffers.give(buffer)
      expect(buffers.take(bytes).buffer).toBe(many.at(-1)!.buffer)
    }
    const large = buffers.take(40 * KIB * KIB)
    buffers.give(large)
    expect(buffers.take(40 * KIB * KIB).buffer).not.toBe(large.buffer)
  })
})

describe('a lent buffer in a filter thread', () => {
  let pool: FilterPool
  beforeAll(() => {
    pool = createFilterPool({ threads: 1 })
  })
  afterAll(() => pool.close())

  const raw = Uint8Array.from({ length: 200 * KIB }, (_, i) => (i * i) >>> 7)
  const filters = buildPipeline({ codec: 'zstd', level: 1, shuffle: false, checksum: true }, 1)
  const task = { pipeline: filters, elementBytes: 1 }
  const decodeTask = { ...task, filterMask: 0, rawBytes: raw.length }
  const lend = (content: Uint8Array, capacity = content.length) => {
    const bytes = chunkBuffers.take(content.length, capacity)
    bytes.set(content)
    return bytes
  }
  const isRaw = (bytes: Uint8Array) => Buffer.compare(bytes, raw) === 0

  test('comes back with what the chunk became, and still belongs to the lender', async () => {
    const { bytes } = await pool.encode(lend(raw), task)
    expect(bytes.buffer.byteLength).toBeGreaterThanOrEqual(raw.length)
    expect(chunkBuffers.isLent(bytes)).toBe(true)
    const decoded = await pool.decode(bytes, decodeTask)
    expect([isRaw(decoded), chunkBuffers.isLent(decoded)]).toEqual([true, true])
    chunkBuffers.give(decoded)
  })

  test('that has no room for the result is replaced by one of its own', async () => {
    const { bytes: encoded } = await pool.encode(raw.slice(), task)
    const tight = lend(encoded)
    const decoded = await pool.decode(tight, decodeTask)
    expect(isRaw(decoded)).toBe(true)
    expect(tight.byteLength).toBe(0)
  })

  test('is used for each kind of work, and shows the same as one that is not lent', async () => {
    const hashed = { ...task, proof: { hashedBytes: raw.length } }
    const { bytes: encoded, proof } = await pool.encode(raw.slice(), hashed)
    const gzip = {
      ...hashed,
      pipeline: buildPipeline({ codec: 'gzip', level: 1, shuffle: false, checksum: false }, 1),
    }
    const renewed = await pool.recode(lend(encoded, raw.length), { from: decodeTask, to: gzip })
    expect(isRaw(await pool.decode(renewed.bytes, { ...decodeTask, pipeline: gzip.pipeline }))).toBe(true)
    expect(proof).toEqual({ checksum: crc32(encoded), sha256: hash(raw) })
    expect(renewed.proof?.sha256).toBe(hash(raw))
    const pieces = { lengths: [encoded.length], checksums: [crc32(encoded)] }
    expect(await pool.compare(lend(encoded), pieces)).toBeUndefined()
  })

  test('what was decoded goes into memory of its own, also where no filter follows', async () => {
    const small = raw.slice(0, 5000)
    const { bytes: encoded } = await pool.encode(small.slice(), task)
    const from = { ...decodeTask, rawBytes: small.length }
    const { bytes } = await pool.recode(encoded.slice(), { from, to: { pipeline: [], elementBytes: 1 } })
    for (const bare of [bytes, await pool.decode(encoded.slice(), from)]) {
      expect(Buffer.compare(bare, small)).toBe(0)
      expect(bare.byteLength).toBe(bare.buffer.byteLength)
    }
  })

  test('a run is checked chunk by chunk, and a damaged one told by its offset', async () => {
    const { bytes: encoded } = await pool.encode(raw.slice(), task)
    const run = new Uint8Array([...encoded, ...encoded])
    const chunks = [0, encoded.length].map((offset) => {
      return { offset, storedBytes: encoded.length, pipeline: filters, filterMask: 0 }
    })
    const checked = await pool.check(lend(run), { chunks, proof: { isHashed: true } })
    const proof = { checksum: crc32(encoded), sha256: hash(encoded) }
    expect(checked.proofs).toEqual([proof, proof])
    expect(Buffer.compare(checked.bytes, run)).toBe(0)
    run[encoded.length + 9]! ^= 1
    const error = await expectRejection(pool.check(lend(run), { chunks }), 'E_CHUNK')
    expect(error.offset).toBe(encoded.length)
    const skipped = chunks.map((chunk) => ({ ...chunk, filterMask: 2 }))
    expect((await pool.check(lend(run), { chunks: skipped })).proofs).toBeNull()
  })
})
