import { readdir, readFile, rename, symlink, writeFile as writeRaw } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { OutputConflict } from '../../../src-main/errors.ts'
import type { DiskPort } from '../../../src-main/hdf5/disk/disk-port.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { makeIntegerAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { ChunkQueue } from '../../../src-main/write/chunk-queue.ts'
import { ChunkWriter } from '../../../src-main/write/chunk-writer.ts'
import { copyBasins } from '../../../src-main/write/copy-basins.ts'
import { copyFeatures } from '../../../src-main/write/copy-features.ts'
import { copyMetadata } from '../../../src-main/write/copy-metadata.ts'
import { createWithBasins } from '../../../src-main/write/create-with-basins.ts'
import { EventQueue } from '../../../src-main/write/event-queue.ts'
import { EventStash } from '../../../src-main/write/event-stash.ts'
import { HDF5Writer, type HDF5WriterOptions } from '../../../src-main/write/hdf5-writer.ts'
import { fromBooleans, fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { QueueWriterThread } from '../../../src-main/write/queue-writer-thread.ts'
import { expectError, expectRejection } from '../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { getPool, lookInto, writeFile } from './file-fixture.ts'

async function exchange(path: string): Promise<void> {
  await rename(path, `${path}.away`)
  await writeRaw(path, 'another')
}

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
      expect(image.layout).toMatchObject({ kind: 'chunked', chunkShape: [2, 80, 320] })
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

  describe('is the only one that writes a file:', () => {
    it('a second one is refused, by whatever path, until the first is closed', async () => {
      const folder = await makeTemporaryFolder()
      const path = join(folder, 'one.rtdc')
      const options = { mode: 'w', pool: getPool() } as const
      const first = await HDF5Writer.open(path, options)
      await first.storeFeatureChunk('deform', scalars(1))
      await symlink(folder, join(folder, 'way'))
      for (const other of [path, join(folder, '.', 'one.rtdc'), join(folder, 'way', 'one.rtdc')])
        expect((await expectRejection(HDF5Writer.open(other, options), 'E_EXISTS')).message).toContain(
          'another writer',
        )
      await first.close()
      await lookInto(path, async (opened) => expect(await opened.values('/events/deform')).toEqual([1]))
      const next = await HDF5Writer.open(path, options)
      await next.close()
    })

    it('of two that are opened at once one is refused', async () => {
      const path = join(await makeTemporaryFolder(), 'race.rtdc')
      const opening = [1, 2].map(() => HDF5Writer.open(path, { mode: 'w', pool: getPool() }))
      const opened = (await Promise.allSettled(opening)).flatMap((one) =>
        one.status === 'fulfilled' ? [one.value] : [],
      )
      expect(opened).toHaveLength(1)
      for (const writer of opened) await writer.close()
    })

    it('what was put in its place, or taken away, is told when it is closed', async () => {
      for (const change of [
        (path: string) => rename(path, `${path}.away`),
        (path: string) => exchange(path),
      ]) {
        const path = join(await makeTemporaryFolder(), 'moved.rtdc')
        const writer = await HDF5Writer.open(path, { mode: 'w', pool: getPool() })
        await change(path)
        expect((await expectRejection(writer.close(), 'E_EXCHANGED')).message).toContain(path)
      }
    })
  })

  it('leaves an old file alone where no new one can be made', async () => {
    const path = join(await makeTemporaryFolder(), 'old.rtdc')
    await writeRaw(path, 'old')
    const refusing = new OutputConflict('E_OUT_SPACE', 'the disk is full')
    const full: DiskPort = { ...nodeDisk, createExclusive: () => Promise.reject(refusing) }
    await expectRejection(HDF5Writer.open(path, { mode: 'w', pool: getPool(), disk: full }), 'E_OUT_SPACE')
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(join(path, '..'))).toEqual(['old.rtdc'])
  })

  it('is closed at the end of a block that uses it', async () => {
    const path = join(await makeTemporaryFolder(), 'used.rtdc')
    const writer = await HDF5Writer.open(path, { mode: 'w', pool: getPool() })
    await writer.storeFeatureChunk('deform', scalars(3))
    await writer[Symbol.asyncDispose]()
    await lookInto(path, async (opened) => expect(await opened.values('/events/deform')).toEqual([3]))
  })

  it('refuses unknown modes and keywords before anything is touched', async () => {
    const path = join(await makeTemporaryFolder(), 'there.rtdc')
    await writeRaw(path, 'old')
    const wrong = [
      [{ mode: 'r+' }, 'mode'],
      [{ mode: 'w', dsKwds: { compresion: 'zstd' } }, 'dsKwds'],
      [{ mode: 'w', dsKwds: { compression: 'lzma' } }, 'dsKwds.compression'],
      [{ mode: 'w', dsKwds: { fletcher32: 'yes' } }, 'dsKwds.fletcher32'],
      [{ mode: 'w', dsKwds: { chunks: [0] } }, 'dsKwds.chunks'],
    ] as const
    for (const [options, argument] of wrong) {
      const error = await expectRejection(HDF5Writer.open(path, options as HDF5WriterOptions), 'E_USAGE')
      expect(error.message.startsWith(argument), error.message).toBe(true)
    }
    expect(await readFile(path, 'utf8')).toBe('old')
  })

  it('names the argument that a caller without types gives wrongly', async () => {
    const wrong = (value: unknown) => value as never
    await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5)
      const calls: [string, () => unknown][] = [
        ['obj', () => HDF5Writer.open(wrong(undefined))],
        ['data', () => writer.storeFeatureChunk('deform', wrong([1, 2]))],
        ['data', () => writer.storeFeatureChunk('deform', wrong(Float64Array.of(1)))],
        ['feat', () => writer.storeFeatureChunk(wrong(undefined), scalars(1))],
        ['lines', () => writer.storeLog('log', wrong('one line'))],
        ['name', () => writer.storeLog(wrong(undefined), ['one line'])],
        ['feature', () => writer.requireFeature('deform', wrong(undefined))],
        ['itemShape', () => writer.requireFeature('deform', wrong({}))],
        ['datatype', () => writer.requireFeature('deform', wrong({ itemShape: [] }))],
        ['basin', () => writer.storeBasin(wrong(undefined))],
        ['basin.paths', () => writer.storeBasin({ name: 'far', paths: wrong('far.rtdc') })],
        ['basin.mapping', () => writer.storeBasin({ name: 'far', paths: ['far.rtdc'], mapping: wrong([1]) })],
        ['basin.internalData', () => writer.storeBasin({ name: 'in', internalData: wrong({ deform: [1] }) })],
        ['itemShape', () => HDF5Writer.getBestNdChunks(wrong(undefined))],
        ['array', () => fromTypedArray(wrong([1, 2]))],
        ['array', () => fromTypedArray(wrong(new DataView(new ArrayBuffer(8))))],
        ['values', () => fromBooleans(wrong(5))],
        ['src', () => copyFeatures(wrong('in.rtdc'), h5, ['deform'])],
        ['src', () => copyMetadata(wrong(undefined), h5)],
        ['src', () => copyBasins(wrong(undefined), h5)],
        ['basinPaths', () => createWithBasins('out.rtdc', wrong('in.rtdc'))],
        ['featNevents', () => new EventStash(0, wrong(undefined))],
        ['events', () => new EventStash(0, [1]).addEvents(0, wrong({ deform: 1 }))],
        ['events', () => new EventQueue().put(0, wrong({ deform: 1 }))],
        ['feature', () => new ChunkQueue().push(wrong(undefined), scalars(1))],
        ['dq', () => new ChunkWriter(h5, wrong(undefined), { value: 0 })],
        ['eventQueue', () => new QueueWriterThread(wrong({ pathOut: h5 }))],
      ]
      for (const [argument, call] of calls) {
        const error = await expectRejection(Promise.resolve().then(call), 'E_USAGE')
        expect(error.message.startsWith(`${argument} must be `), error.message).toBe(true)
      }
    })
  })

  it('refuses names that no header can hold when they are given', async () => {
    const long = 'x'.repeat(70_000)
    const path = await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5)
      await expectRejection(writer.storeFeatureChunk(long, scalars(1)), 'E_NAME')
      await expectRejection(writer.storeLog(long, ['line']), 'E_NAME')
      expectError(() => h5.root.setAttribute(makeIntegerAttribute(long, 1)), 'E_NAME')
      expectError(() => h5.root.addSoftLink('link', `/${long}`), 'E_NAME')
      await writer.storeFeatureChunk('deform', scalars(1))
    })
    await lookInto(path, async (opened) => expect(await opened.names('/events')).toEqual(['deform']))
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
