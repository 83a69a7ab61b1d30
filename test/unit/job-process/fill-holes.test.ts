import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Warning } from '../../../src-main/errors.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { DatasetReader } from '../../../src-main/hdf5/reading/dataset-reader.ts'
import { FileReader } from '../../../src-main/hdf5/reading/file-reader.ts'
import { float64Type, integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import type { GroupWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import type { Measurement } from '../../../src-main/read/measurement.ts'
import { readNumbers } from '../../../src-main/read/read-numbers.ts'
import { reportFilled } from '../../../src-main/write/report-filled.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { fileBasin, writeReferrer } from '../read/basin-fixture.ts'
import { addRows, addScalar, getPool, lookInto, writeMeasurement } from '../read/measurement-fixture.ts'
import { FILL, range, refuse, run } from './basin-jobs.ts'
import { makeContext, record } from './job-fixture.ts'

const HOLES = { holes: 'fill' } as const
const EVENTS = 8

/** Eight numbers in chunks of two, the first four of which are 0, 1, 2, 3 and the others were never written. */
async function addHalf(group: GroupWriter, name: string, fill?: number): Promise<void> {
  const bytes = (numbers: readonly number[]): Uint8Array<ArrayBuffer> =>
    new Uint8Array(Float64Array.from(numbers).buffer)
  const made = group.createDataset(name, {
    ...{ datatype: float64Type(), shape: [EVENTS], maxShape: [null] },
    storage: { kind: 'chunked', chunkShape: [2], filters: [] },
    ...(fill !== undefined && { fillValue: bytes([fill]) }),
  })
  for (const place of [0, 1]) {
    const stored = { bytes: bytes([2 * place, 2 * place + 1]), filterMask: 0, isOdd: false }
    await made.keepChunk(place, { ...stored, explain: (error) => error })
  }
}

const writeHollow = (): Promise<string> =>
  writeMeasurement({
    events: EVENTS,
    fill: async (h5, events) => {
      await addHalf(events, 'bright_avg', Number.NaN)
      await addHalf(events, 'bright_sd')
      const contour = events.requireGroup('contour')
      const points = { type: integerType(4, true), shape: [1, 2], bytes: new Uint8Array(8).fill(7) }
      for (let place = 0; place < EVENTS; place++)
        if (place < 2 || place > 3) await addRows(contour, String(place), points)
      const storage = { kind: 'chunked', chunkShape: [1, 2], filters: [] } as const
      const fillValue = Uint8Array.of(9, 0, 0, 0)
      for (const name of ['2', '3'])
        contour.createDataset(name, { datatype: integerType(4, true), shape: [1, 2], storage, fillValue })
      for (const group of ['logs', 'tables', 'plugin']) await addHalf(h5.root.requireGroup(group), 'half', -1)
    },
  })

const BESIDE = ['/logs/half', '/tables/half', '/plugin/half']
const FILLED = ['/events/bright_avg', '/events/bright_sd', '/events/contour', ...BESIDE]
const isFilled = ({ code, message }: Warning): boolean =>
  code === 'W_HOLE' && message.includes('never written to the file; the output has')
const listFilled = (warnings: readonly Warning[]): unknown[] =>
  warnings.filter(isFilled).map(({ object }) => object)

async function readAt(measurement: Measurement, path: string): Promise<number[]> {
  const dataset = await measurement.file.find(path)
  if (dataset?.kind !== 'dataset') throw new Error(`${path} is missing`)
  const reader = await DatasetReader.open(measurement.file, dataset, {
    ...{ pool: getPool(), missingChunks: 'refuse' },
  })
  return [...(readNumbers(dataset.datatype, await reader.readRows(0, reader.rowCount)) ?? [])]
}

async function expectFilled(output: string): Promise<void> {
  const first = [0, 1, 2, 3]
  await lookInto(output, async (measurement) => {
    expect(await readAt(measurement, '/events/bright_avg')).toEqual([...first, NaN, NaN, NaN, NaN])
    expect(await readAt(measurement, '/events/bright_sd')).toEqual([...first, 0, 0, 0, 0])
    expect(await readAt(measurement, '/events/contour/1')).toEqual([0x07070707, 0x07070707])
    for (const name of ['2', '3'])
      expect(await readAt(measurement, `/events/contour/${name}`)).toEqual([9, 9])
    for (const path of BESIDE) expect(await readAt(measurement, path)).toEqual([...first, -1, -1, -1, -1])
  })
}

describe('with --holes fill', () => {
  test('fill values stand where nothing was written, and each object that has some is named', async () => {
    const { output, warnings } = await run(await writeHollow(), HOLES)
    await expectFilled(output)
    expect(listFilled(warnings).toSorted()).toEqual(FILLED.toSorted())
    const said = (object: string): string =>
      warnings.find((warning) => warning.object === object)?.message ?? ''
    expect(said('/events/bright_avg')).toContain('(NaN)')
    expect(said('/events/bright_sd')).toContain('(the default, 0)')
    expect(said('/events/contour')).toContain('2 contours')
  })

  test('a recording has them too', async () => {
    const input = await writeHollow()
    const output = join(dirname(input), 'out.rtdc')
    const source = { kind: 'replay', file: input, ...HOLES } as const
    const { warnings } = await record({ output, source }, makeContext(getPool()))
    await expectFilled(output)
    expect(listFilled(warnings).toSorted()).toEqual(FILLED.toSorted())
  })

  test('only what the selected events need is filled and named', async () => {
    const input = await writeHollow()
    const whole = await run(input, { ...HOLES, ...range(0, 2), metadata: NOTHING_BESIDE })
    expect(listFilled(whole.warnings)).toEqual(['/plugin/half'])
    const some = await run(
      input,
      { ...HOLES, ...range(3, 5), features: ['bright_avg'] },
      `${input}.some.rtdc`,
    )
    expect(some.features['bright_avg']).toEqual([3, NaN])
  })

  test('features of basins are filled, mappings never', async () => {
    const basin = await writeReferrer({
      features: { area_um: [0, 1, 2, 3, 4, 5, 6, 7] },
      fill: (_h5, events) => addHalf(events, 'time', 5),
    })
    const referrer = await writeReferrer({
      features: { deform: [0, 1, 2, 3, 4, 5, 6, 7] },
      basins: { b: fileBasin(basin) },
    })
    await refuse(referrer, FILL, 'E_HOLE')
    const { features, warnings } = await run(referrer, { ...FILL, ...HOLES })
    expect(features['time']).toEqual([0, 1, 2, 3, 5, 5, 5, 5])
    expect(warnings.filter(isFilled)).toMatchObject([{ path: basin, object: '/events/time' }])
    const mapped = await writeReferrer({
      features: { deform: [0, 1, 2, 3, 4, 5, 6, 7] },
      basins: { b: fileBasin(basin, { mapping: 'basinmap0' }) },
      fill: (_h5, events) => addHalf(events, 'basinmap0'),
    })
    const { message } = await refuse(mapped, HOLES, 'E_HOLE')
    expect(message).toContain('--basins drop')
    expect(message).not.toContain('--holes')
  })
})

describe('without', () => {
  test('a feature that is chosen is refused before anything is written, and the ways out are named', async () => {
    const input = await writeHollow()
    for (const settings of [{}, range(3, null), range(0, null, 5)]) {
      const { message, object } = await refuse(input, settings, 'E_HOLE')
      expect(object).toBe('/events/bright_avg')
      expect(message).toMatch(/--holes fill.*leave bright_avg out.*--features/)
    }
  })

  test('events that are all there are taken, and a feature that is left out does not matter', async () => {
    const input = await writeHollow()
    const { features } = await run(input, { ...range(0, 4, 3), features: ['bright_avg'] })
    expect(features).toEqual({ bright_avg: [0, 3] })
    expect(
      (await run(input, { features: ['deform'] }, `${input}.deform.rtdc`)).features['deform'],
    ).toHaveLength(EVENTS)
  })

  test('a replay is refused with the feature, before anything is written', async () => {
    const input = await writeHollow()
    const output = join(dirname(input), 'out.rtdc')
    const source = { kind: 'replay', file: input } as const
    const error = await expectRejection(record({ output, source }, makeContext(getPool())), 'E_HOLE')
    expect(error).toMatchObject({ path: input, object: '/events/bright_avg' })
    expect(error.message).toContain('--holes fill')
    expect(await nodeDisk.lookAt(output)).toBeUndefined()
  })
})

const NOTHING_BESIDE = { attributes: true, logs: false, tables: false } as const

test('where HDF5 shows no fill value, zeros are read and said', async () => {
  const input = await writeMeasurement({
    events: EVENTS,
    fill: async (h5) => {
      await addScalar(h5.root, 'whole', [1])
      await addHalf(h5.root, 'half', 5)
    },
  })
  const file = await FileReader.open(nodeDisk, input)
  const dataset = await file.find('/half')
  if (dataset?.kind !== 'dataset') throw new Error('no dataset')
  const reader = await DatasetReader.open(file, { ...dataset, hasNoFill: true }, { pool: getPool() })
  const values = readNumbers(dataset.datatype, await reader.readRows(0, EVENTS))
  expect([...(values ?? [])]).toEqual([0, 1, 2, 3, 0, 0, 0, 0])
  const warnings: Warning[] = []
  reportFilled(file, { reportWarning: (warning) => warnings.push(warning) })
  reportFilled(file, { reportWarning: (warning) => warnings.push(warning) })
  expect(warnings).toMatchObject([{ code: 'W_HOLE', path: input, object: '/half' }])
  expect(warnings[0]?.message).toContain('zeros, because the file defines no fill value')
  await file.close()
})
