import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import { appendSelectionToIdentifier } from '../../../src-main/read/identifier.ts'
import type { Measurement } from '../../../src-main/read/measurement.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { fileBasin, internalBasin, writeReferrer } from '../read/basin-fixture.ts'
import { addRows, getPool, lookInto, writeMeasurement } from '../read/measurement-fixture.ts'
import { codes, FILL, range, refuse, run } from './basin-jobs.ts'
import { makeBasinFile, makeContext, record } from './job-fixture.ts'

const CUT = { lengths: 'cut' } as const
/** Six rows of scalars, four of a trace, five contours; `frame` is 11, 12 ... */
const writeTorn = (): Promise<string> =>
  writeReferrer({
    features: { deform: [0, 1, 2, 3, 4, 5], frame: [11, 12, 13, 14, 15, 16], index: [1, 2, 3, 4, 5, 6] },
    fill: async (_h5, events) => {
      const samples = {
        type: integerType(1, false),
        shape: [4, 2],
        bytes: Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7]),
      }
      await addRows(events.requireGroup('trace'), 'fl1_raw', samples)
      for (let place = 0; place < 5; place++) {
        const points = { type: integerType(1, false), shape: [1, 2], bytes: Uint8Array.of(place, place) }
        await addRows(events.requireGroup('contour'), String(place), points)
      }
    },
  })
const countFeature = (measurement: Measurement, name: string): number | null | undefined =>
  measurement.findFeature(name)?.length
const identifyFirst = (count: number): string => appendSelectionToIdentifier('run-1', Array(count).keys())

describe('features of different lengths', () => {
  test('are refused where they are chosen, with what to do, and not looked at where they are not', async () => {
    const input = await writeTorn()
    const error = await refuse(input, {}, 'E_LEN')
    expect(error.message).toMatch(/--lengths cut.*--features/)
    const { features, warnings } = await run(input, { features: 'scalar' })
    expect(features['deform']).toEqual([0, 1, 2, 3, 4, 5])
    expect(warnings).toEqual([])
  })

  test('are cut to the rows that all of them have, which is another measurement', async () => {
    const input = await writeTorn()
    const cut = await run(input, { ...CUT, verify: 'independent' })
    expect(cut.features).toEqual({ deform: [0, 1, 2, 3], frame: [11, 12, 13, 14], index: [1, 2, 3, 4] })
    expect(codes(cut)).toEqual(['W_CUT'])
    expect(cut.warnings[0]?.message).toContain('1 of contour, 2 of deform, 2 of frame, 2 of index')
    await lookInto(cut.output, (measurement) => {
      expect(measurement.identifier).toBe(identifyFirst(4))
      expect(measurement.readAttribute('experiment:event count')).toBe(4)
      expect([countFeature(measurement, 'trace'), countFeature(measurement, 'contour')]).toEqual([4, 4])
    })
  })

  test('stay whole where none of them has more than the others', async () => {
    const input = await writeReferrer()
    const { output, warnings } = await run(input, CUT)
    expect(warnings).toEqual([])
    await lookInto(output, ({ identifier }) => {
      expect(identifier).toBe('run-1')
    })
  })

  test('give events out of the rows that all have', async () => {
    const input = await writeTorn()
    const last = await run(input, { ...CUT, ...range(2, null) })
    expect(last.features['frame']).toEqual([13, 14])
    const file = join(dirname(input), 'list.txt')
    await writeFile(file, '3\n0\n')
    const listed = await run(input, { ...CUT, events: { kind: 'indices', file }, overwrite: true })
    expect(listed.features['frame']).toEqual([14, 11])
    await writeFile(file, '1\n4\n')
    const beyond = run(input, { ...CUT, events: { kind: 'indices', file }, overwrite: true })
    expect((await expectRejection(beyond, 'E_RANGE')).message).toContain('line 2')
  })

  test('are recorded up to where all have rows', async () => {
    const input = await writeTorn()
    const output = join(dirname(input), 'out.rtdc')
    const source = { kind: 'replay', file: input } as const
    await expectRejection(record({ output, source }, makeContext(getPool())), 'E_LEN')
    const { events, warnings } = await record(
      { output, source: { ...source, ...CUT } },
      makeContext(getPool()),
    )
    expect(events).toBe(4)
    expect(warnings.map(({ code }) => code)).toContain('W_CUT')
    await lookInto(output, (measurement) => {
      expect(measurement.identifier).toBe(identifyFirst(4))
      expect(countFeature(measurement, 'deform')).toBe(4)
      expect(countFeature(measurement, 'contour')).toBe(4)
    })
  })

  test('are no obstacle to events that all features have', async () => {
    const input = await writeTorn()
    const folder = dirname(input)
    await writeFile(join(folder, 'rows.txt'), '3\n0\n3\n')
    await writeFile(join(folder, 'beyond.txt'), '3\n4\n')
    const first = await run(
      input,
      { events: { kind: 'range', start: 0, stop: 4, step: 1 } },
      join(folder, 'a.rtdc'),
    )
    expect(first.features['frame']).toEqual([11, 12, 13, 14])
    const listed = { kind: 'indices', file: join(folder, 'rows.txt') } as const
    expect((await run(input, { events: listed }, join(folder, 'b.rtdc'))).features['frame']).toEqual([
      14, 11, 14,
    ])
    await refuse(input, { events: { kind: 'range', start: 0, stop: 5, step: 1 } }, 'E_LEN')
    await refuse(input, { events: { kind: 'range', start: 0, stop: null, step: 1 } }, 'E_LEN')
    await refuse(input, { events: { kind: 'indices', file: join(folder, 'beyond.txt') } }, 'E_LEN')
  })

  test('become a mapping to the common rows in a basin file', async () => {
    const input = await writeTorn()
    const output = join(dirname(input), 'out.rtdc')
    const made = await makeBasinFile({ output, sources: [[input]] }, makeContext(getPool()))
    expect(made.events).toBe(4)
    expect(made.warnings.map(({ code }) => code)).toContain('W_CUT')
    const filled = await run(output, FILL, join(dirname(input), 'filled.rtdc'))
    expect(filled.features['frame']).toEqual([11, 12, 13, 14])
  })

  test('of two basins become the rows that both have', async () => {
    const long = await writeReferrer({ features: { deform: [0, 1, 2, 3, 4] } })
    const short = await writeReferrer({ features: { area_um: [7, 8, 9] } })
    const output = join(dirname(long), 'out.rtdc')
    const made = await makeBasinFile({ output, sources: [[long], [short]], ...CUT }, makeContext(getPool()))
    expect(made.warnings).toMatchObject([{ code: 'W_CUT', path: short }])
    const filled = await run(output, FILL, join(dirname(long), 'filled.rtdc'))
    expect(filled.features).toEqual({ area_um: [7, 8, 9], deform: [0, 1, 2] })
  })
})

