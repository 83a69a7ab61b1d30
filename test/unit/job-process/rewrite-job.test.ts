import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cancelled } from '../../../src-main/errors.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { FilterPool } from '../../../src-main/hdf5/filters/filter-pool.ts'
import { createFilterPool } from '../../../src-main/hdf5/filters/worker-filter-pool.ts'
import { Measurement } from '../../../src-main/read/measurement.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { failOperation, wrapDisk } from '../../helpers/faulty-disk.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { makeContext, makeSample, rewrite } from './job-fixture.ts'

let pool: FilterPool
beforeAll(() => {
  pool = createFilterPool({ threads: 2 })
})
afterAll(() => pool.close())

const makeInput = async (frames: number): Promise<string> =>
  makeSample(await makeTemporaryFolder(), frames, makeContext(pool))

/** All values of all event features, by name. */
async function readFeatures(path: string): Promise<Map<string, Buffer>> {
  const measurement = await Measurement.open(nodeDisk, path, { pool })
  const values = new Map<string, Buffer>()
  for (const feature of measurement.features) {
    if (!('datasets' in feature)) continue
    for (const dataset of feature.datasets) {
      const reader = await measurement.openReader(dataset)
      values.set(dataset.path, Buffer.from(await reader.readRows(0, reader.rowCount)))
    }
  }
  await measurement.close()
  return values
}

describe('what of its input an output holds', () => {
  const choice = {
    features: ['area_um', 'deform', 'mask'],
    events: { kind: 'range', start: 10, stop: 13, step: 1 },
  } as const

  test('is everything, and then nothing was left out', async () => {
    const input = await makeInput(30)
    const { content, events } = await rewrite(
      { input, output: join(dirname(input), 'out.rtdc') },
      makeContext(pool),
    )
    expect(content).toMatchObject({ inputEvents: events, leftOut: [], leftOutBytes: 0, copiedIn: 0 })
    expect(content?.features.kept).toBe(content?.features.total)
    expect(content?.logs).toEqual({ kept: content?.logs.total, total: content?.logs.total })
    expect(content?.logs.total).toBeGreaterThan(0)
  })

  test('is told by events, features and logs, with the bytes of the rest', async () => {
    const input = await makeInput(30)
    const before = await Measurement.open(nodeDisk, input, { pool })
    const names = before.features.map(({ name }) => name)
    const metadata = { attributes: true, logs: false, tables: true }
    const job = {
      input,
      output: join(dirname(input), 'out.rtdc'),
      ...choice,
      features: [...choice.features],
      metadata,
    }
    const { content, events, bytesWritten } = await rewrite(job, makeContext(pool))
    expect(events).toBe(3)
    expect(content).toMatchObject({
      inputEvents: before.eventCount,
      features: { kept: 3, total: names.length },
      leftOut: names.filter((name) => !choice.features.some((kept) => kept === name)).sort(),
      logs: { kept: 0, total: before.logs.length },
    })
    // What is left out and what is written are the input, but for its structure and what compression does to three events.
    const { size } = await stat(input)
    expect(content?.leftOutBytes).toBeGreaterThan(size / 2)
    expect(content?.leftOutBytes).toBeLessThan(size)
    expect(bytesWritten).toBeGreaterThan(0)
    await before.close()
  })
})

