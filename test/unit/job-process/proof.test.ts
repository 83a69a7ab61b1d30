import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { FilterPool } from '../../../src-main/hdf5/filters/filter-pool.ts'
import { createFilterPool } from '../../../src-main/hdf5/filters/worker-filter-pool.ts'
import type { RewriteJob } from '../../../src-main/jobs/job-schema.ts'
import { Measurement } from '../../../src-main/read/measurement.ts'
import { wrapDisk } from '../../helpers/faulty-disk.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import type { JobProgress } from '../../../src-main/job-process/job-context.ts'
import {
  makeContext,
  makeSample,
  record,
  rewrite,
  type TestContext,
  type TestContextOptions,
} from './job-fixture.ts'

let pool: FilterPool
let input = ''
beforeAll(() => {
  pool = createFilterPool({ threads: 2 })
})
beforeEach(async () => {
  input = await makeSample(await makeTemporaryFolder(), 300, makeContext(pool))
})
afterAll(() => pool.close())

function lastOf({ progress }: TestContext, phase: string) {
  return progress.filter((one) => one.phase === phase).at(-1)
}

/** The digests in a job's log, and those of what is read back from its output: of pieces of whole rows up to 1 MiB, whatever the chunks. */
async function readProof(path: string, logName: string) {
  const measurement = await Measurement.open(nodeDisk, path, { pool })
  const log = measurement.logs.find((one) => one.path === `/logs/${logName}`)
  const lines = await measurement.readLines(log!)
  const digests: Record<string, string> = {}
  for (const feature of measurement.features) {
    if (!('datasets' in feature)) continue
    for (const dataset of feature.datasets) {
      const reader = await measurement.openReader(dataset)
      const pieceRows = Math.max(1, Math.floor(2 ** 20 / reader.rowBytes))
      const hash = createHash('sha256')
      for (let row = 0; row < reader.rowCount; row += pieceRows) {
        const piece = await reader.readRows(row, Math.min(row + pieceRows, reader.rowCount))
        hash.update(createHash('sha256').update(piece).digest())
      }
      digests[dataset.path.replace('/events/', '')] = hash.digest('hex')
    }
  }
  await measurement.close()
  const content = JSON.parse(lines.join('')) as { readonly result: Readonly<Record<string, unknown>> }
  return { logged: content.result['sha256 of values'], digests }
}