describe('basins of features of different lengths', () => {
  test('keep their rows: mappings are cut, and internal data without one get one', async () => {
    const input = await writeReferrer({
      features: { time: [0, 1, 2, 3], deform: [5, 6, 7] },
      mappings: { basinmap0: [1, 0, 1, 0] },
      internal: { bg_med: [70, 80], userdef1: [1, 2, 3, 4] },
      basins: { a: internalBasin(['bg_med'], { mapping: 'basinmap0' }), b: internalBasin(['userdef1']) },
    })
    const kept = await run(input, CUT)
    expect(kept.features).toMatchObject({ time: [0, 1, 2], basinmap0: [1, 0, 1], basinmap1: [0, 1, 2] })
    const filled = await run(kept.output, FILL, join(dirname(input), 'filled.rtdc'))
    expect(filled.features).toEqual({
      ...{ time: [0, 1, 2], deform: [5, 6, 7], bg_med: [80, 70, 80], userdef1: [1, 2, 3] },
    })
  })

  test('count as chosen where their mapping is needed', async () => {
    const input = await writeReferrer({
      features: { time: [0, 1, 2, 3] },
      mappings: { basinmap0: [1, 0] },
      internal: { bg_med: [70, 80] },
      basins: { a: internalBasin(['bg_med'], { mapping: 'basinmap0' }) },
    })
    expect((await refuse(input, { features: ['time'] }, 'E_LEN')).message).toContain('--basins drop')
    const dropped = await run(input, { basins: 'drop' })
    expect(dropped.features).toEqual({ time: [0, 1, 2, 3] })
    const cut = await run(input, { ...FILL, ...CUT, overwrite: true })
    expect(cut.features).toEqual({ time: [0, 1], bg_med: [80, 70] })
  })

  test('that should hold the same events are filled in as far as they go', async () => {
    const basin = await writeReferrer({ features: { deform: [5, 6, 7] } })
    const longer = await writeReferrer({ features: { area_um: [1, 2, 3, 4, 5] } })
    const input = await writeReferrer({ basins: { a: fileBasin(basin), b: fileBasin(longer) } })
    await refuse(input, FILL, 'E_BASIN')
    const cut = await run(input, { ...FILL, ...CUT })
    expect(cut.features).toEqual({ area_um: [1, 2, 3], deform: [5, 6, 7], time: [0, 1, 2] })
    expect(cut.warnings).toMatchObject([{ code: 'W_CUT', path: basin, object: '/events/deform' }])
  })
})

test('statistics are computed anew where rows are cut, and stay where they are not', async () => {
  const input = await writeMeasurement({
    events: 3,
    fill: async (_h5, events) => {
      const scalar = { type: integerType(1, false), shape: [5], bytes: Uint8Array.from([1, 2, 3, 4, 9]) }
      const dataset = await addRows(events, 'userdef1', scalar)
      dataset.setAttribute({
        name: 'max',
        datatype: integerType(1, false),
        dataspace: { kind: 'scalar' },
        data: { bytes: Uint8Array.of(9), sequences: [] },
      })
    },
  })
  const { output } = await run(input, CUT)
  await lookInto(output, (measurement) => {
    const feature = measurement.findFeature('userdef1')
    const dataset = feature?.kind === 'scalar' ? feature.datasets[0] : undefined
    expect(dataset?.attributes.map(({ name, data }) => [name, data.bytes[0]])).toEqual([['max', 3]])
  })
})
