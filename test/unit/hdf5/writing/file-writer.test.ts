import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { nodeDisk } from '../../../../src-main/hdf5/disk/node-disk.ts'
import { decodeChunk } from '../../../../src-main/hdf5/filters/filter-steps.ts'
import { H5wasmFile } from '../../../../src-main/hdf5/h5wasm/h5wasm-file.ts'
import type { FilterPipeline } from '../../../../src-main/hdf5/model.ts'
import { DatasetReader } from '../../../../src-main/hdf5/reading/dataset-reader.ts'
import { FileReader } from '../../../../src-main/hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../../../../src-main/hdf5/reading/stored-object.ts'
import { readStrings } from '../../../../src-main/hdf5/reading/text.ts'
import { makeIntegerAttribute, makeTextAttribute } from '../../../../src-main/hdf5/writing/attributes.ts'
import {
  booleanType,
  fixedStringType,
  float64Type,
  integerType,
  variableStringType,
} from '../../../../src-main/hdf5/writing/datatypes.ts'
import { FileWriter } from '../../../../src-main/hdf5/writing/file-writer.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../../helpers/temporary-folder.ts'
import { expectTiled } from './check-written.ts'
import { createInlinePool } from './inline-pool.ts'

const pool = createInlinePool()
const ZSTD = { id: 32015, flags: 1, values: [3] }
const FLETCHER = { id: 3, flags: 0, values: [] }
const DEFLATE = { id: 1, flags: 1, values: [4] }
const SHUFFLE = { id: 2, flags: 1, values: [2] }

function makeBytes(count: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: count }, (_, i) => (i * 7 + (i >> 8)) % 251)
}

function chunked(chunkShape: readonly number[], filters: FilterPipeline = []) {
  return { kind: 'chunked', chunkShape, filters } as const
}

/** Writes a file, expects it to be tiled, and opens it with Weir's own reading. */
async function writeAndOpen(build: (file: FileWriter) => Promise<unknown>) {
  const path = join(await makeTemporaryFolder(), 'written.h5')
  const file = await FileWriter.create(nodeDisk, path, { pool, proofs: true })
  await build(file)
  const written = await file.finish()
  await file.close()
  await expectTiled(path, written)
  const reader = await FileReader.open(nodeDisk, path)
  onTestFinished(() => reader.close())
  return { path, written, reader, read: (name: string) => readBytes(reader, name) }
}

async function requireDataset(reader: FileReader, path: string): Promise<StoredDataset> {
  const found = await reader.find(path)
  if (found?.kind !== 'dataset') return expect.fail(`${path} is not a dataset`)
  return found
}

async function readBytes(reader: FileReader, path: string): Promise<Uint8Array> {
  const rows = await DatasetReader.open(reader, await requireDataset(reader, path), { pool })
  return rows.readRows(0, rows.rowCount)
}

