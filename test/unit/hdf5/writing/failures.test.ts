import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Hdf5Error, type WeirError } from '../../../../src-main/errors.ts'
import { nodeDisk } from '../../../../src-main/hdf5/disk/node-disk.ts'
import type { FilterPool } from '../../../../src-main/hdf5/filters/filter-pool.ts'
import { FileReader } from '../../../../src-main/hdf5/reading/file-reader.ts'
import { makeIntegerAttribute } from '../../../../src-main/hdf5/writing/attributes.ts'
import { float64Type, integerType } from '../../../../src-main/hdf5/writing/datatypes.ts'
import { FileWriter } from '../../../../src-main/hdf5/writing/file-writer.ts'
import { failOperation, wrapDisk } from '../../../helpers/faulty-disk.ts'
import { makeTemporaryFolder } from '../../../helpers/temporary-folder.ts'
import { createInlinePool } from './inline-pool.ts'

const SPEC = {
  datatype: integerType(1, false),
  shape: [0],
  storage: { kind: 'chunked', chunkShape: [16], filters: [] },
} as const

async function makePath(): Promise<string> {
  return join(await makeTemporaryFolder(), 'failing.h5')
}

/** What was rejected, or undefined. */
async function catchError(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
    return undefined
  } catch (thrown) {
    return thrown
  }
}

function failingPool(failAt: number): FilterPool {
  const inner = createInlinePool()
  let count = 0
  return createInlinePool({
    encode: async (raw, task) => {
      count += 1
      if (count === failAt) throw new Hdf5Error('E_CHUNK', 'the codec is out of sorts')
      return inner.encode(raw, task)
    },
  })
}

describe('a chunk that cannot be encoded', () => {
  test('is the error of every later call, itself and with file and dataset', async () => {
    const path = await makePath()
    const file = await FileWriter.create(nodeDisk, path, { pool: failingPool(3), inFlightBytes: 16 })
    const dataset = file.root.createDataset('events/image', SPEC)
    const other = file.root.createDataset('other', SPEC)
    const first = await catchError(dataset.append(new Uint8Array(160)))
    expect(first).toMatchObject({ code: 'E_CHUNK', path, object: '/events/image' })
    expect((first as WeirError).message).toContain('out of sorts')
    expect(await catchError(other.append(new Uint8Array(1)))).toBe(first)
    expect(await catchError(other.write({ bytes: new Uint8Array(1), sequences: [] }))).toBe(first)
    expect(() => file.root.requireGroup('g')).toThrow(first)
    expect(() => file.root.setAttribute(makeIntegerAttribute('a', 1))).toThrow(first)
    expect(await catchError(file.finish())).toBe(first)
    await file.close()
    expect(await catchError(FileReader.open(nodeDisk, path))).toBeDefined()
  })

  test('shows at the end where nobody called in between', async () => {
    const file = await FileWriter.create(nodeDisk, await makePath(), { pool: failingPool(1) })
    await file.root.createDataset('x', SPEC).append(new Uint8Array(16))
    expect(await catchError(file.finish())).toMatchObject({ code: 'E_CHUNK', object: '/x' })
    await file.close()
  })

  test('ends those who wait for room', async () => {
    const file = await FileWriter.create(nodeDisk, await makePath(), {
      pool: failingPool(2),
      inFlightBytes: 16,
    })
    const datasets = ['a', 'b', 'c', 'd'].map((name) => file.root.createDataset(name, SPEC))
    const errors = await Promise.all(datasets.map((each) => catchError(each.append(new Uint8Array(64)))))
    expect(errors[0]).toMatchObject({ code: 'E_CHUNK' })
    expect(new Set(errors).size).toBe(1)
    await file.close()
  })
})