describe('what a job tells of its work', () => {
  test.each(['standard', 'independent'] as const)(
    'a rewrite says what it compared: every chunk, every byte (%s)',
    async (verify) => {
      const context = makeContext(pool)
      const output = join(dirname(input), `${verify}.rtdc`)
      const outcome = await rewrite({ input, output, verify }, context)
      expect(outcome.inputBytes).toBe((await stat(input)).size)
      expect(outcome.comparedChunks).toBeGreaterThan(10)
      expect(outcome.bytesRead).toBeGreaterThan(0)
      expect(outcome.comparedBytes).toBeGreaterThanOrEqual(outcome.bytesRead)
      expect(lastOf(context, 'copy')?.verifiedBytes).toBe(0)
      expect(lastOf(context, 'commit')?.verifiedBytes).toBe((await stat(output)).size)
    },
  )

  test('a job that was not verified claims no comparison', async () => {
    const context = makeContext(pool)
    const output = join(dirname(input), 'unverified.rtdc')
    const outcome = await rewrite({ input, output, verify: 'none' }, context)
    expect(outcome).toMatchObject({ comparedChunks: 0, comparedBytes: 0 })
    expect(lastOf(context, 'commit')?.verifiedBytes).toBe(0)
  })

  test('a recording says the size of the file that it replays, and of no file where there is none', async () => {
    const folder = await makeTemporaryFolder()
    const source = { kind: 'replay', file: input, rate: null, readers: 1 } as const
    const replayed = await record({ output: join(folder, 'replayed.rtdc'), source }, makeContext(pool))
    expect(replayed).toMatchObject({ inputBytes: (await stat(input)).size })
    expect(replayed.bytesRead).toBeGreaterThan(0)
    expect(replayed.comparedBytes).toBeGreaterThanOrEqual(replayed.bytesRead)
    const simulated = { kind: 'simulate', frames: 5, rate: null } as const
    const made = await record({ output: join(folder, 'made.rtdc'), source: simulated }, makeContext(pool))
    expect(made.inputBytes).toBeNull()
  })

  // Stored as before, the chunks would go over as they are, and the log would speak of stored bytes.
  test.each<readonly [string, Partial<RewriteJob>]>([
    ['recoded', { compression: { codec: 'zstd', level: 6, shuffle: false, checksum: true } }],
    ['shuffled', { compression: { codec: 'gzip', level: 1, shuffle: true, checksum: false } }],
    ['bare', { compression: { codec: 'none', level: 5, shuffle: false, checksum: false } }],
    ['chosen', { events: { kind: 'range', start: 7, stop: 290, step: 3 } }],
  ])('the log in the output holds the digest of the values of every feature (%s)', async (name, settings) => {
    const output = join(dirname(input), `${name}.rtdc`)
    await rewrite({ input, output, ...settings }, makeContext(pool))
    const rewritten = await readProof(output, 'weir-rewrite')
    expect(Object.keys(rewritten.digests).length).toBeGreaterThan(10)
    expect(rewritten.logged).toEqual(rewritten.digests)
  })

  test('a recording logs the digest of the values of every feature', async () => {
    const made = join(dirname(input), 'made.rtdc')
    await record({ output: made, source: { kind: 'simulate', frames: 50, rate: null } }, makeContext(pool))
    const recorded = await readProof(made, 'weir-record')
    expect(recorded.logged).toEqual(recorded.digests)
  })

  test('a disk that holds a job up shows in its load, with filter threads that have nothing to do', async () => {
    const shown = waitForProgress(({ diskLoad, filterLoad }) => diskLoad === 1 && filterLoad === 0)
    const disk = wrapDisk(nodeDisk, {
      hook: ({ kind, path }) => (kind === 'write' && path.endsWith('~') ? shown.promise : undefined),
    })
    await rewrite({ input, output: join(dirname(input), 'slow.rtdc') }, shown.makeContext({ disk }))
  })

  test('filter threads that hold a job up show in their load, with a disk that has nothing to do', async () => {
    const shown = waitForProgress(({ diskLoad, filterLoad }) => diskLoad === 0 && filterLoad === 1)
    const held: FilterPool = {
      ...delegateTo(pool),
      encode: async (raw, task) => {
        await shown.promise
        return pool.encode(raw, task)
      },
      recode: async (encoded, task) => {
        await shown.promise
        return pool.recode(encoded, task)
      },
    }
    const context = { ...shown.makeContext(), pool: held }
    await rewrite({ input, output: join(dirname(input), 'busy.rtdc') }, context)
  })
})

/** Resolves as soon as the job tells such a progress; a job that waits for it and never tells it runs into the time limit. */
function waitForProgress(isWanted: (progress: JobProgress) => boolean) {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((settle) => (resolve = settle))
  const onProgress = (progress: JobProgress): void => (isWanted(progress) ? resolve() : undefined)
  return {
    promise,
    makeContext: (options: TestContextOptions = {}) => makeContext(pool, { ...options, onProgress }),
  }
}

function delegateTo(inner: FilterPool): FilterPool {
  return {
    threads: inner.threads,
    pending: inner.pending,
    encode: (raw, task) => inner.encode(raw, task),
    decode: (encoded, task) => inner.decode(encoded, task),
    compare: (pieces, task) => inner.compare(pieces, task),
    measure: (raw, task) => inner.measure(raw, task),
    recode: (encoded, task) => inner.recode(encoded, task),
    check: (encoded, task) => inner.check(encoded, task),
    close: () => inner.close(),
  }
}
