import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { FileReader } from '../../../src-main/hdf5/reading/file-reader.ts'
import { makeFloatAttribute, makeTextAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { float64Type, variableStringType } from '../../../src-main/hdf5/writing/datatypes.ts'
import type { FileWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { copyFeatures, type CopyFeaturesOptions } from '../../../src-main/write/copy-features.ts'
import { HDF5Writer } from '../../../src-main/write/hdf5-writer.ts'
import { fromTypedArray, type NdArray, type TypedArray } from '../../../src-main/write/nd-array.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { countDecodes } from './counting-pool.ts'
import { lookInto, writeFile } from './file-fixture.ts'

const mapping = (...rows: number[]): NdArray => fromTypedArray(Int32Array.from(rows))

async function copyInto(
  dst: FileWriter,
  source: string,
  features: string[],
  options: CopyFeaturesOptions,
): Promise<void> {
  const src = await FileReader.open(nodeDisk, source)
  try {
    await copyFeatures(src, dst, features, options)
  } finally {
    await src.close()
  }
}

/** The rows of an array, by indexing in memory. */
function take({ bytes, shape }: NdArray, rows: readonly number[]): Uint8Array {
  const rowBytes = bytes.length / (shape[0] ?? 1)
  return Uint8Array.from(rows.flatMap((row) => [...bytes.subarray(row * rowBytes, (row + 1) * rowBytes)]))
}

const TYPES: readonly ((length: number) => TypedArray)[] = [
  (length) => Uint8Array.from({ length }, (_, i) => (i * 37) % 251),
  (length) => Int16Array.from({ length }, (_, i) => i * 3 - 500),
  (length) => BigUint64Array.from({ length }, (_, i) => BigInt(i) << 33n),
  (length) => Float32Array.from({ length }, (_, i) => (i % 5 === 0 ? NaN : i / 3)),
  (length) => Float64Array.from({ length }, (_, i) => i * 1e-3),
]

const rowCount = 40
const cases = fc.record({
  rows: fc.array(fc.nat(rowCount - 1), { maxLength: 90 }),
  isAscending: fc.boolean(),
  makeArray: fc.constantFrom(...TYPES),
  itemShape: fc.constantFrom<number[]>([], [3], [4, 5], [2, 1, 3]),
  chunkRows: fc.integer({ min: 1, max: 50 }),
  storage: fc.constantFrom('chunked', 'contiguous'),
  slabBytes: fc.constantFrom(undefined, 1, 100, 1000),
  compression: fc.constantFrom('zstd', 'gzip', null),
})

describe('copyFeatures with a mapping', () => {
  it('equals indexing in memory, for any rows, type, shape, storage, slab; decodes a chunk once in a pass', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (made) => {
        const { itemShape, chunkRows, storage, slabBytes, compression } = made
        const rows = made.isAscending ? made.rows.toSorted((a, b) => a - b) : made.rows
        const itemLength = itemShape.reduce((product, length) => product * length, 1)
        const array = fromTypedArray(made.makeArray(rowCount * itemLength), [rowCount, ...itemShape])
        const source = await writeFile(async (h5) => {
          const writer = await HDF5Writer.open(h5, {
            dsKwds: { compression, chunks: [chunkRows, ...itemShape] },
          })
          if (storage === 'chunked') await writer.storeFeatureChunk('userdef1', array)
          else {
            const spec = {
              datatype: array.datatype,
              shape: array.shape,
              storage: { kind: 'contiguous' },
            } as const
            await writer.events.createDataset('userdef1', spec).append(array.bytes)
          }
        })
        const counting = countDecodes()
        const target = await writeFile((dst) =>
          copyInto(dst, source, ['userdef1'], { mapping: mapping(...rows), slabBytes, pool: counting.pool }),
        )
        await lookInto(target, async (opened) => {
          const { dataspace, datatype, layout } = await opened.dataset('/events/userdef1')
          expect(dataspace).toEqual({
            kind: 'simple',
            shape: [rows.length, ...itemShape],
            maxShape: [null, ...itemShape],
          })
          expect(datatype).toEqual(array.datatype)
          expect(layout.kind).toBe('chunked')
          expect(await opened.bytes('/events/userdef1')).toEqual(take(array, rows))
        })
        const rowBytes = array.bytes.length / rowCount
        const slabRows = Math.max(1, Math.floor((slabBytes ?? Infinity) / rowBytes))
        const slabs = Math.ceil(rows.length / Math.min(slabRows, Math.max(1, rows.length)))
        let needed = 0
        for (let slab = 0; slab < slabs; slab++) {
          const inSlab = slabs === 1 ? rows : rows.slice(slab * slabRows, (slab + 1) * slabRows)
          needed += new Set(inSlab.map((row) => Math.floor(row / chunkRows))).size
        }
        expect(counting.count).toBeLessThanOrEqual(storage === 'chunked' ? needed : 0)
      }),
      { numRuns: 60 },
    )
  })

  it('decodes each chunk once for ascending rows, in however many slabs', async () => {
    const array = fromTypedArray(Float64Array.from({ length: 1000 }, (_, i) => i))
    const source = await writeFile(async (h5) => {
      await (await HDF5Writer.open(h5, { dsKwds: { chunks: [64] } })).storeFeatureChunk('deform', array)
    })
    const rows = Array.from({ length: 500 }, (_, i) => 2 * i)
    const counting = countDecodes()
    const target = await writeFile((dst) =>
      copyInto(dst, source, ['deform'], { mapping: mapping(...rows), slabBytes: 8 * 7, pool: counting.pool }),
    )
    expect(counting.count).toBe(Math.ceil(1000 / 64))
    await lookInto(target, async (opened) => expect(await opened.values('/events/deform')).toEqual(rows))
  })

  it('takes rows of any integer type', async () => {
    const source = await writeFile(makeSource)
    for (const rows of [Uint8Array.of(2, 0), BigInt64Array.of(2n, 0n), Int16Array.of(2, 0)]) {
      const target = await writeFile((dst) =>
        copyInto(dst, source, ['deform'], { mapping: fromTypedArray(rows) }),
      )
      await lookInto(target, async (opened) =>
        expect(await opened.values('/events/deform')).toEqual([30, 10]),
      )
    }
  })

  it('maps each trace, numbers contours anew, copies index as it is', async () => {
    const source = await writeFile(makeSource)
    for (const dsKwds of [undefined, { compression: 'gzip' } as const]) {
      const target = await writeFile((dst) =>
        copyInto(dst, source, ['trace', 'contour', 'index'], { mapping: mapping(2, 0, 2), dsKwds }),
      )
      await lookInto(target, async (opened) => {
        expect(await opened.names('/events/trace')).toEqual(['fl1_median', 'fl1_raw'])
        expect(await opened.values('/events/trace/fl1_raw')).toEqual([5, 6, 1, 2, 5, 6])
        expect(await opened.names('/events/contour')).toEqual(['0', '1', '2'])
        expect(await opened.values('/events/contour/0')).toEqual([1, 2, 3, 102])
        expect(await opened.values('/events/contour/1')).toEqual([1, 2, 3, 100])
        expect(await opened.values('/events/contour/2')).toEqual([1, 2, 3, 102])
        expect(await opened.values('/events/index')).toEqual([3, 1, 3])
        expect(await opened.attributes('/events/contour')).toEqual({ made: 'by hand' })
        const { filters } = await opened.dataset('/events/trace/fl1_raw')
        expect(filters.map(({ id }) => id)).toEqual([dsKwds ? 1 : 32015, 3])
      })
    }
  })

  it('gives features without rows for an empty mapping, to which events can be appended', async () => {
    const source = await writeFile(makeSource)
    const target = await writeFile(async (dst) => {
      await copyInto(dst, source, ['deform', 'image', 'trace', 'contour'], { mapping: mapping() })
      const writer = await HDF5Writer.open(dst)
      await writer.storeFeatureChunk('image', fromTypedArray(new Uint8Array(20).fill(9), [1, 4, 5]))
    })
    await lookInto(target, async (opened) => {
      expect((await opened.dataset('/events/deform')).dataspace).toMatchObject({
        shape: [0],
        maxShape: [null],
      })
      expect((await opened.dataset('/events/image')).dataspace).toMatchObject({ shape: [1, 4, 5] })
      expect((await opened.dataset('/events/trace/fl1_raw')).dataspace).toMatchObject({ shape: [0, 2] })
      expect(await opened.names('/events/contour')).toEqual([])
    })
  })

  it('carries attributes, but not statistics of all events, and marks images', async () => {
    const source = await writeFile(makeSource)
    const target = await writeFile((dst) =>
      copyInto(dst, source, ['deform', 'image'], { mapping: mapping(1) }),
    )
    await lookInto(target, async (opened) => {
      expect(await opened.attributes('/events/deform')).toEqual({ unit: 'none' })
      expect(await opened.attributes('/events/image')).toMatchObject({ CLASS: 'IMAGE', IMAGE_VERSION: '1.2' })
    })
  })

  it('maps values of variable length', async () => {
    const source = await writeFile(async (h5) => {
      const lines = ['a', 'bb', ''].map((text) => Buffer.from(text))
      const slots = Buffer.alloc(48)
      lines.forEach((line, row) => {
        slots.writeUInt32LE(line.length, row * 16)
        slots.writeUInt32LE(line.length === 0 ? 0xffffffff : row, row * 16 + 4)
      })
      const spec = { datatype: variableStringType(), shape: [3], storage: { kind: 'contiguous' } } as const
      await h5.root
        .requireGroup('events')
        .createDataset('note', spec)
        .write({ bytes: slots, sequences: lines })
    })
    const target = await writeFile((dst) => copyInto(dst, source, ['note'], { mapping: mapping(1, 2, 1, 0) }))
    await lookInto(target, async (opened) =>
      expect(await opened.values('/events/note')).toEqual(['bb', '', 'bb', 'a']),
    )
  })

  it('skips a scalar that is there with the same rows, and refuses one with others', async () => {
    const source = await writeFile(makeSource)
    await writeFile(async (dst) => {
      const rows = mapping(2, 0)
      await (await HDF5Writer.open(dst)).storeFeatureChunk('deform', fromTypedArray(Float64Array.of(30, 10)))
      await copyInto(dst, source, ['deform', 'index'], { mapping: rows })
      await copyInto(dst, source, ['deform', 'index'], { mapping: rows })
      const others = copyInto(dst, source, ['image', 'deform'], { mapping: mapping(0, 2) })
      expect(await expectRejection(others, 'E_EXISTS')).toMatchObject({ object: '/events/deform' })
      await expectRejection(copyInto(dst, source, ['deform'], { mapping: mapping(2) }), 'E_EXISTS')
      expect(dst.root.requireGroup('events').childNames()).toEqual(['deform', 'index'])
    })
  })

  it('refuses rows that are not there, before anything is written', async () => {
    const source = await writeFile(makeSource)
    await writeFile(async (dst) => {
      const events = dst.root.requireGroup('events')
      for (const [feature, row] of [
        ['index', 3],
        ['deform', -1],
        ['trace', 3],
        ['contour', 4],
        ['trace/fl1_raw', 7],
      ] as const) {
        const copying = copyInto(dst, source, ['image', feature], { mapping: mapping(0, 1, row) })
        const error = await expectRejection(copying, 'E_RANGE')
        expect(error).toMatchObject({ path: source, actual: row })
        expect(error.message).toContain(`entry 2 of the mapping is ${row}`)
        expect(events.childNames()).toEqual([])
      }
    })
  })

  it('refuses what is no mapping, and what has no rows', async () => {
    const source = await writeFile(makeSource)
    await writeFile(async (dst) => {
      for (const wrong of [fromTypedArray(Float64Array.of(1)), fromTypedArray(Int8Array.of(1), [1, 1])]) {
        await expectRejection(copyInto(dst, source, ['deform'], { mapping: wrong }), 'E_USAGE')
      }
      const noSlab = copyInto(dst, source, ['deform'], { mapping: mapping(0), slabBytes: 0 })
      await expectRejection(noSlab, 'E_USAGE')
      for (const [feature, object] of [
        ['notes', '/events/notes'],
        ['single', '/events/single'],
      ]) {
        const copying = copyInto(dst, source, ['deform', feature ?? ''], { mapping: mapping(0) })
        expect(await expectRejection(copying, 'E_TYPE')).toMatchObject({ path: source, object })
      }
      await expectRejection(copyInto(dst, source, ['emodulus'], { mapping: mapping(0) }), 'E_FEATURE')
      expect(dst.root.requireGroup('events').childNames()).toEqual([])
    })
  })

  it('refuses a gap among contours and a group among traces', async () => {
    const source = await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5)
      for (const name of ['0', '1', '3']) {
        await writer.storeFeatureChunk(`contour/${name}`, fromTypedArray(Int8Array.of(1)))
      }
      await writer.storeFeatureChunk('trace/inner/fl1_raw', fromTypedArray(Int8Array.of(1)))
    })
    await writeFile(async (dst) => {
      const gap = await expectRejection(
        copyInto(dst, source, ['contour'], { mapping: mapping(2) }),
        'E_RANGE',
      )
      expect(gap.object).toBe('/events/contour/2')
      const group = await expectRejection(copyInto(dst, source, ['trace'], { mapping: mapping(0) }), 'E_TYPE')
      expect(group.object).toBe('/events/trace/inner')
    })
  })

  it('refuses a chunk that was never written only if its rows are asked for', async () => {
    const source = await writeFile(async (h5) => {
      const storage = { kind: 'chunked', chunkShape: [10], filters: [] } as const
      const spec = { datatype: float64Type(), shape: [25], storage }
      const dataset = h5.root.requireGroup('events').createDataset('deform', spec)
      await dataset.keepChunk(0, { bytes: new Uint8Array(80), filterMask: 0 })
    })
    await writeFile(async (dst) => {
      await expectRejection(copyInto(dst, source, ['deform'], { mapping: mapping(3, 11) }), 'E_HOLE')
    })
    await writeFile((dst) => copyInto(dst, source, ['deform'], { mapping: mapping(3, 9, 0) }))
  })

  it('stops when it is cancelled', async () => {
    const source = await writeFile(makeSource)
    await writeFile(async (dst) => {
      const options = { mapping: mapping(0), signal: AbortSignal.abort() }
      await expectRejection(copyInto(dst, source, ['deform'], options), 'E_CANCELLED')
    })
  })
})

