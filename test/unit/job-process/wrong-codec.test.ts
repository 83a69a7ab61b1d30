import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type * as ZstdCodec from '../../../src-main/hdf5/filters/zstd-codec.ts'
import type { RewriteJob } from '../../../src-main/jobs/job-schema.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { createInlinePool } from '../hdf5/writing/inline-pool.ts'
import { makeContext, makeSample, record, rewrite } from './job-fixture.ts'

/** Chunks from this size on have one byte that is another when they are compressed: a whole, valid frame of wrong values. */
let wrongFrom = Infinity

vi.mock('../../../src-main/hdf5/filters/zstd-codec.ts', async (importOriginal) => {
  const codec = await importOriginal<typeof ZstdCodec>()
  const compressZstd: typeof codec.compressZstd = (data, ...parameters) => {
    const taken = new Uint8Array(data)
    if (taken.length >= wrongFrom) taken[taken.length >>> 1]! ^= 1
    return codec.compressZstd(taken, ...parameters)
  }
  return { ...codec, compressZstd }
})

const pool = createInlinePool()
const LEVEL_6 = { codec: 'zstd', level: 6, shuffle: false, checksum: true } as const
const LARGE_BYTES = 100_000

let folder = ''
let input = ''
beforeEach(async () => {
  folder = await makeTemporaryFolder()
  input = await makeSample(folder, 120, makeContext(pool))
  wrongFrom = LARGE_BYTES
})
afterEach(() => (wrongFrom = Infinity))

describe('a codec that makes whole chunks of other values', () => {
  test.each<readonly [string, Partial<RewriteJob>]>([
    ['chunk by chunk', { compression: LEVEL_6 }],
    ['by rows', { compression: LEVEL_6, events: { kind: 'range', start: 1, stop: 120, step: 1 } }],
    ['verified by HDF5 too', { compression: LEVEL_6, verify: 'independent' }],
  ])('fails a rewrite, which names dataset and chunk: %s', async (_, settings) => {
    const output = join(folder, 'out.rtdc')
    const job = rewrite({ input, output, ...settings }, makeContext(pool))
    const error = await expectRejection(job, 'E_VERIFY')
    expect(error).toMatchObject({ tag: 'Hdf5Error', path: `${output}~` })
    expect(error.object).toMatch(/^\/events\/(image|image_bg|mask)$/)
    expect(error.message).toMatch(/chunk \d+: what was encoded does not decode to what went in \(byte \d+ /)
    expect(await readdir(folder)).toEqual(['sample-120.rtdc'])
  })

  test('fails a recording', async () => {
    const output = join(folder, 'made.rtdc')
    const job = record({ output, source: { kind: 'simulate', frames: 120, rate: null } }, makeContext(pool))
    await expectRejection(job, 'E_VERIFY')
  })

  test('is not noticed where nobody looks: the proof above is what finds it', async () => {
    const output = join(folder, 'out.rtdc')
    const settings = { input, output, compression: LEVEL_6, verify: 'none' } as const
    expect(await rewrite(settings, makeContext(pool))).toMatchObject({ verification: 'none' })
  })
})
