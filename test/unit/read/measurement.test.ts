import { readFile, writeFile as writeBytes } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { FILTER } from '../../../src-main/hdf5/model.ts'
import {
  makeFixedTextAttribute,
  makeFloatAttribute,
  makeIntegerAttribute,
} from '../../../src-main/hdf5/writing/attributes.ts'
import { float64Type, integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import type { GroupWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import type { ContourFeature } from '../../../src-main/read/feature-info.ts'
import type { LengthChoice } from '../../../src-main/read/common-rows.ts'
import type { MeasuredRows, Measurement } from '../../../src-main/read/measurement.ts'
import { expectError, expectRejection } from '../../helpers/expect-error.ts'
import {
  addBasin,
  addImages,
  addLines,
  addRows,
  addScalar,
  findAddress,
  lookInto,
  writeFile,
  writeMeasurement,
} from './measurement-fixture.ts'

function open(path: string): Promise<Measurement> {
  return lookInto(path, (measurement) => measurement)
}

/** What a job that takes every feature counts. */
function countAll(path: string, lengths: LengthChoice = 'refuse'): Promise<MeasuredRows> {
  return lookInto(path, (measurement) => measurement.countRows(measurement.features, { lengths }))
}

function summarise(measurement: Measurement): unknown[] {
  return measurement.features.map(({ name, kind, length }) => [name, kind, length])
}

function codes(measurement: Measurement): string[] {
  return measurement.warnings.map((warning) => warning.code)
}

/** 10 x 5 samples of int16. */
function addTrace(group: GroupWriter, name: string, events = 10): Promise<unknown> {
  return addRows(group, name, {
    type: integerType(2, true),
    shape: [events, 5],
    bytes: new Uint8Array(events * 10),
  })
}

async function addContours(group: GroupWriter, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const bytes = new Uint8Array(16)
    await addRows(group.requireGroup('contour'), name, { type: integerType(4, true), shape: [2, 2], bytes })
  }
}

const TEN = Array.from({ length: 10 }, (_, index) => String(index))

describe('opening a measurement', () => {
  it('lists features with their kind and number of events, and warns of nothing', async () => {
    const path = await writeMeasurement({
      fill: async (_h5, events) => {
        await addTrace(events, 'trace/fl1_raw')
        await addContours(events, TEN)
      },
    })
    const measurement = await open(path)
    expect(summarise(measurement)).toEqual([
      ['contour', 'contour', 10],
      ['deform', 'scalar', 10],
      ['image', 'nd', 10],
      ['index', 'scalar', 10],
      ['trace', 'trace', 10],
    ])
    expect(measurement.eventCount).toBe(10)
    expect(measurement.warnings).toEqual([])
    expect(measurement.scalarFeatures.map((feature) => feature.name)).toEqual(['deform', 'index'])
    expect(measurement.imageFeatures.map((feature) => feature.name)).toEqual(['image'])
  })

  it('refuses an HDF5 file without events', async () => {
    const path = await writeFile((h5) => h5.root.requireGroup('other'))
    const error = await expectRejection(open(path), 'E_NOT_RTDC')
    expect(error).toMatchObject({ path, object: '/events' })
  })

  it('names two features and their lengths if lengths differ', async () => {
    const path = await writeMeasurement({ fill: (_h5, events) => addScalar(events, 'area_um', [1, 2, 3]) })
    const error = await expectRejection(countAll(path), 'E_LEN')
    expect(error).toMatchObject({ path, object: '/events/area_um', expected: 10, actual: 3 })
    expect(error.message).toContain('deform has 10, area_um has 3')
    expect(error.message).toContain('--lengths cut')
  })

  it('counts each trace', async () => {
    const path = await writeMeasurement({
      fill: async (_h5, events) => {
        await addTrace(events, 'trace/fl1_raw')
        await addTrace(events, 'trace/fl2_raw', 9)
      },
    })
    expect((await expectRejection(countAll(path), 'E_LEN')).message).toContain('trace/fl2_raw has 9')
  })

  it('counts contours', async () => {
    const path = await writeMeasurement({ fill: (_h5, events) => addContours(events, TEN.slice(1)) })
    expect((await expectRejection(countAll(path), 'E_LEN')).object).toBe('/events/contour')
  })

  it('takes the rows for right if the attribute says otherwise, and warns with both numbers', async () => {
    const path = await writeMeasurement({ attributes: [makeIntegerAttribute('experiment:event count', 12)] })
    const measurement = await open(path)
    expect(measurement.eventCount).toBe(10)
    const { count, isCut, warnings } = await countAll(path)
    expect([count, isCut, warnings.map(({ code }) => code)]).toEqual([10, false, ['W_COUNT']])
    expect(warnings[0]?.message).toMatch(/12.*10/)
  })

  it('accepts an event count that is stored as float', async () => {
    const path = await writeMeasurement({ attributes: [makeFloatAttribute('experiment:event count', 10)] })
    expect((await countAll(path)).warnings).toEqual([])
  })

  it.each([
    ['10', 'is stored as the text "10", not as a number'],
    [' 12 ', 'says 12 (as text), but the features hold 10 events'],
    ['ten', 'is no number of events, but the features hold 10 events'],
  ])('says what is wrong with the event count "%s"', async (text, words) => {
    const path = await writeMeasurement({
      attributes: [makeFixedTextAttribute('experiment:event count', text)],
    })
    const { count, warnings } = await countAll(path)
    expect(count).toBe(10)
    expect(warnings).toMatchObject([{ code: 'W_COUNT' }])
    expect(warnings[0]?.message).toContain(words)
  })

  it('opens a file of 0 events', async () => {
    const path = await writeMeasurement({ events: 0 })
    const measurement = await open(path)
    expect(measurement.eventCount).toBe(0)
    expect(summarise(measurement)).toContainEqual(['image', 'nd', 0])
    expect(measurement.warnings).toEqual([])
  })

  it('does not count empty groups of traces and contours', async () => {
    const path = await writeMeasurement({
      fill: (_h5, events) => {
        events.requireGroup('trace')
        events.requireGroup('contour')
      },
    })
    const measurement = await open(path)
    expect(measurement.eventCount).toBe(10)
    expect(summarise(measurement)).toContainEqual(['trace', 'trace', null])
    expect(summarise(measurement)).toContainEqual(['contour', 'contour', null])
  })

  it('carries images and traces that were never filled as they are, and warns', async () => {
    const path = await writeMeasurement({
      fill: async (_h5, events) => {
        await addImages(events, 'mask', { events: 0, value: 0 })
        await addTrace(events, 'trace/fl1_raw', 0)
      },
    })
    const measurement = await open(path)
    expect(codes(measurement)).toEqual(['W_EMPTY', 'W_EMPTY'])
    expect(summarise(measurement)).toContainEqual(['mask', 'other', 0])
    expect(summarise(measurement)).toContainEqual(['trace', 'group', null])
  })

  it('counts the rows that all have if told to cut, of contours those before the first gap', async () => {
    const path = await writeMeasurement({
      fill: async (_h5, events) => {
        await addTrace(events, 'trace/fl1_raw', 9)
        await addContours(events, ['0', '1', '2', '3', '4', '6', '7', '8'])
      },
    })
    const { count, isCut, warnings } = await countAll(path, 'cut')
    expect([count, isCut]).toEqual([5, true])
    expect(warnings).toMatchObject([{ code: 'W_CUT', path, object: '/events/contour' }])
    expect(warnings[0]?.message).toContain('5 of deform, 5 of image, 5 of index, 4 of trace/fl1_raw')
  })

  it('counts what is chosen, and all of it where nothing that is chosen has rows', async () => {
    const path = await writeMeasurement({ fill: (_h5, events) => addScalar(events, 'area_um', [1, 2, 3]) })
    const measurement = await open(path)
    const countOf = (...names: string[]): number => {
      const chosen = measurement.features.filter(({ name }) => names.includes(name))
      return measurement.countRows(chosen, { lengths: 'refuse' }).count
    }
    expect([countOf('area_um'), countOf('deform', 'image'), countOf()]).toEqual([3, 10, 10])
  })

  it('refuses an empty scalar beside others: its writer died', async () => {
    const path = await writeMeasurement({ fill: (_h5, events) => addScalar(events, 'area_um', []) })
    await expectRejection(countAll(path), 'E_LEN')
  })

  it('does not count single values and unknown groups', async () => {
    const path = await writeMeasurement({
      fill: async (_h5, events) => {
        const single = events.createDataset('single', {
          datatype: float64Type(),
          shape: [],
          storage: { kind: 'contiguous' },
        })
        await single.write({ bytes: new Uint8Array(8), sequences: [] })
        events.createDataset('nothing', {
          datatype: float64Type(),
          shape: null,
          storage: { kind: 'contiguous' },
        })
        await addScalar(events.requireGroup('plugin'), 'three', [1, 2, 3])
      },
    })
    const measurement = await open(path)
    expect(measurement.eventCount).toBe(10)
    expect(summarise(measurement)).toContainEqual(['nothing', 'other', null])
    expect(summarise(measurement)).toContainEqual(['single', 'other', null])
    expect(summarise(measurement)).toContainEqual(['plugin', 'group', null])
  })

  it('keeps what lies among the traces and is none', async () => {
    const path = await writeMeasurement({
      fill: async (_h5, events) => {
        await addTrace(events, 'trace/fl1_raw')
        await addScalar(events, 'trace/notes/x', [1])
      },
    })
    const measurement = await open(path)
    expect(summarise(measurement)).toContainEqual(['trace', 'trace', 10])
    expect(summarise(measurement)).toContainEqual(['trace/notes', 'group', null])
  })

  it('takes the attribute for the number of events if all features come from basins', async () => {
    const path = await writeFile(async (h5) => {
      h5.root.requireGroup('events')
      h5.root.setAttribute(makeIntegerAttribute('experiment:event count', 25))
      await addBasin(h5.root, 'abc', { type: 'file', format: 'hdf5', paths: ['a.rtdc'] })
    })
    const measurement = await open(path)
    expect(measurement.eventCount).toBe(25)
    expect(measurement.hasBasins).toBe(true)
  })

  it('has 0 events if there is no feature and no basin, whatever the attribute says', async () => {
    const path = await writeFile((h5) => {
      h5.root.requireGroup('events')
      h5.root.setAttribute(makeIntegerAttribute('experiment:event count', 25))
    })
    const measurement = await open(path)
    expect(measurement.eventCount).toBe(0)
    expect(await countAll(path)).toMatchObject({ count: 0, warnings: [{ code: 'W_COUNT' }] })
  })

  it('tells logs, tables, internal basins and other objects apart', async () => {
    const path = await writeMeasurement({
      fill: async (h5) => {
        await addLines(h5.root, 'logs/one', ['first', 'second'])
        await addScalar(h5.root, 'tables/two', [1])
        await addScalar(h5.root, 'basin_events/bg_med', [1])
        await addScalar(h5.root, 'plugin/three', [1])
        await addScalar(h5.root, 'loose', [1])
      },
    })
    await lookInto(path, async (measurement) => {
      expect(measurement.logs.map((log) => log.path)).toEqual(['/logs/one'])
      expect(measurement.tables.map((table) => table.path)).toEqual(['/tables/two'])
      expect(measurement.basinEvents.map((feature) => feature.path)).toEqual(['/basin_events/bg_med'])
      expect(measurement.otherObjects.map((object) => object.path)).toEqual(['/loose', '/plugin'])
      const [log] = measurement.logs
      expect(log && (await measurement.readLines(log))).toEqual(['first', 'second'])
    })
  })
})

describe('links in events', () => {
  it('follows soft links inside the file, names what leads nowhere or in a circle', async () => {
    const path = await writeMeasurement({
      fill: async (h5, events) => {
        await addScalar(h5.root, 'elsewhere/area', Array<number>(10).fill(1))
        events.addSoftLink('area_um', '/elsewhere/area')
        events.addSoftLink('dangling', '/nowhere')
        events.addSoftLink('circle', '/events/circle')
        events.addSoftLink('self', '/events')
      },
    })
    const measurement = await open(path)
    expect(measurement.findFeature('area_um')).toMatchObject({
      kind: 'scalar',
      length: 10,
      path: '/events/area_um',
    })
    expect(measurement.leftOut.map((left) => [left.path, left.warning.code])).toEqual([
      ['/events/circle', 'W_LINK'],
      ['/events/dangling', 'W_LINK'],
      ['/events/self', 'W_LINK'],
    ])
    expect(codes(measurement)).toEqual(['W_LINK', 'W_LINK', 'W_LINK'])
  })
})

describe('damaged objects', () => {
  async function breakHeader(object: string): Promise<string> {
    const path = await writeMeasurement()
    const bytes = await readFile(path)
    const address = await findAddress(path, object)
    bytes[address] = 0
    await writeBytes(path, bytes)
    return path
  }

  it('are named in a warning, refused where they are chosen, and the rest is usable', async () => {
    const path = await breakHeader('/events/image')
    const measurement = await lookInto(path, (opened) => opened)
    expect(measurement.damaged.map((one) => one.path)).toEqual(['/events/image'])
    expect(measurement.warnings).toMatchObject([{ code: 'W_LEFT_OUT', object: '/events/image' }])
    expect(measurement.features.map((feature) => feature.name)).toEqual(['deform', 'index'])
    expect(measurement.eventCount).toBe(10)
    measurement.refuseDamaged((name) => name !== 'image')
    expectError(() => measurement.refuseDamaged((name) => name === 'image'), 'E_META')
  })

  it('stop the opening in any case if the group events is one', async () => {
    const path = await breakHeader('/events')
    const opening = lookInto(path, (opened) => opened)
    expect((await expectRejection(opening, 'E_META')).object).toBe('/events')
  })
})

describe('reading values', () => {
  it('gives the rows of a feature', async () => {
    const path = await writeMeasurement()
    const rows = await lookInto(path, async (measurement) => {
      const feature = measurement.scalarFeatures[1]
      const reader = feature && (await measurement.openReader(feature.datasets[0]))
      return reader?.readRows(3, 6)
    })
    expect([...new Float64Array(rows?.buffer ?? new ArrayBuffer(0))]).toEqual([4, 5, 6])
  })

  it('refuses missing chunks of events, and fills them elsewhere', async () => {
    const spec = {
      datatype: float64Type(),
      shape: [10],
      storage: {
        kind: 'chunked',
        chunkShape: [5],
        filters: [{ id: FILTER.fletcher32, flags: 0, values: [] }],
      },
    } as const
    const path = await writeMeasurement({
      fill: (h5, events) => {
        events.createDataset('area_um', spec)
        h5.root.createDataset('plugin/area', spec)
      },
    })
    await lookInto(path, async (measurement) => {
      const hollow = measurement.findFeature('area_um')
      if (hollow?.kind !== 'scalar') throw new Error('area_um should be a scalar')
      const reader = await measurement.openReader(hollow.datasets[0])
      await expectRejection(reader.readRows(0, 10), 'E_HOLE')
      const beside = await measurement.file.find('/plugin/area')
      if (beside?.kind !== 'dataset') throw new Error('/plugin/area should be a dataset')
      const filled = await (await measurement.openReader(beside)).readRows(0, 10)
      expect(filled).toEqual(new Uint8Array(80))
    })
  })

  it('reads contours in the order of events, one by one', async () => {
    const path = await writeMeasurement({
      events: 11,
      fill: (_h5, events) => addContours(events, [...TEN, '10']),
    })
    await lookInto(path, async (measurement) => {
      const feature = measurement.findFeature('contour') as ContourFeature
      const all: string[] = []
      for await (const dataset of measurement.readContours(feature)) all.push(dataset.path)
      expect(all).toEqual([...TEN, '10'].map((name) => `/events/contour/${name}`))
      const chosen: string[] = []
      for await (const dataset of measurement.readContours(feature, [10, 2, 2])) chosen.push(dataset.path)
      expect(chosen).toEqual(['/events/contour/10', '/events/contour/2', '/events/contour/2'])
      await expectRejection(measurement.readContours(feature, [11]).next(), 'E_RANGE')
    })
  })

  it('warns of contours with names that are no events', async () => {
    const names = [...TEN.slice(0, 9), 'x']
    const path = await writeMeasurement({ fill: (_h5, events) => addContours(events, names) })
    const measurement = await open(path)
    expect(measurement.warnings).toMatchObject([{ code: 'W_CONTOUR', object: '/events/contour/x' }])
  })
})
