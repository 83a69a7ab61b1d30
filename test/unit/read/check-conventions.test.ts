import { describe, expect, it } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import {
  makeFixedTextAttribute,
  makeFloatAttribute,
  makeIntegerAttribute,
  makeTextAttribute,
} from '../../../src-main/hdf5/writing/attributes.ts'
import { booleanType, float64Type, integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import { verifyFile } from '../../../src-main/read/verify-file.ts'
import {
  addBasin,
  addImages,
  addLines,
  addRows,
  addScalar,
  findIn,
  getPool,
  writeMeasurement,
} from './measurement-fixture.ts'
import type { MeasurementPlan } from './measurement-fixture.ts'

type Fill = NonNullable<MeasurementPlan['fill']>

const TEN = Array.from({ length: 10 }, (_, index) => index)

describe('features', () => {
  it.each<[string, Fill, string[]]>([
    [
      'of different length',
      (_h5, events) => addScalar(events, 'area_um', [1, 2]),
      ['violation V_LENGTH /events/area_um'],
    ],
    ['that nobody knows', (_h5, events) => addScalar(events, 'a0', TEN), ['violation V_FEATURE /events/a0']],
    ['with an old name', (_h5, events) => addScalar(events, 'def', TEN), []],
    [
      "of dcnum's queue writer",
      (_h5, events) => addScalar(events, 'index_unmapped', TEN),
      ['violation V_FEATURE /events/index_unmapped'],
    ],
    [
      'that are probabilities',
      (_h5, events) => addScalar(events, 'ml_score_abc', [NaN, 0, 1, ...TEN.slice(3).map((n) => n / 9)]),
      [],
    ],
    [
      'that are no probabilities',
      (_h5, events) => addScalar(events, 'ml_score_abc', [...Array<number>(9).fill(0.5), 1.5]),
      ['violation V_SCORE /events/ml_score_abc'],
    ],
    [
      'that are groups',
      (h5) => {
        for (const name of ['area_um', 'image_bg']) h5.root.requireGroup(`events/${name}`)
      },
      ['violation V_SHAPE /events/area_um', 'violation V_SHAPE /events/image_bg'],
    ],
    [
      'that should be groups',
      (_h5, events) => addScalar(events, 'contour', TEN),
      ['violation V_SHAPE /events/contour'],
    ],
    [
      'without a contour',
      (h5) => h5.root.requireGroup('events/contour'),
      ['violation V_LENGTH /events/contour'],
    ],
    [
      'of the wrong shape',
      (_h5, events) =>
        addRows(events, 'area_um', { type: float64Type(), shape: [10, 2], bytes: new Uint8Array(160) }),
      ['violation V_SHAPE /events/area_um'],
    ],
    [
      'of booleans instead of bytes',
      (_h5, events) =>
        addRows(events, 'image_bg', { type: booleanType(), shape: [10, 3, 4], bytes: new Uint8Array(120) }),
      ['alert A_DTYPE /events/image_bg', ...Array<string>(3).fill('alert A_IMAGE /events/image_bg')],
    ],
    ['of masks with 0 and 255', (_h5, events) => addImages(events, 'mask', { events: 10, value: 255 }), []],
    [
      'of masks with 0 and 1',
      (_h5, events) => addImages(events, 'mask', { events: 10, value: 1 }),
      ['alert A_MASK /events/mask'],
    ],
    [
      'never filled',
      (_h5, events) => addImages(events, 'mask', { events: 0, value: 1 }),
      ['violation V_LENGTH /events/mask'],
    ],
    [
      'of no temperature',
      async (_h5, events) => {
        await addScalar(events, 'temp', Array<number>(10).fill(0))
      },
      ['violation V_TEMPERATURE /events/temp', 'alert A_MISSING /'],
    ],
    [
      'with a statistic that is wrong',
      async (_h5, events) => {
        const area = await addScalar(events, 'area_um', [NaN, ...TEN.slice(1)])
        area.setAttribute(makeFloatAttribute('min', 1))
        area.setAttribute(makeFloatAttribute('max', 9))
        area.setAttribute(makeFloatAttribute('mean', 4.5))
      },
      ['alert A_STATISTICS /events/area_um'],
    ],
    [
      'among the traces that are none',
      (_h5, events) => addScalar(events, 'trace/notes/x', [1]),
      ['violation V_SHAPE /events/trace/notes'],
    ],
    [
      'with a trace of another name',
      (_h5, events) =>
        addRows(events, 'trace/fl1', {
          type: integerType(2, true),
          shape: [10, 5],
          bytes: new Uint8Array(100),
        }),
      ['alert A_TRACE /events/trace/fl1'],
    ],
  ])('%s', async (_what, fill, expected) => {
    expect(await findIn({ fill })).toEqual(expected)
  })

  it('count events from 1 on in index', async () => {
    const plan: MeasurementPlan = {
      fill: async (_h5, events) => {
        events.removeChild('index')
        await addScalar(events, 'index', [1, 2, 3, 4, 5, 7, 7, 8, 9, 10])
      },
    }
    expect(await findIn(plan)).toEqual(['violation V_INDEX /events/index'])
    const { findings } = await verifyFile(await writeMeasurement(plan), { disk: nodeDisk, pool: getPool() })
    expect(findings[0]?.message).toContain('holds 7 for event 6')
  })

  it('say that images are images, in text of fixed length', async () => {
    const found = await findIn({
      fill: async (_h5, events) => {
        const image = await addImages(events, 'image_bg', { events: 10, value: 1 })
        image.setAttribute(makeTextAttribute('CLASS', 'IMAGE'))
        image.setAttribute(makeFixedTextAttribute('IMAGE_VERSION', '1.3'))
      },
    })
    expect(found).toEqual(['alert A_IMAGE /events/image_bg', 'alert A_IMAGE /events/image_bg'])
  })

  it('are missed in a file of 0 events', async () => {
    expect(await findIn({ events: 0 })).toEqual(['alert A_NO_EVENTS /events'])
  })
})

describe('fluorescence', () => {
  const attributes = [
    ...['bit depth', 'channels installed', 'lasers installed', 'sample rate', 'trace median'].map((key) =>
      makeIntegerAttribute(`fluorescence:${key}`, 3),
    ),
    makeIntegerAttribute('fluorescence:channel count', 1),
    makeIntegerAttribute('fluorescence:laser count', 1),
    makeIntegerAttribute('fluorescence:samples per event', 5),
    makeFloatAttribute('fluorescence:signal max', 1),
    makeFloatAttribute('fluorescence:signal min', -1),
    makeTextAttribute('fluorescence:channel 2 name', '593/46'),
    makeFloatAttribute('fluorescence:laser 1 lambda', 488),
    makeFloatAttribute('fluorescence:laser 1 power', 8),
    makeFloatAttribute('fluorescence:laser 3 lambda', 640),
    makeFloatAttribute('fluorescence:laser 3 power', 0),
  ]
  const fill: Fill = async (_h5, events) => {
    await addScalar(events, 'fl2_max', Array<number>(10).fill(100))
    await addRows(events, 'trace/fl2_raw', {
      type: integerType(2, true),
      shape: [10, 5],
      bytes: new Uint8Array(100),
    })
  }

  it.each([
    ['is sound', [], []],
    [
      'has a wrong channel count',
      [makeIntegerAttribute('fluorescence:channel count', 2)],
      ['violation V_CHANNELS /'],
    ],
    [
      'has a wrong laser count',
      [makeIntegerAttribute('fluorescence:laser count', 2)],
      ['violation V_LASERS /'],
    ],
    [
      'has a name for a channel without peaks',
      [makeTextAttribute('fluorescence:channel 1 name', 'x')],
      ['alert A_CHANNEL /'],
    ],
    [
      'has traces of another length',
      [makeIntegerAttribute('fluorescence:samples per event', 6)],
      ['violation V_SAMPLES /events/trace/fl2_raw'],
    ],
  ])('%s', async (_what, changed, expected) => {
    expect(await findIn({ attributes: [...attributes, ...changed], fill })).toEqual(expected)
  })

  it('lacks a name of a channel', async () => {
    const found = await findIn({ attributes, fill, without: ['fluorescence:channel 2 name'] })
    expect(found).toEqual(['violation V_CHANNELS /', 'alert A_MISSING /'])
  })

  it('lacks all ten attributes that it needs', async () => {
    const found = await findIn({ fill })
    expect(found.filter((finding) => finding === 'violation V_MISSING /')).toHaveLength(10)
  })

  it('needs none of them without peaks', async () => {
    expect(await findIn({ attributes: [makeIntegerAttribute('fluorescence:channel count', 2)] })).toEqual([])
  })

  it('has peaks that are none', async () => {
    const found = await findIn({
      attributes,
      fill: async (h5, events) => {
        await fill(h5, events)
        await addScalar(events, 'fl2_max_ctc', [-1, ...TEN.slice(1)])
      },
    })
    expect(found).toEqual(['alert A_PEAK /events/fl2_max_ctc'])
  })
})

describe('logs', () => {
  it.each([
    { what: 'of 100 bytes a line', name: 'one', line: 'x'.repeat(100), expected: [] },
    { what: 'of more', name: 'one', line: 'x'.repeat(101), expected: ['alert A_LOG /logs/one'] },
    {
      what: 'of fewer letters, but more bytes',
      name: 'one',
      line: 'ä'.repeat(51),
      expected: ['alert A_LOG /logs/one'],
    },
    { what: 'that were files of the camera', name: 'M1_para.ini', line: 'x'.repeat(500), expected: [] },
  ])('$what', async ({ name, line, expected }) => {
    expect(await findIn({ fill: (h5) => addLines(h5.root, `logs/${name}`, ['short', line]) })).toEqual(
      expected,
    )
  })
})

describe('what dclab takes for a log', () => {
  const numbers = { datatype: float64Type(), storage: { kind: 'contiguous' } } as const

  it.each<[string, Fill, string[]]>([
    ['holds numbers', (h5) => addScalar(h5.root, 'logs/x', [1]), ['violation V_LOG /logs/x']],
    [
      'is one value',
      async (h5) => {
        const dataset = h5.root.createDataset('logs/x', { ...numbers, shape: [] })
        await dataset.write({ bytes: new Uint8Array(8), sequences: [] })
      },
      ['violation V_LOG /logs/x'],
    ],
    [
      'is a group that holds something',
      (h5) => addLines(h5.root, 'logs/more/x', ['line']),
      ['violation V_LOG /logs/more'],
    ],
    ['is a dataset for all', (h5) => addLines(h5.root, 'logs', ['line']), ['violation V_LOG /logs']],
  ])('%s', async (_what, fill, expected) => {
    const found = await findIn({ fill })
    expect(found.filter((finding) => !finding.startsWith('hint'))).toEqual(expected)
  })
})

describe('links', () => {
  it.each<[string, Fill, string[]]>([
    ['that lead nowhere', (h5) => h5.root.addSoftLink('gone', '/nowhere'), ['violation V_LINK /gone']],
    ['to the root', (h5) => h5.root.addSoftLink('other/me', '/'), ['violation V_LINK /other/me']],
    [
      'to the group in which they are',
      (h5) => h5.root.addSoftLink('other/me', '/other'),
      ['violation V_LINK /other/me'],
    ],
    [
      'from one group to another and back',
      (h5) => {
        h5.root.addSoftLink('one/other', '/other')
        h5.root.addSoftLink('other/one', '/one')
      },
      ['violation V_LINK /other/one'],
    ],
    ['that are further names', (h5) => h5.root.addSoftLink('other/again', '/events'), []],
  ])('%s', async (_what, fill, expected) => {
    expect(await findIn({ fill })).toEqual(expected)
  })
})

describe('basins', () => {
  const internal = {
    type: 'internal',
    format: 'h5dataset',
    paths: ['basin_events'],
    features: ['bg_med'],
    mapping: 'basinmap0',
  }

  function withInternal(fields: object, rows: readonly number[]): Fill {
    return async (h5, events) => {
      await addScalar(h5.root, 'basin_events/bg_med', [1, 2, 3])
      await addScalar(events, 'basinmap0', rows)
      await addBasin(h5.root, 'abc', { ...internal, ...fields })
    }
  }
  const rows = TEN.map((row) => row % 3)

  it.each<[string, Fill, string[]]>([
    ['that are sound', withInternal({}, rows), []],
    [
      'without their feature',
      withInternal({ features: ['bg_med', 'temp'] }, rows),
      ['violation V_BASIN /basins/abc'],
    ],
    ['without a list of features', withInternal({ features: null }, rows), ['violation V_BASIN /basins/abc']],
    [
      'without their mapping',
      withInternal({ mapping: 'basinmap1' }, rows),
      ['violation V_BASIN /basins/abc'],
    ],
    [
      'with a mapping of no known name',
      withInternal({ mapping: 'other' }, rows),
      ['violation V_BASIN /basins/abc'],
    ],
    ['with rows that they lack', withInternal({}, TEN), ['violation V_BASINMAP /events/basinmap0']],
    [
      'with negative rows',
      withInternal(
        {},
        TEN.map((row) => -row),
      ),
      ['violation V_BASINMAP /events/basinmap0'],
    ],
    ['in another group', withInternal({ paths: ['elsewhere'] }, rows), ['alert A_BASIN /basins/abc']],
    [
      'without their group',
      async (h5, events) => {
        await addScalar(events, 'basinmap0', rows)
        await addBasin(h5.root, 'abc', internal)
      },
      ['violation V_BASIN /basins/abc'],
    ],
    ['that say null for a mapping', withInternal({ mapping: null }, rows), ['violation V_BASIN /basins/abc']],
    ['in no group', withInternal({ paths: [] }, rows), ['violation V_BASIN /basins/abc']],
    ['that perish by a word', withInternal({ perishable: 'soon' }, rows), ['violation V_BASIN /basins/abc']],
    ['in place of the group', (h5) => addLines(h5.root, 'basins', ['{}']), ['violation V_BASIN /basins']],
    [
      'that nobody understands',
      (h5) => addLines(h5.root, 'basins/abc', ['{']),
      ['violation V_BASIN /basins/abc'],
    ],
    [
      'of an unknown type',
      (h5) => addBasin(h5.root, 'abc', { type: 'tape', format: 'reel' }),
      ['alert A_BASIN /basins/abc'],
    ],
    [
      'whose file is not here',
      (h5) => addBasin(h5.root, 'abc', { type: 'file', format: 'hdf5', paths: ['gone.rtdc'] }),
      ['hint H_BASIN /basins/abc'],
    ],
    [
      'that name no file',
      (h5) => addBasin(h5.root, 'abc', { type: 'file', format: 'hdf5', paths: [] }),
      ['alert A_BASIN /basins/abc'],
    ],
    [
      'in the net, which are not asked for',
      (h5) => addBasin(h5.root, 'abc', { type: 'remote', format: 'http', urls: ['https://host'] }),
      [],
    ],
  ])('%s', async (_what, fill, expected) => {
    expect(await findIn({ fill })).toEqual(expected)
  })
})