describe('a rewrite', () => {
  test.each(['standard', 'independent'] as const)(
    'holds every value of its source, verified: %s',
    async (verify) => {
      const input = await makeInput(60)
      const output = join(dirname(input), 'out.rtdc')
      const context = makeContext(pool)
      const outcome = await rewrite(
        { input, output, verify, compression: { codec: 'zstd', level: 1, shuffle: true, checksum: true } },
        context,
      )
      expect(outcome).toMatchObject({ output, verification: verify, warnings: [] })
      expect(await readFeatures(output)).toEqual(await readFeatures(input))
      expect([...new Set(context.progress.map(({ phase }) => phase))]).toEqual([
        'check',
        'copy',
        'metadata',
        'verify',
        'commit',
      ])
      expect(await readdir(dirname(input))).toEqual(['out.rtdc', 'sample-60.rtdc'])
    },
  )

  test('of a measurement without events is a measurement without events', async () => {
    const input = await makeInput(0)
    const output = join(dirname(input), 'out.rtdc')
    expect(await rewrite({ input, output }, makeContext(pool))).toMatchObject({ events: 0 })
    const measurement = await Measurement.open(nodeDisk, output, { pool })
    expect(measurement.readAttribute('experiment:event count')).toBe(0)
    await measurement.close()
  })

  test('numbers `index` anew on a selection and names the selection in the identifier', async () => {
    const input = await makeInput(40)
    const output = join(dirname(input), 'out.rtdc')
    const again = join(dirname(input), 'again.rtdc')
    await rewrite(
      { input, output, events: { kind: 'range', start: 3, stop: 10, step: 2 } },
      makeContext(pool),
    )
    await rewrite(
      { input: output, output: again, events: { kind: 'range', start: 0, stop: null, step: 1 } },
      makeContext(pool),
    )
    const [source, selected, same] = await Promise.all(
      [input, output, again].map((path) => Measurement.open(nodeDisk, path, { pool })),
    )
    expect(selected?.eventCount).toBe(4)
    expect(selected?.identifier).toMatch(new RegExp(`^${source?.identifier}_weir-[0-9a-f]{7}$`))
    expect(same?.identifier).toBe(selected?.identifier)
    const deform = (await readFeatures(input)).get('/events/deform')
    const rows = [3, 5, 7, 9].map((row) => deform?.readDoubleLE(row * 8))
    const kept = (await readFeatures(output)).get('/events/deform')
    expect([0, 1, 2, 3].map((row) => kept?.readDoubleLE(row * 8))).toEqual(rows)
    for (const measurement of [source, selected, same]) await measurement?.close()
  })

  test('leaves a second log of its own when the source has one', async () => {
    const input = await makeInput(5)
    const first = join(dirname(input), 'first.rtdc')
    const second = join(dirname(input), 'second.rtdc')
    await rewrite({ input, output: first }, makeContext(pool))
    await rewrite({ input: first, output: second }, makeContext(pool))
    const measurement = await Measurement.open(nodeDisk, second, { pool })
    const names = measurement.logs.map(({ path }) => path)
    expect(names).toEqual(
      expect.arrayContaining(['/logs/weir-record', '/logs/weir-rewrite', '/logs/weir-rewrite_2']),
    )
    const log = measurement.logs.find(({ path }) => path === '/logs/weir-rewrite_2')
    const lines = log ? await measurement.readLines(log) : []
    expect(JSON.parse(lines.join(''))).toMatchObject({
      task: 'rewrite',
      job: { input: first },
      files: [{ name: 'first.rtdc' }],
    })
    await measurement.close()
  })
})