describe('datasets', () => {
  test.each<[string, FilterPipeline]>([
    ['no filter', []],
    ['zstd, checksum', [ZSTD, FLETCHER]],
    ['shuffle, deflate, checksum', [SHUFFLE, DEFLATE, FLETCHER]],
    ['checksum, shuffle, zstd', [FLETCHER, SHUFFLE, ZSTD]],
  ])('rows come back as they went in: %s', async (_, filters) => {
    const data = makeBytes(37 * 6 * 2)
    const { read, written, reader } = await writeAndOpen(async (file) => {
      const spec = { datatype: integerType(2, false), shape: [0, 2, 3], storage: chunked([4, 2, 2], filters) }
      const dataset = file.root.createDataset('data', spec)
      for (let row = 0; row < 37; row += 5) await dataset.append(data.subarray(row * 12, (row + 5) * 12))
      expect(dataset.rowCount).toBe(37)
      expect(dataset.rawBytes).toBe(data.length)
    })
    expect(await read('/data')).toEqual(data)
    const stored = await requireDataset(reader, '/data')
    expect(stored.dataspace).toEqual({ kind: 'simple', shape: [37, 2, 3], maxShape: [null, 2, 3] })
    expect(stored.filters.map((filter) => filter.id)).toEqual(filters.map((filter) => filter.id))
    expect(written.datasets[0]!.chunks.map((chunk) => chunk.gridIndex)).toEqual([...new Array(20).keys()])
  })

  test.each([0, 1, 16, 17, 64 * 16 + 1])('%i rows', async (count) => {
    const data = makeBytes(count * 2)
    const { read, written, reader } = await writeAndOpen((file) =>
      file.root
        .createDataset('data', { datatype: integerType(2, false), shape: [0], storage: chunked([16]) })
        .append(data),
    )
    expect(await read('/data')).toEqual(data)
    expect(written.datasets[0]).toMatchObject({ path: '/data', rowCount: count })
    expect(written.datasets[0]!.chunks).toHaveLength(Math.ceil(count / 16))
    const { layout } = await requireDataset(reader, '/data')
    expect(layout.kind === 'chunked' && (layout.index.address === null) === (count === 0)).toBe(true)
  })

  test('each chunk has the checksum of its stored bytes, which decode to what went in, padding included', async () => {
    const { written, reader } = await writeAndOpen((file) =>
      file.root
        .createDataset('data', {
          datatype: integerType(1, false),
          shape: [0],
          storage: chunked([4], [ZSTD]),
          fillValue: Uint8Array.of(9),
        })
        .append(Uint8Array.of(1, 2, 3, 4, 5)),
    )
    const { chunks } = written.datasets[0]!
    const values = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 9, 9, 9)]
    for (const [index, { address, storedBytes, ...chunk }] of chunks.entries()) {
      const stored = await reader.readBytes(address, storedBytes)
      expect(chunk).toMatchObject({ checksum: crc32(stored), isKept: false, sha256: null, rawBytes: 4 })
      const task = { pipeline: [ZSTD], elementBytes: 1, filterMask: 0, rawBytes: 4 }
      expect([...decodeChunk(stored, task)]).toEqual([...values[index]!])
    }
    expect(chunks).toHaveLength(2)
    expect(JSON.parse(JSON.stringify(chunks))).toEqual(chunks)
  })

  test('rows may come from a buffer that is used again', async () => {
    const { read } = await writeAndOpen(async (file) => {
      const spec = { datatype: integerType(1, false), shape: [0], storage: chunked([4]) }
      const dataset = file.root.createDataset('data', spec)
      const buffer = new Uint8Array(3)
      for (let i = 0; i < 5; i += 1) await dataset.append(buffer.fill(i))
    })
    expect([...(await read('/data'))]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])
  })

  test('calls that nobody waited for keep their order', async () => {
    const { read } = await writeAndOpen(async (file) => {
      const spec = { datatype: integerType(1, false), shape: [0], storage: chunked([4], [DEFLATE]) }
      const dataset = file.root.createDataset('data', spec)
      await Promise.all([...makeBytes(50)].map((byte) => dataset.append(Uint8Array.of(byte))))
    })
    expect(await read('/data')).toEqual(makeBytes(50))
  })

  test('contiguous rows fill the declared shape, in any pieces, the rest is fill value', async () => {
    const data = makeBytes(200_000)
    const { read, reader } = await writeAndOpen(async (file) => {
      const make = (name: string, length: number) =>
        file.root.createDataset(name, {
          datatype: integerType(2, false),
          shape: [length],
          storage: { kind: 'contiguous' },
          fillValue: Uint8Array.of(7, 1),
        })
      await make('small', 2).append(Uint8Array.of(1, 2, 3, 4))
      const large = make('large', 100_000)
      for (let at = 0; at < data.length; at += 30_002) await large.append(data.subarray(at, at + 30_002))
      await make('short', 4).append(Uint8Array.of(1, 2))
      make('untouched', 2)
      make('empty', 0)
    })
    expect([...(await read('/small'))]).toEqual([1, 2, 3, 4])
    expect(await read('/large')).toEqual(data)
    expect([...(await read('/short'))]).toEqual([1, 2, 7, 1, 7, 1, 7, 1])
    expect([...(await read('/untouched'))]).toEqual([7, 1, 7, 1])
    expect((await requireDataset(reader, '/untouched')).layout).toMatchObject({ address: null })
    expect((await requireDataset(reader, '/empty')).layout).toMatchObject({ address: null })
  })

  test('scalar and null dataspaces', async () => {
    const { read, reader } = await writeAndOpen(async (file) => {
      const spec = { datatype: float64Type(), storage: { kind: 'contiguous' } } as const
      const scalar = file.root.createDataset('scalar', { ...spec, shape: [] })
      await scalar.write({ bytes: makeBytes(8), sequences: [] })
      expect([scalar.rowCount, file.root.createDataset('null', { ...spec, shape: null }).rowCount]).toEqual([
        1, 0,
      ])
    })
    expect(await read('/scalar')).toEqual(makeBytes(8))
    expect((await requireDataset(reader, '/null')).dataspace).toEqual({ kind: 'null' })
  })

  test('variable-length text is found again, through filters too', async () => {
    const texts = Array.from({ length: 500 }, (_, i) => (i % 3 === 0 ? '' : `grüße ${i}`))
    const sequences = texts.map((text) => Buffer.from(text))
    const bytes = new Uint8Array(500 * 16)
    sequences.forEach((sequence, i) =>
      new Uint32Array(bytes.buffer).set([sequence.length, sequence.length === 0 ? 0xffffffff : i], i * 4),
    )
    const { reader } = await writeAndOpen(async (file) => {
      const storage = chunked([64], [DEFLATE])
      const dataset = file.root.createDataset('text', { datatype: variableStringType(), shape: [0], storage })
      await expectRejection(dataset.append(new Uint8Array(16)), 'E_TYPE')
      await dataset.write({ bytes, sequences })
    })
    const stored = await requireDataset(reader, '/text')
    const rows = await DatasetReader.open(reader, stored, { pool })
    expect(readStrings(stored.datatype, await rows.readAll())).toEqual(texts)
  })

  test('stored chunks can be taken over as they are', async () => {
    const data = makeBytes(10)
    const source = await writeAndOpen((file) =>
      file.root
        .createDataset('data', { datatype: integerType(1, false), shape: [0], storage: chunked([4], [ZSTD]) })
        .append(data),
    )
    const { chunks, spec } = source.written.datasets[0]!
    const copy = await writeAndOpen(async (file) => {
      const dataset = file.root.createDataset('data', { ...spec, shape: [10] })
      for (const { gridIndex, address, storedBytes, filterMask } of chunks.toReversed()) {
        const bytes = await source.reader.readBytes(address, storedBytes)
        await dataset.keepChunk(gridIndex, { bytes, filterMask })
      }
      await expectRejection(dataset.keepChunk(3, { bytes: new Uint8Array(1), filterMask: 0 }), 'E_RANGE')
    })
    expect(await copy.read('/data')).toEqual(data)
    for (const { gridIndex, address, storedBytes, checksum, isKept } of copy.written.datasets[0]!.chunks) {
      const stored = await copy.reader.readBytes(address, storedBytes)
      const original = chunks[gridIndex]!
      expect(stored).toEqual(await source.reader.readBytes(original.address, original.storedBytes))
      expect([isKept, checksum]).toEqual([true, crc32(stored)])
    }
  })
})

