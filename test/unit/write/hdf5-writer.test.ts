import { writeFile as writeRaw } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { HDF5Writer } from '../../../src-main/write/hdf5-writer.ts'
import { fromBooleans, fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { getPool, lookInto, writeFile } from './file-fixture.ts'

const scalars = (...values: number[]) => fromTypedArray(Float64Array.from(values))

describe('HDF5Writer', () => {
  it('appends scalars, images and traces, each in chunks that may grow', async () => {
    const path = await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5)
      await writer.storeFeatureChunk('deform', scalars(1, 2))
      await writer.storeFeatureChunk('deform', scalars(3))
      await writer.storeFeatureChunk(
        'image',
        fromTypedArray(new Uint8Array(2 * 80 * 320).fill(7), [2, 80, 320]),
      )
      await writer.storeFeatureChunk('trace/fl1_raw', fromTypedArray(Int16Array.of(1, 2, 3, 4, 5, 6), [2, 3]))
      await writer.close()
    })
    await lookInto(path, async (opened) => {
      expect(await opened.values('/events/deform')).toEqual([1, 2, 3])
      expect(await opened.values('/events/trace/fl1_raw')).toEqual([1, 2, 3, 4, 5, 6])
      const image = await opened.dataset('/events/image')
      expect(image.dataspace).toMatchObject({ shape: [2, 80, 320], maxShape: [null, 80, 320] })
      expect(image.layout).toMatchObject({ kind: 'chunked', chunkShape: [40, 80, 320] })
      expect(image.filters.map((filter) => [filter.id, filter.values])).toEqual([
        [32015, [5]],
        [3, []],
      ])
      expect((await opened.dataset('/events/deform')).attributes).toEqual([])
    })
  })

  it('marks what has a 2-D item as an image, in fixed-length bytes', async () => {
    const path = await writeFile(async (h5) => {
      await (
        await HDF5Writer.open(h5)
      ).storeFeatureChunk('image', fromTypedArray(new Uint8Array(6), [1, 2, 3]))
    })
    await lookInto(path, async (opened) => {
      expect(await opened.attributes('/events/image')).toEqual({
        CLASS: 'IMAGE',
        IMAGE_VERSION: '1.2',
        IMAGE_SUBCLASS: 'IMAGE_GRAYSCALE',
      })
      const types = (await opened.dataset('/events/image')).attributes.map(({ datatype }) => datatype)
      expect(types).toMatchObject([5, 3, 15].map((size) => ({ class: 'string', size, charset: 'ascii' })))
    })
  })

  it('stores a boolean mask as 0 and 255, and other booleans as they are', async () => {
    const path = await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5)
      await writer.storeFeatureChunk('mask', fromBooleans([1, 0, 0, 1], [1, 2, 2]))
      await writer.storeFeatureChunk('mask', fromTypedArray(Uint8Array.of(1, 2, 3, 4), [1, 2, 2]))
      await writer.storeFeatureChunk('userdef1', fromBooleans([true, false]))
    })
    await lookInto(path, async (opened) => {
      expect(await opened.values('/events/mask')).toEqual([255, 0, 0, 255, 1, 2, 3, 4])
      expect(await opened.values('/events/userdef1')).toEqual([true, false])
    })
  })

  it('leaves a boolean mask as it is where the dataset was made for booleans, as copies of such files are', async () => {
    const path = await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5)
      const masks = fromBooleans([1, 0, 0, 1], [1, 2, 2])
      writer.requireFeature('mask', { itemShape: [2, 2], datatype: masks.datatype })
      await writer.storeFeatureChunk('mask', masks)
    })
    await lookInto(path, async (opened) => {
      expect(await opened.values('/events/mask')).toEqual([true, false, false, true])
    })
  })

  it('refuses to append another type, shape or number of dimensions, and names both', async () => {
    await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5)
      await writer.storeFeatureChunk('deform', scalars(1))
      const error = await expectRejection(
        writer.storeFeatureChunk('deform', fromTypedArray(Float32Array.of(1))),
        'E_TYPE',
      )
      expect(error).toMatchObject({ object: '/events/deform', expected: '<f8 ()', actual: '<f4 ()' })
      await expectRejection(
        writer.storeFeatureChunk('deform', fromTypedArray(new Float64Array(2), [1, 2])),
        'E_TYPE',
      )
      await writer.storeFeatureChunk('trace/fl1_raw', scalars(1))
      await expectRejection(writer.storeFeatureChunk('trace', scalars(1)), 'E_TYPE')
      await expectRejection(writer.storeFeatureChunk('deform', { ...scalars(1), shape: [] }), 'E_USAGE')
    })
  })

  it('makes a feature without events from an empty piece', async () => {
    const path = await writeFile(async (h5) => {
      await (await HDF5Writer.open(h5)).storeFeatureChunk('deform', scalars())
    })
    await lookInto(path, async (opened) => {
      expect((await opened.dataset('/events/deform')).dataspace).toMatchObject({
        shape: [0],
        maxShape: [null],
      })
    })
  })

  it('says how long a feature is when asked for it', async () => {
    await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5, { dsKwds: { compression: null, fletcher32: false } })
      const { datatype } = scalars()
      expect(writer.requireFeature('deform', { itemShape: [], datatype }).offset).toBe(0)
      await writer.storeFeatureChunk('deform', scalars(1, 2))
      const { dataset, offset } = writer.requireFeature('deform', { itemShape: [], datatype })
      expect([dataset.path, offset]).toEqual(['/events/deform', 2])
      expect(dataset.spec.storage).toMatchObject({ filters: [] })
      const other = writer.requireFeature('x', {
        itemShape: [3],
        datatype,
        groupName: 'basin_events',
        dsKwds: { chunks: [7, 3] },
      })
      expect(other.dataset.path).toBe('/basin_events/x')
      expect(other.dataset.spec.storage).toMatchObject({ chunkShape: [7, 3] })
    })
  })

  it('leaves a file open that was given open, and completes one that was given by path', async () => {
    const path = await writeFile(async (h5) => {
      const first = await HDF5Writer.open(h5)
      await first.storeFeatureChunk('deform', scalars(3))
      await first.close()
      await (await HDF5Writer.open(h5)).storeFeatureChunk('deform', scalars(4))
    })
    await lookInto(path, async (opened) => expect(await opened.values('/events/deform')).toEqual([3, 4]))

    const own = join(await makeTemporaryFolder(), 'own.rtdc')
    const writer = await HDF5Writer.open(own, { pool: getPool() })
    await writer.storeFeatureChunk('deform', scalars(5))
    await writer.close()
    await lookInto(own, async (opened) => expect(await opened.values('/events/deform')).toEqual([5]))
  })

  it('replaces a file in mode w only, and nothing that is no file', async () => {
    const folder = await makeTemporaryFolder()
    const path = join(folder, 'there.rtdc')
    await writeRaw(path, 'old')
    await expectRejection(HDF5Writer.open(path, { pool: getPool() }), 'E_APPEND')
    await expectRejection(HDF5Writer.open(folder, { mode: 'w', pool: getPool() }), 'E_EXISTS')
    const writer = await HDF5Writer.open(path, { mode: 'w', pool: getPool() })
    await writer.close()
    await lookInto(path, async (opened) => expect(await opened.names('/')).toEqual(['events']))
  })

  it('works with a pool of its own', async () => {
    const path = join(await makeTemporaryFolder(), 'alone.rtdc')
    const writer = await HDF5Writer.open(path, { mode: 'w' })
    await writer.storeFeatureChunk('deform', scalars(6))
    await writer.close()
    await lookInto(path, async (opened) => expect(await opened.values('/events/deform')).toEqual([6]))
  })

  describe('storeLog', () => {
    it('makes lines as long as the longest in UTF-8 bytes', async () => {
      const path = await writeFile(async (h5) => {
        await (await HDF5Writer.open(h5)).storeLog('job', ['short', 'Überlänge µm', ''])
      })
      await lookInto(path, async (opened) => {
        expect(await opened.values('/logs/job')).toEqual(['short', 'Überlänge µm', ''])
        const log = await opened.dataset('/logs/job')
        expect(log.datatype).toMatchObject({
          class: 'string',
          size: 15,
          charset: 'utf-8',
          padding: 'null-padded',
        })
        expect(log.layout).toMatchObject({ kind: 'chunked', chunkShape: [3] })
        expect(log.filters.map((filter) => filter.id)).toEqual([32015, 3])
      })
    })

    it('keeps logs without lines and lines without characters', async () => {
      const path = await writeFile(async (h5) => {
        const writer = await HDF5Writer.open(h5)
        await writer.storeLog('nothing', [])
        await writer.storeLog('blank', [''])
      })
      await lookInto(path, async (opened) => {
        expect((await opened.dataset('/logs/nothing')).dataspace).toMatchObject({ shape: [0] })
        expect(await opened.values('/logs/blank')).toEqual([''])
      })
    })

    it('replaces a log only if told to', async () => {
      const path = await writeFile(async (h5) => {
        const writer = await HDF5Writer.open(h5)
        await writer.storeLog('job', ['first'])
        await expectRejection(writer.storeLog('job', ['second']), 'E_EXISTS')
        await writer.storeLog('job', ['third'], { override: true })
      })
      await lookInto(path, async (opened) => expect(await opened.values('/logs/job')).toEqual(['third']))
    })
  })
})
