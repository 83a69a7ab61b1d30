import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { H5wasmFile } from '../../../../src-main/hdf5/h5wasm/h5wasm-file.ts'
import type { Datatype } from '../../../../src-main/hdf5/model.ts'
import type { StoredDataset } from '../../../../src-main/hdf5/reading/stored-object.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../../helpers/temporary-folder.ts'

const FIXTURE = fileURLToPath(new URL('../../../fixtures/h5wasm/by-h5py.h5', import.meta.url))

let file: H5wasmFile
// Loading the library from sources takes seconds on a busy machine.
beforeAll(async () => {
  file = await H5wasmFile.open(FIXTURE)
}, 120_000)
afterAll(() => file.close())

const NOISE = Int32Array.from({ length: 800 }, (_, i) => (i * 7) % 50)

describe('structure', () => {
  test('lists every object with shape, class, element size and number of attributes', async () => {
    const objects = new Map((await file.listObjects()).map((object) => [object.path, object]))
    expect(objects.get('/')).toEqual({
      path: '/',
      kind: 'group',
      shape: null,
      datatypeClass: null,
      elementBytes: null,
      attributeCount: 0,
    })
    expect(objects.get('/kinds')).toMatchObject({ kind: 'group', attributeCount: 2 })
    const datasets = [...objects.values()].filter(({ path }) => path.startsWith('/kinds/'))
    expect(datasets.map((d) => [d.path.slice(7), d.kind, d.shape, d.datatypeClass, d.elementBytes])).toEqual([
      ['empty', 'dataset', [0, 5], 'integer', 1],
      ['fixed_text', 'dataset', [2], 'string', 3],
      ['flags', 'dataset', [2], 'enum', 1],
      ['null', 'dataset', null, 'float', 4],
      ['opaque', 'dataset', [1], 'opaque', 4],
      ['ragged', 'dataset', [2], 'variable-sequence', 16],
      ['references', 'dataset', [2], 'reference', 8],
      ['scalar', 'dataset', [], 'float', 8],
      ['text', 'dataset', [2], 'variable-string', 16],
      ['type', 'other', null, null, null],
    ])
    expect(objects.get('/kinds/scalar')).toMatchObject({ attributeCount: 1 })
    expect(objects.get('/orders/compound_big')).toMatchObject({ datatypeClass: 'compound', elementBytes: 25 })
  })

  test('follows no link and enters no group twice', async () => {
    const links = (await file.listObjects()).filter(({ path }) => path.startsWith('/links'))
    expect(links.map(({ path, kind }) => [path, kind])).toEqual([
      ['/links', 'group'],
      ['/links/again', 'group'],
      ['/links/dangling', 'other'],
      ['/links/external', 'other'],
      ['/links/same', 'dataset'],
      ['/links/soft', 'other'],
      ['/links/ä ü', 'dataset'],
    ])
  })

  test('describes chunks, filters and names of attributes', async () => {
    expect(await file.describe('/filters/zstd')).toEqual({
      path: '/filters/zstd',
      kind: 'dataset',
      shape: [100, 8],
      datatypeClass: 'integer',
      elementBytes: 4,
      attributeCount: 0,
      chunkShape: [30, 8],
      filters: [
        { id: 2, name: 'shuffle', values: [4] },
        { id: 32015, name: 'Zstandard compression: http://www.zstd.net', values: [5] },
        { id: 3, name: 'fletcher32', values: [] },
      ],
      attributeNames: [],
    })
    expect(await file.describe('/kinds')).toMatchObject({ attributeNames: ['one', 'two'], filters: [] })
    expect(await file.describe('/links/external')).toMatchObject({ kind: 'other' })
  })

  test('names an object that is not there', async () => {
    for (const call of [() => file.describe('/kinds/nowhere'), () => file.readRows('/kinds/nowhere', 0, 1)]) {
      const error = await expectRejection(call(), 'E_MISSING')
      expect(error).toMatchObject({ tag: 'Hdf5Error', path: FIXTURE, object: '/kinds/nowhere' })
      expect(error.message).toMatch(/^.*by-h5py\.h5: \/kinds\/nowhere: .*doesn't exist \(HDF5 /)
    }
  })
})

describe('rows', () => {
  test.each(['zstd', 'blosc', 'lz4', 'bitshuffle', 'lzf', 'szip', 'gzip'])('decodes %s', async (name) => {
    const bytes = await file.readRows(`/filters/${name}`, 0, 100)
    expect(new Int32Array(bytes.buffer)).toEqual(NOISE)
    expect(bytes.byteLength).toBe(bytes.buffer.byteLength)
  })

  test('reads any range of rows', async () => {
    const bytes = await file.readRows('/filters/szip', 29, 61)
    expect(new Int32Array(bytes.buffer)).toEqual(NOISE.slice(29 * 8, 61 * 8))
    expect((await file.readRows('/filters/szip', 7, 7)).byteLength).toBe(0)
    expect((await file.readRows('/kinds/empty', 0, 0)).byteLength).toBe(0)
    expect((await file.readRows('/kinds/null', 0, 0)).byteLength).toBe(0)
  })

  test('reads a scalar as one row', async () => {
    expect(new Float64Array((await file.readRows('/kinds/scalar', 0, 1)).buffer)).toEqual(
      new Float64Array([2.5]),
    )
  })

  test.each([
    [-1, 2],
    [0, 101],
    [5, 4],
  ])('refuses rows %d to %d', async (start, stop) => {
    await expectRejection(file.readRows('/filters/zstd', start, stop), 'E_RANGE')
  })

  test.each(['text', 'ragged'])('does not hand out pointers: %s', async (name) => {
    const error = await expectRejection(file.readRows(`/kinds/${name}`, 0, 1), 'E_TYPE')
    expect(error).toMatchObject({ tag: 'Unsupported', object: `/kinds/${name}` })
  })

  test('names a filter that it does not have', async () => {
    const error = await expectRejection(file.readRows('/filters/unknown', 0, 4), 'E_FILTER')
    expect(error).toMatchObject({ tag: 'Unsupported', object: '/filters/unknown' })
  })

  test('says which dataset has a bad checksum, and goes on', async () => {
    const error = await expectRejection(file.readRows('/filters/bad', 0, 1), 'E_CHUNK')
    expect(error).toMatchObject({ tag: 'Hdf5Error', object: '/filters/bad' })
    expect((await file.readRows('/filters/gzip', 0, 1)).byteLength).toBe(32)
  })
})

describe('byte order', () => {
  const u2 = (littleEndian: boolean): Datatype => ({
    class: 'integer',
    size: 2,
    signed: false,
    littleEndian,
    bitOffset: 0,
    precision: 16,
  })
  const stored = (path: string, datatype: Datatype): StoredDataset => ({
    kind: 'dataset',
    path,
    address: 0,
    datatype,
    dataspace: { kind: 'simple', shape: [10, 3, 2], maxShape: [10, 3, 2] },
    layout: { kind: 'external' },
    filters: [],
    fillValue: undefined,
    attributes: [],
    refused: [],
  })

  test('gives little-endian numbers from either order, and the stored ones on demand', async () => {
    const little = await file.readRows('/orders/little', 2, 9)
    expect(await file.readRows('/orders/big', 2, 9)).toEqual(little)
    expect(await file.readRowsAs(stored('/orders/little', u2(true)), 2, 9)).toEqual(little)
    const big = await file.readRowsAs(stored('/orders/big', u2(false)), 2, 9)
    expect(Buffer.from(big).swap16()).toEqual(Buffer.from(little))
    await expectStored('/orders/big', big)
  })

  test('restores what the file has in compounds of either or both orders', async () => {
    const integer = (size: number, littleEndian: boolean): Datatype => ({
      class: 'integer',
      size,
      signed: true,
      littleEndian,
      bitOffset: 0,
      precision: size * 8,
    })
    const float = (classBits: number): Datatype => ({
      class: 'float',
      size: 8,
      classBits,
      properties: new Uint8Array(12),
    })
    const text: Datatype = { class: 'string', size: 3, padding: 'null-padded', charset: 'ascii' }
    const inner: Datatype = {
      class: 'compound',
      size: 4,
      members: [{ name: 'd', offset: 0, type: integer(4, false) }],
    }
    const compound: Datatype = {
      class: 'compound',
      size: 25,
      members: [
        { name: 'a', offset: 0, type: integer(2, false) },
        { name: 's', offset: 2, type: text },
        { name: 'b', offset: 5, type: { class: 'array', size: 16, dims: [2], base: float(0x3f21) } },
        { name: 'c', offset: 21, type: inner },
      ],
    }
    const big = await file.readRowsAs(stored('/orders/compound_big', compound), 0, 2)
    await expectStored('/orders/compound_big', big)
    const mixed: Datatype = {
      class: 'compound',
      size: 8,
      members: [
        { name: 'l', offset: 0, type: integer(4, true) },
        { name: 'b', offset: 4, type: integer(4, false) },
      ],
    }
    const both = await file.readRowsAs(stored('/orders/compound_mixed', mixed), 0, 2)
    await expectStored('/orders/compound_mixed', both)
    expect(Buffer.from(both).toString('hex')).toBe('01000000000000020300000000000004')
  })

  /** Contiguous data lie in the file as they are. */
  async function expectStored(object: string, bytes: Uint8Array): Promise<void> {
    expect((await readFile(FIXTURE)).includes(Buffer.from(bytes)), object).toBe(true)
  }
})

describe('files that are none', () => {
  test('tells what is wrong before anything is read', async () => {
    const folder = await makeTemporaryFolder()
    await expectRejection(H5wasmFile.open(join(folder, 'nothing')), 'E_MISSING')
    await mkdir(join(folder, 'folder'))
    await expectRejection(H5wasmFile.open(join(folder, 'folder')), 'E_KIND')
    await writeFile(join(folder, 'text'), 'x'.repeat(5000))
    const error = await expectRejection(H5wasmFile.open(join(folder, 'text')), 'E_MAGIC')
    expect(error.message).toContain(join(folder, 'text'))
    if (process.platform === 'win32') return
    execFileSync('mkfifo', [join(folder, 'fifo')])
    await expectRejection(H5wasmFile.open(join(folder, 'fifo')), 'E_KIND')
  })
})

describe('a thread that is of no use any more', () => {
  test('is ended when it takes too long, and everything after fails at once', async () => {
    const slow = H5wasmFile.open(FIXTURE, { timeoutMs: 1 })
    const error = await expectRejection(slow, 'E_TIMEOUT')
    expect(error).toMatchObject({ tag: 'ProcessGone', path: FIXTURE })
  })

  test('rejects what waits when it is closed', async () => {
    const other = await H5wasmFile.open(FIXTURE)
    const waiting = Promise.allSettled([
      other.listObjects(),
      other.describe('/'),
      other.readRows('/orders/big', 0, 1),
    ])
    await other.close()
    for (const result of await waiting) {
      expect(result).toMatchObject({ status: 'rejected', reason: { tag: 'ProcessGone', code: 'E_GONE' } })
    }
    await expectRejection(other.describe('/'), 'E_GONE')
    await other.close()
  })
})

test('a file that is closed twice leaves the thread to the file that came after it', async () => {
  const first = await H5wasmFile.open(FIXTURE)
  await first.close()
  const second = await H5wasmFile.open(FIXTURE)
  await first.close()
  expect((await second.describe('/kinds/scalar')).shape).toEqual([])
  await second.close()
}, 120_000)
