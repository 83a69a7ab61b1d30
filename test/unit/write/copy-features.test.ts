import { describe, expect, it } from 'vitest'

import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { FileReader } from '../../../src-main/hdf5/reading/file-reader.ts'
import { makeFloatAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { float64Type } from '../../../src-main/hdf5/writing/datatypes.ts'
import type { FileWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { copyFeatures, type CopyFeaturesOptions } from '../../../src-main/write/copy-features.ts'
import { HDF5Writer } from '../../../src-main/write/hdf5-writer.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { countDecodes } from './counting-pool.ts'
import { lookInto, writeFile } from './file-fixture.ts'

const values = Array.from({ length: 2500 }, (_, event) => (event % 7 === 0 ? NaN : event / 3))
const scalars = fromTypedArray(Float64Array.from(values))
const pixels = Uint8Array.from({ length: 30 * 50 * 60 }, (_, index) => index % 251)

async function makeSource(h5: FileWriter): Promise<void> {
  const writer = await HDF5Writer.open(h5, { dsKwds: { compression: 'gzip', shuffle: true } })
  await writer.storeFeatureChunk('deform', scalars)
  await writer.storeFeatureChunk('image', fromTypedArray(pixels, [30, 50, 60]))
  for (const name of ['fl1_raw', 'fl1_median']) {
    await writer.storeFeatureChunk(
      `trace/${name}`,
      fromTypedArray(
        Int16Array.from({ length: 90 }, (_, i) => i),
        [30, 3],
      ),
    )
  }
  for (const event of [0, 1]) {
    await writer.storeFeatureChunk(
      `contour/${event}`,
      fromTypedArray(Int32Array.of(1, 2, 3, 4 + event), [2, 2]),
    )
  }
  const plain = writer.events.createDataset('area_um', {
    datatype: float64Type(),
    shape: [2],
    storage: { kind: 'contiguous' },
  })
  plain.setAttribute(makeFloatAttribute('mean', 1.5))
  await plain.append(fromTypedArray(Float64Array.of(1, 2)).bytes)
}

async function copyInto(
  dst: FileWriter,
  source: string,
  features: string[],
  options?: CopyFeaturesOptions,
): Promise<void> {
  const src = await FileReader.open(nodeDisk, source)
  try {
    await copyFeatures(src, dst, features, options)
  } finally {
    await src.close()
  }
}

const ALL = ['deform', 'image', 'trace', 'contour', 'area_um']

it('decodes nothing on the way, and values only where it has to compare them', async () => {
  const source = await writeFile(makeSource)
  const counter = countDecodes()
  await writeFile(async (dst) => {
    await copyInto(dst, source, ALL, { pool: counter.pool })
    expect(counter.count).toBe(0)
  })
})

it('decodes a scalar feature that is there already to compare it', async () => {
  const source = await writeFile(makeSource)
  await writeFile(async (dst) => {
    await copyInto(dst, source, ['deform'])
    const counter = countDecodes()
    await copyInto(dst, source, ['deform'], { pool: counter.pool })
    expect(counter.count).toBeGreaterThan(0)
  })
})

describe('copyFeatures', () => {
  it('carries stored chunks as they are, groups too', async () => {
    const source = await writeFile(makeSource)
    const target = await writeFile((dst) => copyInto(dst, source, ALL))
    const chunksOf = (path: string) =>
      lookInto(path, async (opened) => {
        const { layout, filters, dataspace } = await opened.dataset('/events/image')
        return { layout: { ...layout, index: undefined }, filters, dataspace }
      })
    expect(await chunksOf(target)).toEqual(await chunksOf(source))
    await lookInto(target, async (opened) => {
      expect(await opened.names('/events')).toEqual([...ALL].sort())
      expect(await opened.values('/events/deform')).toEqual(values)
      expect(await opened.bytes('/events/image')).toEqual(pixels)
      expect(await opened.attributes('/events/image')).toMatchObject({ CLASS: 'IMAGE' })
      expect(await opened.names('/events/trace')).toEqual(['fl1_median', 'fl1_raw'])
      expect(await opened.values('/events/contour/1')).toEqual([1, 2, 3, 5])
      expect((await opened.dataset('/events/area_um')).layout.kind).toBe('contiguous')
      expect(await opened.attributes('/events/area_um')).toEqual({ mean: 1.5 })
    })
  })

  it('stores everything anew where filters are given', async () => {
    const source = await writeFile(makeSource)
    const target = await writeFile((dst) => copyInto(dst, source, ALL, { dsKwds: {} }))
    await lookInto(target, async (opened) => {
      for (const path of ['deform', 'image', 'trace/fl1_raw', 'contour/0', 'area_um']) {
        expect(
          (await opened.dataset(`/events/${path}`)).filters.map(({ id }) => id),
          path,
        ).toEqual([32015, 3])
      }
      expect((await opened.dataset('/events/area_um')).dataspace).toMatchObject({
        shape: [2],
        maxShape: [null],
      })
      expect((await opened.dataset('/events/contour/0')).layout).toMatchObject({ chunkShape: [2, 2] })
      expect(await opened.values('/events/deform')).toEqual(values)
      expect(await opened.bytes('/events/image')).toEqual(pixels)
      expect(await opened.values('/events/area_um')).toEqual([1, 2])
    })
  })

  it('copies one dataset out of a group', async () => {
    const source = await writeFile(makeSource)
    const target = await writeFile((dst) => copyInto(dst, source, ['trace/fl1_raw']))
    await lookInto(target, async (opened) => expect(await opened.names('/events/trace')).toEqual(['fl1_raw']))
  })

  it('skips a scalar feature that is there with the same values, however it came there', async () => {
    const source = await writeFile(makeSource)
    await writeFile(async (dst) => {
      await (await HDF5Writer.open(dst)).storeFeatureChunk('deform', scalars)
      await copyInto(dst, source, ['deform'])
    })
    for (const options of [{}, { dsKwds: {} }]) {
      await writeFile(async (dst) => {
        await copyInto(dst, source, ['deform'], options)
        await copyInto(dst, source, ['deform'], options)
      })
    }
  })

  it('refuses what is there with other values, before anything is copied', async () => {
    const source = await writeFile(makeSource)
    const target = await writeFile(async (dst) => {
      const writer = await HDF5Writer.open(dst)
      await writer.storeFeatureChunk(
        'deform',
        fromTypedArray(Float64Array.from(values, (value) => value + 1)),
      )
      const error = await expectRejection(copyInto(dst, source, ['image', 'deform']), 'E_EXISTS')
      expect(error).toMatchObject({ object: '/events/deform', path: dst.path })
      await writer.storeFeatureChunk('image', fromTypedArray(pixels, [30, 50, 60]))
      await expectRejection(copyInto(dst, source, ['image']), 'E_EXISTS')
      writer.events.requireGroup('trace')
      await expectRejection(copyInto(dst, source, ['trace']), 'E_EXISTS')
    })
    await lookInto(target, async (opened) =>
      expect(await opened.names('/events')).toEqual(['deform', 'image', 'trace']),
    )
  })

  it('refuses features that the source lacks, before anything is copied', async () => {
    const source = await writeFile(makeSource)
    await writeFile(async (dst) => {
      const error = await expectRejection(copyInto(dst, source, ['deform', 'emodulus']), 'E_FEATURE')
      expect(error).toMatchObject({ object: '/events/emodulus', path: source })
      expect(dst.root.requireGroup('events').childNames()).toEqual([])
    })
  })

  it('refuses a feature with a chunk that was never written', async () => {
    const source = await writeFile((h5) => {
      const storage = { kind: 'chunked', chunkShape: [10], filters: [] } as const
      h5.root
        .requireGroup('events')
        .createDataset('deform', { datatype: float64Type(), shape: [25], storage })
    })
    for (const options of [{}, { dsKwds: {} }]) {
      await writeFile(async (dst) => {
        await expectRejection(copyInto(dst, source, ['deform'], options), 'E_HOLE')
      })
    }
  })

  it('stops when it is cancelled', async () => {
    const source = await writeFile(makeSource)
    for (const options of [{}, { dsKwds: {} }]) {
      await writeFile(async (dst) => {
        await expectRejection(
          copyInto(dst, source, ['deform'], { ...options, signal: AbortSignal.abort() }),
          'E_CANCELLED',
        )
      })
    }
  })
})