describe('groups and links', () => {
  test('paths, soft and hard links, and Unicode names', async () => {
    const { reader, read } = await writeAndOpen(async (file) => {
      const deep = file.root.requireGroup('größe/世界')
      const spec = { datatype: integerType(1, false), shape: [3], storage: { kind: 'contiguous' } } as const
      const dataset = deep.createDataset('µ', spec)
      await dataset.append(Uint8Array.of(1, 2, 3))
      file.root.addHardLink('hard', dataset)
      file.root.addHardLink('group', deep)
      file.root.addSoftLink('soft', '/größe/世界/µ')
      expect(file.find('/größe/世界/µ')).toBe(dataset)
      expect(file.root.childNames()).toEqual(['größe', 'hard', 'group', 'soft'])
    })
    for (const path of ['/größe/世界/µ', '/hard', '/group/µ', '/soft']) {
      expect([...(await read(path))]).toEqual([1, 2, 3])
    }
    expect((await reader.root()).links.map((link) => [link.name, link.kind])).toEqual([
      ['group', 'hard'],
      ['größe', 'hard'],
      ['hard', 'hard'],
      ['soft', 'soft'],
    ])
  })

  test.each([256, 257, 3000])('%i children', async (count) => {
    const { reader, read } = await writeAndOpen(async (file) => {
      const crowd = file.root.requireGroup('crowd')
      crowd.setAttribute(makeIntegerAttribute('count', count))
      for (let i = 0; i < count; i += 1) {
        const spec = { datatype: integerType(4, true), shape: [], storage: { kind: 'contiguous' } } as const
        await crowd.createDataset(`${i}`, spec).append(new Uint8Array(Int32Array.of(i).buffer))
      }
    })
    const crowd = await reader.find('/crowd')
    const names = Array.from({ length: count }, (_, i) => `${i}`).sort()
    expect(crowd?.kind === 'group' && crowd.links.map((link) => link.name)).toEqual(names)
    expect(crowd?.kind === 'group' && crowd.attributes).toHaveLength(1)
    for (const i of [0, 9, 10, 255, count - 1]) {
      expect(new Int32Array((await read(`/crowd/${i}`)).slice().buffer)[0]).toBe(i)
    }
  })

  test('many headers are few calls of the disk', async () => {
    let writes = 0
    const disk = {
      ...nodeDisk,
      createExclusive: async (path: string) => {
        const file = await nodeDisk.createExclusive(path)
        const write = file.write.bind(file)
        file.write = (data, position) => ((writes += 1), write(data, position))
        return file
      },
    }
    const path = join(await makeTemporaryFolder(), 'many.h5')
    const file = await FileWriter.create(disk, path, { pool })
    for (let i = 0; i < 3000; i += 1) file.root.requireGroup(`${i}`)
    await file.finish()
    await file.close()
    expect(writes).toBeLessThan(10)
  })

  test('what was removed is not in the file, but its bytes are accounted for', async () => {
    const { reader, written } = await writeAndOpen(async (file) => {
      const spec = { datatype: integerType(1, false), shape: [0], storage: chunked([4]) }
      await file.root.createDataset('gone', spec).append(makeBytes(10))
      file.root.removeChild('gone')
      await file.root.createDataset('gone', spec).append(Uint8Array.of(5))
      const kept = file.root.createDataset('group/kept', spec)
      await kept.append(Uint8Array.of(6))
      file.root.addHardLink('other name', kept)
      file.root.removeChild('group')
    })
    expect(written.datasets.map(({ path, rowCount }) => [path, rowCount])).toEqual([
      ['/gone', 1],
      ['/other name', 1],
    ])
    expect(await readBytes(reader, '/gone')).toEqual(Uint8Array.of(5))
    expect(await reader.find('/group')).toBeUndefined()
  })
})