describe('a rewrite that fails', () => {
  test.each([
    ['copied as stored', 5],
    ['encoded anew', 6],
  ])('leaves nothing behind, whichever write fails because the disk is full (%s)', async (_, level) => {
    const input = await makeInput(5)
    const folder = dirname(input)
    const output = join(folder, 'out.rtdc')
    const job = {
      input,
      output,
      compression: { codec: 'zstd', level, shuffle: false, checksum: true },
    } as const
    const whole = wrapDisk(nodeDisk, {})
    await rewrite(job, makeContext(pool, { disk: whole }))
    await nodeDisk.remove(output)
    const writes = whole.operations.filter(({ kind }) => kind === 'write').length
    expect(writes).toBeGreaterThan(level === 6 ? 20 : 5)
    for (let k = 1; k <= writes; k++) {
      const disk = wrapDisk(nodeDisk, failOperation(k, 'ENOSPC', ['write']))
      await expectRejection(rewrite(job, makeContext(pool, { disk })), 'E_OUT_SPACE')
      expect(await readdir(folder)).toEqual(['sample-5.rtdc'])
    }
  })

  test.each(['read', 'sync', 'rename', 'create', 'open'] as const)(
    'says so for each failing %s and leaves nothing behind',
    async (kind) => {
      const input = await makeInput(3)
      const folder = dirname(input)
      const output = join(folder, 'out.rtdc')
      const whole = wrapDisk(nodeDisk, {})
      await rewrite({ input, output }, makeContext(pool, { disk: whole }))
      await nodeDisk.remove(output)
      const count = whole.operations.filter((operation) => operation.kind === kind).length
      expect(count).toBeGreaterThan(0)
      for (let k = 1; k <= count; k++) {
        const disk = wrapDisk(nodeDisk, failOperation(k, 'EIO', [kind]))
        await expectRejection(rewrite({ input, output }, makeContext(pool, { disk })), 'E_IO')
        expect(await readdir(folder)).toEqual(['sample-3.rtdc'])
      }
    },
  )

  test('does not commit a file of which any single byte changed on disk: 200 of 200', async () => {
    const input = await makeInput(12)
    const output = join(dirname(input), 'out.rtdc')
    const { bytesWritten } = await rewrite({ input, output }, makeContext(pool))
    await nodeDisk.remove(output)
    const failures = new Set<string>()
    for (let run = 0; run < 200; run++) {
      const disk = flipBetweenWritingAndVerification(`${output}~`, run / 200, bytesWritten)
      const failed = expectRejection(rewrite({ input, output }, makeContext(pool, { disk })))
      failures.add((await failed).code)
      expect(await readdir(dirname(input)), `run ${run}`).toEqual(['sample-12.rtdc'])
    }
    expect([...failures].sort()).toEqual(['E_CHUNK', 'E_META'])
  })

  test('does not commit a file of which any write was lost', async () => {
    const input = await makeInput(12)
    const output = join(dirname(input), 'out.rtdc')
    const whole = wrapDisk(nodeDisk, {})
    await rewrite({ input, output }, makeContext(pool, { disk: whole }))
    await nodeDisk.remove(output)
    const writes = whole.operations.filter(({ kind, path }) => kind === 'write' && path === `${output}~`)
    expect(writes.length).toBeGreaterThan(3)
    // The first is the note for whoever finds the file unfinished; the file has zeros there in the end.
    for (let lost = 2; lost <= writes.length; lost++) {
      let count = 0
      const disk = wrapDisk(nodeDisk, {
        fault: ({ kind, path }) => {
          if (kind !== 'write' || path !== `${output}~`) return undefined
          return ++count === lost ? { kind: 'lose' } : undefined
        },
      })
      await expectRejection(rewrite({ input, output }, makeContext(pool, { disk })))
      expect(await readdir(dirname(input)), `write ${lost}`).toEqual(['sample-12.rtdc'])
    }
  })

  test('keeps the old file whole when it was to be overwritten', async () => {
    const input = await makeInput(3)
    const output = join(dirname(input), 'out.rtdc')
    await writeFile(output, 'old and dear')
    const disk = wrapDisk(nodeDisk, failOperation(8, 'ENOSPC', ['write']))
    await expectRejection(
      rewrite({ input, output, overwrite: true }, makeContext(pool, { disk })),
      'E_OUT_SPACE',
    )
    expect(await readFile(output, 'utf8')).toBe('old and dear')
    await rewrite({ input, output, overwrite: true }, makeContext(pool))
    expect((await stat(output)).size).toBeGreaterThan(4096)
  })
})

describe('a cancelled rewrite', () => {
  test('leaves nothing behind, whatever it was doing', async () => {
    const input = await makeInput(3)
    const output = join(dirname(input), 'out.rtdc')
    const whole = wrapDisk(nodeDisk, {})
    await rewrite({ input, output }, makeContext(pool, { disk: whole }))
    await nodeDisk.remove(output)
    const renaming = whole.operations.findIndex(({ kind }) => kind === 'rename')
    for (let run = 0; run < 20; run++) {
      const moment = Math.max(1, Math.floor((renaming * run) / 20))
      const abort = new AbortController()
      const disk = wrapDisk(nodeDisk, {
        hook: ({ number }) => (number === moment ? abort.abort() : undefined),
      })
      const context = makeContext(pool, { disk, signal: abort.signal })
      await expect(rewrite({ input, output }, context), `at operation ${moment}`).rejects.toBeInstanceOf(
        Cancelled,
      )
      expect(await readdir(dirname(input))).toEqual(['sample-3.rtdc'])
    }
  })
})

/** A disk on which, as soon as the finished temporary file is opened for verification, one byte of it is another. */
function flipBetweenWritingAndVerification(
  path: string,
  share: number,
  byteCount: number,
): ReturnType<typeof wrapDisk> {
  let openings = 0
  return wrapDisk(nodeDisk, {
    hook: async (operation) => {
      if (operation.kind !== 'open' || operation.path !== path) return
      openings += 1
      // The first holds the file while it is written, the third is the judge's.
      if (openings !== 2) return
      const file = await open(path, 'r+')
      const { size } = await file.stat()
      expect(Math.abs(size - byteCount)).toBeLessThan(4096)
      const byte = new Uint8Array(1)
      const offset = Math.floor(share * size + Math.random() * (size / 200)) % size
      await file.read(byte, 0, 1, offset)
      byte[0] = (byte[0] ?? 0) ^ (1 << Math.floor(Math.random() * 8))
      await file.write(byte, 0, 1, offset)
      await file.close()
    },
  })
}