async function makeSource(h5: FileWriter): Promise<void> {
  const writer = await HDF5Writer.open(h5)
  await writer.storeFeatureChunk('deform', fromTypedArray(Float64Array.of(10, 20, 30)))
  const deform = writer.events.child('deform')
  if (deform?.kind === 'dataset') {
    for (const name of ['mean', 'min', 'max']) deform.setAttribute(makeFloatAttribute(name, 20))
    deform.setAttribute(makeTextAttribute('unit', 'none'))
  }
  await writer.storeFeatureChunk('index', fromTypedArray(Uint32Array.of(1, 2, 3)))
  const image = writer.events.createDataset('image', {
    datatype: fromTypedArray(Uint8Array.of(0)).datatype,
    shape: [3, 4, 5],
    storage: { kind: 'contiguous' },
  })
  await image.append(Uint8Array.from({ length: 60 }, (_, i) => i))
  for (const name of ['fl1_raw', 'fl1_median']) {
    await writer.storeFeatureChunk(`trace/${name}`, fromTypedArray(Int16Array.of(1, 2, 3, 4, 5, 6), [3, 2]))
  }
  for (const event of [0, 1, 2]) {
    const points = fromTypedArray(Int32Array.of(1, 2, 3, 100 + event), [2, 2])
    await writer.storeFeatureChunk(`contour/${event}`, points)
  }
  writer.events.requireGroup('contour').setAttribute(makeTextAttribute('made', 'by hand'))
  await writer.storeFeatureChunk('notes/one', fromTypedArray(Int8Array.of(1, 2, 3)))
  const single = { datatype: float64Type(), shape: [], storage: { kind: 'contiguous' } } as const
  await writer.events.createDataset('single', single).append(new Uint8Array(8))
}
