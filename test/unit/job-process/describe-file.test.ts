import { stat } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { Attribute, RawData } from '../../../src-main/hdf5/model.ts'
import {
  makeFloatAttribute,
  makeIntegerAttribute,
  makeTextAttribute,
  slotOf,
} from '../../../src-main/hdf5/writing/attributes.ts'
import {
  float32Type,
  float64Type,
  integerType,
  variableStringType,
} from '../../../src-main/hdf5/writing/datatypes.ts'
import { describeFile } from '../../../src-main/job-process/describe-file.ts'
import { readLog } from '../../../src-main/job-process/read-log.ts'
import { fileViewSchema, type FileView } from '../../../src-main/jobs/file-view.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import {
  addLines,
  addRows,
  addScalar,
  writeFile,
  writeMeasurement,
  type MeasurementPlan,
} from '../read/measurement-fixture.ts'

async function view(plan: MeasurementPlan): Promise<FileView> {
  const path = await writeMeasurement(plan)
  return fileViewSchema.parse(await describeFile(nodeDisk, path, []))
}

function makeArray(name: string, shape: readonly number[], values: readonly number[]): Attribute {
  const bytes = new Uint8Array(Float64Array.from(values).buffer)
  return {
    name,
    datatype: float64Type(),
    dataspace: { kind: 'simple', shape, maxShape: shape },
    data: { bytes, sequences: [] },
  }
}

function textOf({ attributes }: FileView, name: string): string | undefined {
  return attributes.find((attribute) => attribute.name === name)?.text
}

describe('describing a file for the window', () => {
  it('names each feature and what a job calls it', async () => {
    const described = await view({
      fill: async (_h5, events) => {
        const trace = { type: integerType(2, true), shape: [10, 5], bytes: new Uint8Array(100) }
        await addRows(events, 'trace/fl1_raw', trace)
        await addRows(events, 'trace/fl1_median', trace)
        for (let index = 0; index < 10; index++) {
          const contour = { type: integerType(4, true), shape: [2, 2], bytes: new Uint8Array(16) }
          await addRows(events.requireGroup('contour'), String(index), contour)
        }
        await addScalar(
          events,
          'basinmap0',
          Array.from({ length: 10 }, () => 0),
        )
      },
    })
    const filters = 'zstd 5, fletcher32'
    const common = { filters, storedBytes: expect.any(Number) as number }
    expect(described.features).toEqual([
      {
        ...common,
        name: 'contour',
        choice: 'contour',
        isScalar: false,
        shape: [10],
        dtype: '<i4',
        rawBytes: null,
      },
      {
        ...common,
        name: 'deform',
        choice: 'deform',
        isScalar: true,
        shape: [10],
        dtype: '<f8',
        rawBytes: 80,
      },
      {
        ...common,
        name: 'image',
        choice: 'image',
        isScalar: false,
        shape: [10, 3, 4],
        dtype: '|u1',
        rawBytes: 120,
      },
      { ...common, name: 'index', choice: 'index', isScalar: true, shape: [10], dtype: '<f8', rawBytes: 80 },
      {
        ...common,
        name: 'trace/fl1_median',
        choice: 'trace',
        isScalar: false,
        shape: [10, 5],
        dtype: '<i2',
        rawBytes: 100,
      },
      {
        ...common,
        name: 'trace/fl1_raw',
        choice: 'trace',
        isScalar: false,
        shape: [10, 5],
        dtype: '<i2',
        rawBytes: 100,
      },
    ])
    expect(described).toMatchObject({ bytes: (await stat(described.path)).size, events: 10, warnings: [] })
  })

  it('shows attributes as people read them', async () => {
    const corners = makeArray('online_filter:a,b polygon points', [2, 2], [1, 2.5, 3, 4])
    const described = await view({
      attributes: [
        corners,
        makeIntegerAttribute('user:large', 2n ** 62n),
        makeFloatAttribute('user:nan', NaN),
        makeTextAttribute('user:empty', ''),
        makeArray('user:single', [1], [7]),
        {
          ...makeFloatAttribute('user:short', 0),
          datatype: float32Type(),
          data: { bytes: new Uint8Array(Float32Array.of(0.34).buffer), sequences: [] },
        },
      ],
    })
    expect(textOf(described, 'imaging:pixel size')).toBe('0.34')
    expect(textOf(described, 'experiment:event count')).toBe('10')
    expect(textOf(described, 'experiment:sample')).toBe('beads')
    expect(textOf(described, corners.name)).toBe('[[1, 2.5], [3, 4]]')
    expect(textOf(described, 'user:large')).toBe('4611686018427387904')
    expect(textOf(described, 'user:nan')).toBe('NaN')
    expect(textOf(described, 'user:empty')).toBe('')
    expect(textOf(described, 'user:single')).toBe('7')
    expect(textOf(described, 'user:short')).toBe('0.34')
  })

  it('describes tables with their attributes, and groups that the format does not know', async () => {
    const described = await view({
      fill: async (h5) => {
        const type = {
          class: 'compound',
          size: 8,
          members: [{ name: 'speed', offset: 0, type: float64Type() }],
        } as const
        const tables = h5.root.requireGroup('tables')
        const table = await addRows(tables, 'two', { type, shape: [3], bytes: new Uint8Array(24) })
        table.setAttribute(makeTextAttribute('COLOR_shift', 'red'))
        h5.root.requireGroup('plugin')
      },
    })
    expect(described.tables).toEqual([
      { name: 'two', shape: [3], columns: ['speed'], attributes: [{ name: 'COLOR_shift', text: 'red' }] },
    ])
    expect(described.otherGroups).toEqual(['plugin'])
  })

  it('makes names and texts harmless, but not the name by which a feature is chosen', async () => {
    const name = 'userdef\u202e1\u0007'
    const described = await view({
      attributes: [makeTextAttribute('user:note', 'one\ntwo\u0007\u202ethree<img src=x>')],
      fill: (_h5, events) =>
        addScalar(
          events,
          name,
          Array.from({ length: 10 }, () => 1),
        ),
    })
    const feature = described.features.find(({ choice }) => choice === name)
    expect(feature?.name).toBe('userdef\\u202e1\\u0007')
    expect(textOf(described, 'user:note')).toBe('one\ntwo\\u0007\\u202ethree<img src=x>')
  })

  it('cuts what is too long, and says so', async () => {
    const described = await view({
      attributes: [
        makeTextAttribute('user:long', 'x'.repeat(50_000)),
        makeArray('user:array', [600, 3], new Array<number>(1800).fill(2)),
        ...Array.from({ length: 10_100 }, (_, number) => makeIntegerAttribute(`user:${number}`, number)),
      ],
    })
    expect(textOf(described, 'user:long')).toBe(`${'x'.repeat(9_999)}…`)
    expect(textOf(described, 'user:array')).toBe(`[${'2, '.repeat(1000)}…] (600 × 3)`)
    expect(described.attributes).toHaveLength(10_000)
    expect(described.warnings).toMatchObject([{ code: 'W_SHOWN' }])
  })

  it('shows no more than 8 million characters in all, and something of each text', async () => {
    const long = 'x'.repeat(10_000)
    const described = await view({
      attributes: Array.from({ length: 1000 }, (_, number) => makeTextAttribute(`user:${number}`, long)),
    })
    const characters = described.attributes.reduce((sum, { text }) => sum + text.length, 0)
    expect(characters).toBeLessThan(8_300_000)
    expect(textOf(described, 'user:999')?.length).toBe(1000)
  })

  it('refuses what is no measurement', async () => {
    const path = await writeFile(() => undefined)
    await expectRejection(describeFile(nodeDisk, path, []), 'E_NOT_RTDC')
    await expectRejection(describeFile(nodeDisk, `${path}\0`, []), 'E_NAME')
  })
})

