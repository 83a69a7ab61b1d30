import { basename } from 'node:path'
import { readFile, stat, writeFile as writeBytes } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import {
  makeFloatAttribute,
  makeIntegerAttribute,
  makeTextAttribute,
} from '../../../src-main/hdf5/writing/attributes.ts'
import { booleanType, float64Type, integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import { buildPipeline } from '../../../src-main/hdf5/filters/pipeline.ts'
import { describeStoredFilter } from '../../../src-main/read/describe-stored-filter.ts'
import { inspectFile } from '../../../src-main/read/inspect-file.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import {
  addBasin,
  addLines,
  addRows,
  addScalar,
  findAddress,
  writeFile,
  writeMeasurement,
} from './measurement-fixture.ts'

describe('inspecting a file', () => {
  it('describes everything in values that JSON keeps', async () => {
    const path = await writeMeasurement({
      fill: async (h5, events) => {
        await addRows(events, 'trace/fl1_raw', {
          type: integerType(2, true),
          shape: [10, 5],
          bytes: new Uint8Array(100),
        })
        for (let index = 0; index < 10; index++) {
          const bytes = new Uint8Array(16)
          await addRows(events.requireGroup('contour'), String(index), {
            type: integerType(4, true),
            shape: [2, 2],
            bytes,
          })
        }
        await addLines(h5.root, 'logs/one', ['first', 'second'])
        await addBasin(h5.root, 'abc', {
          type: 'file',
          format: 'hdf5',
          paths: [basename(h5.path)],
          name: 'itself',
        })
        const table = {
          class: 'compound',
          size: 8,
          members: [{ name: 'speed', offset: 0, type: float64Type() }],
        } as const
        await addRows(h5.root.requireGroup('tables'), 'two', {
          type: table,
          shape: [3],
          bytes: new Uint8Array(24),
        })
        h5.root.requireGroup('plugin')
      },
    })
    const report = await inspectFile(nodeDisk, path)
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
    expect(report).toMatchObject({
      path,
      bytes: (await stat(path)).size,
      events: 10,
      identifier: 'b2bacea5-8f08-833e-7877-8e96c7c97d64',
      logs: [{ name: 'one', lineCount: 2 }],
      tables: [{ name: 'two', shape: [3], columns: ['speed'] }],
      basins: [{ key: 'abc', type: 'file', name: 'itself', mapping: 'same', features: null, found: path }],
      otherGroups: ['plugin'],
      warnings: [],
    })
    expect(report.attributes).toMatchObject({
      'experiment:event count': 10,
      'imaging:pixel size': 0.34,
      'experiment:sample': 'beads',
    })
    const filters = [
      { id: 32015, name: 'zstd', values: [5] },
      { id: 3, name: 'fletcher32', values: [] },
    ]
    expect(
      report.features.map(({ storedBytes, ...feature }) => ({
        ...feature,
        isStored: storedBytes !== null && storedBytes > 0,
      })),
    ).toEqual([
      { name: 'contour', shape: [10], dtype: '<i4', chunks: [4, 2], filters, isStored: true },
      { name: 'deform', shape: [10], dtype: '<f8', chunks: [4], filters, isStored: true },
      { name: 'image', shape: [10, 3, 4], dtype: '|u1', chunks: [4, 3, 4], filters, isStored: true },
      { name: 'index', shape: [10], dtype: '<f8', chunks: [4], filters, isStored: true },
      { name: 'trace/fl1_raw', shape: [10, 5], dtype: '<i2', chunks: [4, 5], filters, isStored: true },
    ])
  })

  it('tells images that are shuffled by frame from those shuffled by any other number of bytes', async () => {
    const path = await writeMeasurement({
      fill: async (_h5, events) => {
        for (const [name, elementBytes] of [
          ['image_bg', 24],
          ['mask', 12],
          ['qpi_pha', 2],
        ] as const) {
          const choice = { codec: 'zstd', level: 5, shuffle: true, checksum: false } as const
          const filters = buildPipeline(choice, elementBytes)
          const dataset = events.createDataset(name, {
            datatype: integerType(2, false),
            shape: [0, 3, 4],
            storage: { kind: 'chunked', chunkShape: [10, 3, 4], filters },
          })
          await dataset.append(new Uint8Array(240))
        }
      },
    })
    const { features } = await inspectFile(nodeDisk, path)
    const zstd = { id: 32015, name: 'zstd', values: [5] }
    const shuffle = { id: 2, name: 'shuffle' }
    expect(Object.fromEntries(features.map(({ name, filters }) => [name, filters]))).toMatchObject({
      image_bg: [{ ...shuffle, values: [24], elementBytes: 24, isByFrame: true }, zstd],
      mask: [{ ...shuffle, values: [12], elementBytes: 12 }, zstd],
      qpi_pha: [{ ...shuffle, values: [2] }, zstd],
    })
    expect(features.map(({ name, filters }) => [name, filters.map(describeStoredFilter).join(', ')])).toEqual(
      expect.arrayContaining([
        ['image_bg', 'shuffle by frame (24-byte elements), zstd 5'],
        ['mask', 'shuffle (12-byte elements), zstd 5'],
        ['qpi_pha', 'shuffle, zstd 5'],
      ]),
    )
  })

  it('describes single values, null dataspaces, groups and contiguous data', async () => {
    const contiguous = { kind: 'contiguous' } as const
    const path = await writeMeasurement({
      fill: async (_h5, events) => {
        const flat = events.createDataset('area_um', {
          datatype: float64Type(),
          shape: [10],
          storage: contiguous,
        })
        await flat.append(new Uint8Array(80))
        const single = events.createDataset('single', {
          datatype: booleanType(),
          shape: [],
          storage: contiguous,
        })
        await single.write({ bytes: Uint8Array.of(1), sequences: [] })
        events.createDataset('nothing', { datatype: float64Type(), shape: null, storage: contiguous })
        events.requireGroup('plugin/deeper')
      },
    })
    const { features } = await inspectFile(nodeDisk, path)
    const plain = { chunks: null, filters: [] }
    expect(features).toContainEqual({ name: 'area_um', shape: [10], dtype: '<f8', ...plain, storedBytes: 80 })
    expect(features).toContainEqual({ name: 'single', shape: [], dtype: 'bool', ...plain, storedBytes: 1 })
    expect(features).toContainEqual({ name: 'nothing', shape: null, dtype: '<f8', ...plain, storedBytes: 0 })
    expect(features).toContainEqual({ name: 'plugin', shape: [1], dtype: null, ...plain, storedBytes: 0 })
  })

  it('writes numbers that JSON cannot hold as text', async () => {
    const path = await writeMeasurement({
      attributes: [
        makeIntegerAttribute('user:large', 2n ** 62n),
        makeIntegerAttribute('user:small', -5),
        makeFloatAttribute('user:nan', NaN),
        makeFloatAttribute('user:infinite', -Infinity),
        makeTextAttribute('__proto__', 'no harm'),
      ],
    })
    const { attributes } = await inspectFile(nodeDisk, path)
    expect(attributes).toMatchObject({
      'user:large': '4611686018427387904',
      'user:small': -5,
      'user:nan': 'NaN',
      'user:infinite': '-Infinity',
    })
    expect(Object.getOwnPropertyDescriptor(attributes, '__proto__')?.value).toBe('no harm')
  })

  it('describes the rest of a file with a damaged object, and names that in a warning', async () => {
    const path = await writeMeasurement()
    const bytes = await readFile(path)
    bytes[await findAddress(path, '/events/image')] = 0
    await writeBytes(path, bytes)
    const report = await inspectFile(nodeDisk, path)
    expect(report.features.map((feature) => feature.name)).toEqual(['deform', 'index'])
    expect(report.warnings).toMatchObject([{ code: 'E_META', path, object: '/events/image' }])
    expect(report.events).toBe(10)
  })

  it('gives no number of events if features disagree', async () => {
    const path = await writeMeasurement({ fill: (_h5, events) => addScalar(events, 'area_um', [1]) })
    const report = await inspectFile(nodeDisk, path)
    expect(report.events).toBeNull()
    expect(report.warnings).toMatchObject([{ code: 'E_LEN', object: '/events/area_um' }])
  })

  it('refuses what is no measurement', async () => {
    await expectRejection(inspectFile(nodeDisk, await writeFile(() => undefined)), 'E_NOT_RTDC')
    const path = await writeMeasurement()
    await writeBytes(path, 'no HDF5 at all, but long enough to be some other kind of file')
    await expectRejection(inspectFile(nodeDisk, path), 'E_MAGIC')
  })
})