describe('the file as a whole', () => {
  test('has nothing in sector 0 but the superblock, which names the end of the file', async () => {
    const { path, written } = await writeAndOpen((file) => {
      file.root.setAttribute(makeTextAttribute('text', 'a'.repeat(10)))
      return Promise.resolve()
    })
    const bytes = await readFile(path)
    expect(bytes.subarray(48, 4096).every((byte) => byte === 0)).toBe(true)
    expect(Number(bytes.readBigUInt64LE(28))).toBe(written.bytes)
    expect(Number(bytes.readBigUInt64LE(36))).toBeGreaterThanOrEqual(4096)
  })

  test('cannot be opened before it is complete', async () => {
    const path = join(await makeTemporaryFolder(), 'open.h5')
    const file = await FileWriter.create(nodeDisk, path, { pool })
    const spec = { datatype: float64Type(), shape: [0], storage: chunked([1]) }
    await file.root.createDataset('x', spec).append(makeBytes(8000))
    await expect(FileReader.open(nodeDisk, path)).rejects.toThrow()
    await file.finish()
    await (await FileReader.open(nodeDisk, path)).close()
    await file.close()
  })

  test('is what h5wasm reads too', async () => {
    const { path } = await writeAndOpen(async (file) => {
      const { root } = file
      root.setAttribute(makeTextAttribute('text', 'grüße'))
      const spec = {
        datatype: integerType(2, false),
        shape: [0, 3],
        storage: chunked([4, 2], [ZSTD, FLETCHER]),
      }
      const rows = root.createDataset('events/rows', spec)
      rows.setAttribute(makeIntegerAttribute('a', 1))
      await rows.append(makeBytes(60))
      const flags = { datatype: booleanType(), shape: [2], storage: { kind: 'contiguous' } } as const
      await root.createDataset('flags', flags).append(Uint8Array.of(0, 1))
      const text = { ...flags, datatype: fixedStringType(3, 'ascii') }
      await root.createDataset('text', text).append(Buffer.from('abcde\0'))
      for (let i = 0; i < 300; i += 1) root.requireGroup(`many/${i}`)
    })
    const judge = await H5wasmFile.open(path)
    onTestFinished(() => judge.close())
    const objects = await judge.listObjects()
    expect(objects.filter((object) => object.path.startsWith('/many/'))).toHaveLength(300)
    expect(objects.find((object) => object.path === '/events/rows')).toMatchObject({
      kind: 'dataset',
      shape: [10, 3],
      elementBytes: 2,
      attributeCount: 1,
    })
    expect(await judge.readRows('/events/rows', 0, 10)).toEqual(makeBytes(60))
    expect([...(await judge.readRows('/flags', 0, 2))]).toEqual([0, 1])
    expect(Buffer.from(await judge.readRows('/text', 0, 2)).toString()).toBe('abcde\0')
  }, 90_000)
})