describe('a disk that fails', () => {
  /** Everything that a small file needs; returns the first error that a caller saw. */
  async function writeAll(path: string, disk: typeof nodeDisk): Promise<unknown> {
    const file = await FileWriter.create(disk, path, { pool: createInlinePool(), inFlightBytes: 64 })
    const work = async (): Promise<void> => {
      await file.root.createDataset('chunks', SPEC).append(new Uint8Array(100))
      const large = { datatype: float64Type(), shape: [10_000], storage: { kind: 'contiguous' } } as const
      await file.root.createDataset('large', large).append(new Uint8Array(80_000))
      file.root.setAttribute(makeIntegerAttribute('a', 1))
      await file.finish()
    }
    const error = await catchError(work())
    if (error) expect(await catchError(file.finish())).toBe(error)
    await file.close()
    return error
  }

  test('at whatever write or sync: an error is seen, nothing is left unhandled, no file can be opened', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): number => unhandled.push(reason)
    process.on('unhandledRejection', note)
    onTestFinished(() => void process.off('unhandledRejection', note))
    const kinds = ['write', 'sync'] as const
    let failures = 0
    for (let k = 1; ; k += 1) {
      const path = await makePath()
      const error = await writeAll(path, wrapDisk(nodeDisk, failOperation(k, 'ENOSPC', kinds)))
      if (!error) {
        await (await FileReader.open(nodeDisk, path)).close()
        break
      }
      failures += 1
      expect(error).toMatchObject({ tag: expect.any(String) as string, path })
    }
    // Chunks, contiguous data, padding, headers, superblock and two syncs.
    expect(failures).toBeGreaterThan(8)
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).toEqual([])
  })

  test('the superblock is the last write, between two syncs', async () => {
    const disk = wrapDisk(nodeDisk, {})
    expect(await writeAll(await makePath(), disk)).toBeUndefined()
    const last = disk.operations.filter(({ kind }) => kind === 'write' || kind === 'sync').slice(-3)
    expect(last.map(({ kind, offset, bytes }) => [kind, offset, bytes])).toEqual([
      ['sync', undefined, undefined],
      ['write', 0, 48],
      ['sync', undefined, undefined],
    ])
  })

  test('nothing is written twice', async () => {
    const disk = wrapDisk(nodeDisk, {})
    await writeAll(await makePath(), disk)
    const writes = disk.operations
      .filter(({ kind }) => kind === 'write')
      .map(({ offset = 0, bytes = 0 }) => ({ offset, bytes }))
      .sort((a, b) => a.offset - b.offset)
    let end = 0
    for (const { offset, bytes } of writes) {
      expect(offset).toBe(end)
      end += bytes
    }
  })
})

describe('a file that is given up', () => {
  test('closes while chunks are on their way, and those who wait are told', async () => {
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => (release = resolve))
    const inner = createInlinePool()
    const pool = createInlinePool({ encode: async (raw, task) => (await gate, inner.encode(raw, task)) })
    const file = await FileWriter.create(nodeDisk, await makePath(), { pool, inFlightBytes: 16 })
    const appending = catchError(file.root.createDataset('x', SPEC).append(new Uint8Array(64)))
    const closing = file.close()
    expect(await appending).toMatchObject({ code: 'E_CLOSED' })
    release()
    await closing
    expect(await catchError(file.finish())).toMatchObject({ code: 'E_CLOSED' })
    await file.close()
  })
})

describe('back-pressure', () => {
  test('no more bytes are in flight than allowed, over all datasets', async () => {
    let [now, most] = [0, 0]
    const inner = createInlinePool()
    const pool = createInlinePool({
      encode: async (raw, task) => {
        const bytes = raw.byteLength
        now += bytes
        most = Math.max(most, now)
        await new Promise((resolve) => setImmediate(resolve))
        const encoded = await inner.encode(raw, task)
        now -= bytes
        return encoded
      },
    })
    const file = await FileWriter.create(nodeDisk, await makePath(), { pool, inFlightBytes: 64 })
    const datasets = ['a', 'b', 'c'].map((name) => file.root.createDataset(name, SPEC))
    await Promise.all(datasets.map((each) => each.append(new Uint8Array(400))))
    await file.finish()
    await file.close()
    expect(most).toBe(64)
  })
})