/** Lines in a heap, as h5py stores them where nothing else is said. */
function makeVariableLines(lines: readonly string[]): RawData {
  const sequences = lines.map((line) => new TextEncoder().encode(line))
  return { bytes: Buffer.concat(sequences.map(({ length }, index) => slotOf(length, index))), sequences }
}

describe('reading a log for the window', () => {
  it('gives the first 5,000 lines and says how many there are', async () => {
    const lines = Array.from({ length: 5_100 }, (_, number) => `line ${number}`)
    const path = await writeMeasurement({ fill: (h5) => addLines(h5.root, 'logs/long', lines) })
    const log = await readLog(nodeDisk, path, 'long')
    expect(log).toEqual({ lines: lines.slice(0, 5_000), lineCount: 5_100, isCut: true })
  })

  it('cuts lines that are too long and makes them harmless', async () => {
    const line = `\u001b[31mred${'x'.repeat(20_000)}`
    const path = await writeMeasurement({ fill: (h5) => addLines(h5.root, 'logs/wide', [line, 'end']) })
    const { lines, isCut } = await readLog(nodeDisk, path, 'wide')
    expect(lines[0]).toMatch(/^\\u001b\[31mredx+…$/)
    expect(lines[0]).toHaveLength(10_005)
    expect([lines[1], isCut]).toEqual(['end', true])
  })

  it('reads lines of variable length', async () => {
    const path = await writeMeasurement({
      fill: async (h5) => {
        const logs = h5.root.requireGroup('logs')
        const dataset = logs.createDataset('variable', {
          datatype: variableStringType(),
          shape: [2],
          storage: { kind: 'contiguous' },
        })
        await dataset.write(makeVariableLines(['first', 'größer']))
      },
    })
    expect((await readLog(nodeDisk, path, 'variable')).lines).toEqual(['first', 'größer'])
  })

  it('finds a log by the name under which it is shown', async () => {
    const name = 'odd\u202ename'
    const path = await writeMeasurement({
      fill: (h5) => addLines(h5.root.requireGroup('logs'), name, ['text']),
    })
    const [shown] = (await describeFile(nodeDisk, path, [])).logs
    expect(shown?.name).toBe('odd\\u202ename')
    expect((await readLog(nodeDisk, path, shown!.name)).lines).toEqual(['text'])
  })

  it('refuses a log that is not there and one that holds no text', async () => {
    const path = await writeMeasurement({
      fill: (h5) => addScalar(h5.root.requireGroup('logs'), 'numbers', [1]),
    })
    await expectRejection(readLog(nodeDisk, path, 'none'), 'E_MISSING')
    await expectRejection(readLog(nodeDisk, path, 'numbers'), 'E_TYPE')
  })
})
