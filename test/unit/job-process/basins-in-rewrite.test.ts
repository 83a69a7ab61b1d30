import { appendFile, copyFile, link, mkdir, readdir, rename, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Warning } from '../../../src-main/errors.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import { checkRewrite } from '../../../src-main/job-process/check-rewrite.ts'
import { rewriteJobSchema, type RewriteJob } from '../../../src-main/jobs/job-schema.ts'
import type { Measurement } from '../../../src-main/read/measurement.ts'
import { readNumbers } from '../../../src-main/read/read-numbers.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { wrapDisk } from '../../helpers/faulty-disk.ts'
import { fileBasin, internalBasin, writeReferrer, type ReferrerPlan } from '../read/basin-fixture.ts'
import { addRows, getPool, lookInto } from '../read/measurement-fixture.ts'
import { makeContext, rewrite } from './job-fixture.ts'

type Settings = Partial<RewriteJob>
const range = (start: number, stop: number | null, step = 1): Settings => ({
  events: { kind: 'range', start, stop, step },
})
const FILL = { basins: 'fill' } as const

interface Rewritten {
  readonly output: string
  readonly warnings: readonly Warning[]
  /** Values of every 1-D feature. */
  readonly features: Readonly<Record<string, readonly number[]>>
  /** Fields of every definition, by key. */
  readonly basins: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

async function run(
  input: string,
  settings: Settings,
  output = join(dirname(input), 'out.rtdc'),
): Promise<Rewritten> {
  const { warnings } = await rewrite({ input, output, ...settings }, makeContext(getPool()))
  return lookInto(output, async (measurement) => {
    const basins = Object.fromEntries(measurement.basins.map(({ key, fields }) => [key, fields]))
    return { output, warnings, features: await readScalars(measurement), basins }
  })
}

async function readScalars(measurement: Measurement): Promise<Record<string, number[]>> {
  const values: Record<string, number[]> = {}
  for (const feature of measurement.features) {
    if (feature.kind !== 'scalar') continue
    const [dataset] = feature.datasets
    const reader = await measurement.openReader(dataset)
    values[feature.name] = [
      ...(readNumbers(dataset.datatype, await reader.readRows(0, reader.rowCount)) ?? []),
    ]
  }
  return values
}

/** Expects that the job is refused and nothing is written. */
async function refuse(
  input: string,
  settings: Settings,
  code: string,
): Promise<Error & { readonly object?: string | undefined }> {
  const output = join(dirname(input), 'out.rtdc')
  const before = await readdir(dirname(input))
  const job = rewriteJobSchema.parse({ task: 'rewrite', input, output, ...settings })
  const error = await expectRejection(checkRewrite(job, makeContext(getPool())), code)
  expect(await readdir(dirname(input))).toEqual(before)
  return error
}

const codes = ({ warnings }: Rewritten): string[] => warnings.map(({ code }) => code)

const BIG: ReferrerPlan = {
  features: {
    deform: [10, 11, 12, 13, 14, 15],
    area_um: [20, 21, 22, 23, 24, 25],
    index: [1, 2, 3, 4, 5, 6],
  },
}
/** Refers to four rows of the big file. */
const MAPPED = { identifier: 'run-1_sub', mappings: { basinmap0: [5, 0, 0, 3] } } as const

describe('kept basins on a selection of events', () => {
  test('get a mapping to the selected rows, and keep every field', async () => {
    const odd = { perishable: false, note: { of: ['another', 'program'] } }
    const big = await writeReferrer()
    const input = await writeReferrer({ basins: { a: fileBasin(big, odd), b: internalBasin(['image_bg']) } })
    const { basins, features, warnings } = await run(input, range(1, null, 2))
    expect(features['basinmap0']).toEqual([1, 3])
    expect(Object.values(basins)).toContainEqual({ ...fileBasin(big, odd), mapping: 'basinmap0' })
    expect(Object.values(basins)).toContainEqual({ ...internalBasin(['image_bg']), mapping: 'basinmap0' })
    expect(Object.keys(basins)).not.toContain('a')
    expect(warnings).toEqual([])
  })

  test('that have a mapping keep it, cut, and their definition to the letter', async () => {
    const fields = fileBasin('/nowhere/big.rtdc', { mapping: 'basinmap4' })
    const input = await writeReferrer({ mappings: { basinmap4: [9, 8, 7, 6] }, basins: { a: fields } })
    const { basins, features } = await run(input, range(2, null))
    expect(features).toEqual({ time: [2, 3], basinmap4: [7, 6] })
    expect(basins).toEqual({ a: fields })
  })

  test('share a mapping that holds the same rows', async () => {
    const input = await writeReferrer({
      mappings: { basinmap0: [9, 1, 2, 9], basinmap1: [4, 1, 2, 4] },
      basins: { a: fileBasin('a', { mapping: 'basinmap1' }), b: fileBasin('b') },
    })
    const { basins, features } = await run(input, { ...range(1, 3), features: 'scalar' })
    expect(features).toEqual({ time: [1, 2], basinmap1: [1, 2] })
    expect(Object.values(basins).map(({ mapping }) => mapping)).toEqual(['basinmap1', 'basinmap1'])
  })

  test('are stored once where they become the same', async () => {
    const input = await writeReferrer({
      mappings: { basinmap0: [0, 1, 2, 3] },
      basins: { a: fileBasin('a', { mapping: 'basinmap0' }), b: fileBasin('a') },
    })
    expect(Object.keys((await run(input, range(1, 3))).basins)).toEqual(['a'])
  })

  test('keep the data of internal ones and remote definitions', async () => {
    const remote = { type: 'remote', format: 'http', urls: ['https://example.invalid/x'], name: 'far' }
    const input = await writeReferrer({
      mappings: { basinmap0: [0, 0, 1, 1] },
      internal: { image_bg: [7, 8] },
      basins: { a: internalBasin(['image_bg'], { mapping: 'basinmap0' }), r: remote },
    })
    const { output, basins, features } = await run(input, range(1, 3))
    expect(features).toMatchObject({ basinmap0: [0, 1], basinmap1: [1, 2] })
    expect(Object.values(basins)).toContainEqual({ ...remote, mapping: 'basinmap1' })
    const kept = await lookInto(output, ({ basinEvents }) => basinEvents.map(({ path }) => path))
    expect(kept).toEqual(['/basin_events/image_bg'])
  })

  test('do not take the name of a mapping that is missing', async () => {
    const broken = fileBasin('a', { mapping: 'basinmap0' })
    const input = await writeReferrer({ basins: { a: broken, b: fileBasin('b') } })
    const result = await run(input, range(1, 3))
    expect(result.features).toEqual({ time: [1, 2], basinmap1: [1, 2] })
    expect(result.basins['a']).toEqual(broken)
    expect(codes(result)).toEqual(['W_BASIN'])
  })

  test('are refused where no mapping is free, or rows of an internal one cannot be mapped', async () => {
    const names = Array.from({ length: 10 }, (_, number) => `basinmap${number}`)
    const mappings = Object.fromEntries(names.map((name, number) => [name, [number, 9, 9, 9]]))
    const used = Object.fromEntries(names.map((mapping) => [mapping, fileBasin(mapping, { mapping })]))
    const full = await writeReferrer({ mappings, basins: { ...used, b: fileBasin('b') } })
    expect((await refuse(full, range(0, 2), 'E_BASIN')).message).toMatch(/all 10/)
    const chopped = { ...internalBasin(['image']), format: 'h5datasetchop' }
    const input = await writeReferrer({ basins: { a: chopped } })
    expect((await refuse(input, range(0, 2), 'E_BASIN')).object).toBe('/basins/a')
  })

  test('of all events stay as they are', async () => {
    const fields = fileBasin('/nowhere/b.rtdc')
    const input = await writeReferrer({ basins: { a: fields }, internal: { unused: [1] } })
    expect(await run(input, {})).toMatchObject({ basins: { a: fields }, features: { time: [0, 1, 2, 3] } })
  })
})

describe('basins that are filled in', () => {
  test('give what the file lacks, at the mapped rows, in the order in which readers ask them', async () => {
    const big = await writeReferrer(BIG)
    const input = await writeReferrer({
      ...MAPPED,
      features: { deform: [0, 1, 2, 3] },
      internal: { bg_med: [7, 8, 9, 10, 11, 12] },
      basins: {
        a: fileBasin(big, { mapping: 'basinmap0' }),
        b: internalBasin(['bg_med'], { mapping: 'basinmap0' }),
      },
    })
    const { features, basins, output } = await run(input, {
      ...FILL,
      ...range(1, null),
      verify: 'independent',
    })
    expect(features).toEqual({
      area_um: [20, 20, 23],
      bg_med: [7, 7, 10],
      deform: [1, 2, 3],
      index: [1, 2, 3],
    })
    expect(basins).toEqual({})
    const { log, names } = await lookInto(output, async (measurement) => ({
      log: await measurement.readLines(measurement.logs.at(-1)!),
      names: measurement.root.links.map(({ name }) => name),
    }))
    expect(names).toEqual(['events', 'logs'])
    expect(JSON.parse(log.join(''))).toMatchObject({
      files: [{ index: 1 }, { index: 2 }],
      result: { filled: { a: { area_um: big, index: big }, b: { bg_med: input } } },
    })
  })

  test('give only what their definition lists, and what the job chooses', async () => {
    const big = await writeReferrer(BIG)
    const basins = { a: fileBasin(big, { mapping: 'basinmap0', features: ['area_um', 'volume'] }) }
    const input = await writeReferrer({ ...MAPPED, basins })
    const all = await run(input, FILL)
    expect(Object.keys(all.features)).toEqual(['area_um', 'time'])
    expect(all.warnings[0]?.message).toMatch(/volume/)
    const named = await run(input, { ...FILL, features: ['area_um'], overwrite: true })
    expect(named.features).toEqual({ area_um: [25, 20, 20, 23] })
    await expectRejection(run(input, { ...FILL, features: ['deform'], overwrite: true }), 'E_FEATURE')
  })

  test('give stacks, traces and contours too; scalar takes none of them', async () => {
    const stack = { type: integerType(1, false), shape: [3, 2] }
    const big = await writeReferrer({
      features: { deform: [1, 2, 3] },
      fill: async (_h5, events) => {
        await addRows(events, 'mask', { ...stack, bytes: Uint8Array.of(1, 2, 3, 4, 5, 6) })
        await addRows(events.requireGroup('trace'), 'fl1_raw', {
          ...stack,
          bytes: Uint8Array.of(9, 8, 7, 6, 5, 4),
        })
        for (const name of ['0', '1', '2'])
          await addRows(events.requireGroup('contour'), name, {
            ...stack,
            bytes: new Uint8Array(6).fill(Number(name)),
          })
      },
    })
    const basins = { a: fileBasin(big, { mapping: 'basinmap0' }) }
    const input = await writeReferrer({
      ...MAPPED,
      features: { time: [0, 1] },
      mappings: { basinmap0: [2, 0] },
      basins,
    })
    const { output } = await run(input, FILL)
    const read = async (object: string): Promise<number[]> =>
      lookInto(output, async (measurement) => {
        const dataset = await measurement.file.find(object)
        if (dataset?.kind !== 'dataset') throw new Error(`no ${object}`)
        const reader = await measurement.openReader(dataset)
        return [...(await reader.readRows(0, reader.rowCount))]
      })
    expect(await read('/events/mask')).toEqual([5, 6, 1, 2])
    expect(await read('/events/trace/fl1_raw')).toEqual([5, 4, 9, 8])
    expect(await read('/events/contour/0')).toEqual([2, 2, 2, 2, 2, 2])
    const scalar = await run(input, { ...FILL, features: 'scalar', overwrite: true })
    const names = await lookInto(scalar.output, ({ features }) => features.map(({ name }) => name))
    expect(names).toEqual(['deform', 'time'])
  })

  test('are followed through basins of basins, and in a circle only once', async () => {
    const big = await writeReferrer(BIG)
    const middle = await writeReferrer({
      identifier: 'run-1_sub',
      features: { pos_x: [1, 2, 3] },
      mappings: { basinmap2: [4, 1, 0] },
      basins: { a: fileBasin(big, { mapping: 'basinmap2' }), back: fileBasin('top.rtdc') },
    })
    const input = await writeReferrer({
      identifier: 'run-1_sub_sub',
      features: { time: [0, 1] },
      mappings: { basinmap0: [2, 0] },
      basins: { m: fileBasin(middle, { mapping: 'basinmap0' }) },
    })
    await rename(input, join(dirname(middle), 'top.rtdc'))
    const { features } = await run(join(dirname(middle), 'top.rtdc'), FILL)
    expect(features).toEqual({
      ...{ area_um: [20, 24], deform: [10, 14], index: [1, 2], pos_x: [3, 1], time: [0, 1] },
    })
  })

  test('that are not read here stay basins, with their mapping', async () => {
    const remote = { type: 'remote', format: 's3', urls: ['https://example.invalid/x'], mapping: 'basinmap1' }
    const big = await writeReferrer(BIG)
    const input = await writeReferrer({
      ...MAPPED,
      mappings: { ...MAPPED.mappings, basinmap1: [4, 5, 6, 7] },
      basins: { a: fileBasin(big, { mapping: 'basinmap0' }), r: remote, z: { type: 'new', format: 'zarr' } },
    })
    const result = await run(input, { ...FILL, ...range(0, 2) })
    expect(result.features).toMatchObject({ basinmap0: [0, 1], basinmap1: [4, 5] })
    expect(result.basins['r']).toEqual(remote)
    expect(Object.values(result.basins)).toContainEqual({ type: 'new', format: 'zarr', mapping: 'basinmap0' })
    expect(codes(result)).toEqual(['W_BASIN', 'W_BASIN'])
  })

  test('are refused where a file is missing, another measurement, or on another computer, which is not asked', async () => {
    const other = await writeReferrer({ identifier: 'run-2' })
    const missing = await refuse(
      await writeReferrer({ basins: { a: fileBasin('/nowhere/big.rtdc') } }),
      FILL,
      'E_BASIN',
    )
    expect(missing).toMatchObject({ object: '/basins/a' })
    expect(missing.message).toMatch(/"big".*\/nowhere\/big\.rtdc/)
    const wrong = await refuse(await writeReferrer({ basins: { a: fileBasin(other) } }), FILL, 'E_BASIN')
    expect(wrong.message).toContain('run-2')
    const input = await writeReferrer({ basins: { a: fileBasin('//host/share/big.rtdc') } })
    const disk = wrapDisk(nodeDisk, {})
    const job = rewriteJobSchema.parse({ task: 'rewrite', input, output: `${input}.out`, ...FILL })
    await expectRejection(checkRewrite(job, makeContext(getPool(), { disk })), 'E_BASIN')
    expect(disk.operations.filter(({ path }) => path.includes('host'))).toEqual([])
  })

  test('below others are refused only where something is lost without them', async () => {
    const middle = await writeReferrer({
      ...BIG,
      basins: { a: fileBasin('/nowhere', { features: ['deform', 'volume'] }) },
    })
    const listed = await writeReferrer({
      basins: { m: fileBasin(middle, { features: ['deform', 'area_um'] }) },
      features: { time: [1, 2, 3, 4, 5, 6] },
    })
    expect((await run(listed, FILL)).features['deform']).toEqual([10, 11, 12, 13, 14, 15])
    const open = await writeReferrer({
      basins: { m: fileBasin(middle) },
      features: { time: [1, 2, 3, 4, 5, 6] },
    })
    expect((await refuse(open, FILL, 'E_BASIN')).message).toMatch(/volume/)
  })

  test('are refused where a mapping asks for rows that are not there, or another number of events has no mapping', async () => {
    const big = await writeReferrer(BIG)
    const basins = { a: fileBasin(big, { mapping: 'basinmap0' }) }
    for (const row of [6, -1]) {
      const input = await writeReferrer({ ...MAPPED, mappings: { basinmap0: [0, 1, row, 2] }, basins })
      expect(await refuse(input, FILL, 'E_RANGE')).toMatchObject({ object: '/events/basinmap0', actual: row })
    }
    const lacking = await writeReferrer({ ...MAPPED, mappings: {}, basins })
    expect(await refuse(lacking, FILL, 'E_BASIN')).toMatchObject({ object: '/events/basinmap0' })
    const unmapped = await writeReferrer({ basins: { a: fileBasin(big) } })
    expect(await refuse(unmapped, FILL, 'E_BASIN')).toMatchObject({ expected: 4, actual: 6 })
  })

  test('count in the estimate of a dry run', async () => {
    const big = await writeReferrer({ features: { deform: Array.from({ length: 4 }, () => 1) } })
    const input = await writeReferrer({ basins: { a: fileBasin(big) } })
    const estimate = async (basins: RewriteJob['basins']): Promise<number> => {
      const job = rewriteJobSchema.parse({ task: 'rewrite', input, output: `${input}.out`, basins })
      return (await checkRewrite(job, makeContext(getPool()))).estimatedBytes
    }
    expect((await estimate('fill')) - (await estimate('keep'))).toBeCloseTo(4 * 8 * 0.9, -1)
  })

  test('that change while they are read fail the job', async () => {
    const big = await writeReferrer({ features: { deform: [1, 2, 3, 4] } })
    const input = await writeReferrer({ basins: { a: fileBasin(big) } })
    const output = join(dirname(input), 'out.rtdc')
    const job = rewriteJobSchema.parse({ task: 'rewrite', input, output, ...FILL })
    const checked = await checkRewrite(job, makeContext(getPool()))
    await appendFile(big, 'more')
    const error = await expectRejection(checked.run(makeContext(getPool())), 'E_GROWING')
    expect(error.path).toBe(big)
    expect(await readdir(dirname(input))).toEqual(['made.rtdc'])
  })
})

describe('an output that is a basin of the input', () => {
  test.each(['keep', 'fill'] as const)('is refused, also by links (%s)', async (basins) => {
    const big = await writeReferrer({ features: { deform: [1, 2, 3, 4] } })
    const input = await writeReferrer({ basins: { a: fileBasin(big) } })
    const folder = join(dirname(input), 'links')
    await mkdir(folder)
    await link(big, join(folder, 'hard.rtdc'))
    await symlink(dirname(big), join(folder, 'soft'))
    for (const output of [big, join(folder, 'hard.rtdc'), join(folder, 'soft', 'made.rtdc')])
      await refuse(input, { output, basins, overwrite: true }, 'E_SAME')
  })
})

describe('a relinked basin', () => {
  test('gets the new paths, under its own key, and keeps its other fields', async () => {
    const big = await writeReferrer(BIG)
    const fields = fileBasin('/nowhere/big.rtdc', { mapping: 'basinmap0', note: 1 })
    const input = await writeReferrer({ ...MAPPED, basins: { a: fields, b: fileBasin('/nowhere/b.rtdc') } })
    const relink = [{ key: 'a', paths: [big, '/also/elsewhere.rtdc'] }]
    const { basins } = await run(input, { relink })
    expect(basins).toEqual({
      a: { ...fields, paths: [big, '/also/elsewhere.rtdc'] },
      b: fileBasin('/nowhere/b.rtdc'),
    })
    const only = await writeReferrer({ ...MAPPED, basins: { a: fields } })
    expect((await run(only, { relink, ...FILL })).features['area_um']).toEqual([25, 20, 20, 23])
    const selected = await run(only, { relink, ...range(0, 1), overwrite: true })
    expect(Object.values(selected.basins)).toEqual([{ ...fields, paths: [big, '/also/elsewhere.rtdc'] }])
  })

  test('gets the absolute path added where a new relative one would be lost', async () => {
    const input = await writeReferrer({ basins: { a: fileBasin('/nowhere/big.rtdc') } })
    const beside = join(dirname(input), 'beside.rtdc')
    await copyFile(await writeReferrer(), beside)
    const folder = join(dirname(input), 'elsewhere')
    await mkdir(folder)
    const relink = [{ key: 'a', paths: ['beside.rtdc'] }]
    const result = await run(input, { relink }, join(folder, 'out.rtdc'))
    expect(result.basins['a']).toMatchObject({ paths: ['beside.rtdc', beside] })
    expect(codes(result)).toEqual(['W_BASIN_PATH'])
  })

  test('must be one of a file, and must lead to the right measurement', async () => {
    const [big, other] = [await writeReferrer(), await writeReferrer({ identifier: 'run-2' })]
    const basins = { a: fileBasin('/nowhere/big.rtdc'), i: internalBasin(['x']) }
    const input = await writeReferrer({ basins })
    for (const [key, paths, message] of [
      ['z', [big], /no such basin.*a, i/],
      ['i', [big], /type 'internal'/],
      ['a', ['/nowhere'], /does not exist/],
      ['a', [other], /run-2/],
      ['a', [big, other], /run-2/],
      ['a', [input], /leads back/],
      ['a', ['\\\\host\\share\\big.rtdc'], /another computer/],
    ] as const) {
      const error = await refuse(input, { relink: [{ key, paths: [...paths] }] }, 'E_BASIN')
      expect(error.message).toMatch(message)
    }
    const link = { key: 'a', paths: [big] }
    await refuse(input, { relink: [link, link] }, 'E_USAGE')
    await refuse(input, { relink: [link], basins: 'drop' }, 'E_USAGE')
  })
})

test('an output can refer to its input too', async () => {
  const input = await writeReferrer({
    ...BIG,
    internal: { bg_med: [1] },
    basins: { i: internalBasin(['bg_med'], { mapping: 'basinmap5' }) },
  })
  const settings = { features: ['deform'], addSourceBasin: true }
  const whole = await run(input, { ...settings, basins: 'drop' })
  const fields = {
    name: 'made.rtdc',
    type: 'file',
    format: 'hdf5',
    paths: [input, 'made.rtdc'],
    identifier: 'run-1',
  }
  expect(Object.values(whole.basins)).toMatchObject([
    { ...fields, features: ['area_um', 'bg_med', 'deform', 'index'] },
  ])
  expect(Object.values(whole.basins)[0]).not.toHaveProperty('mapping')
  const some = await run(input, { ...settings, ...range(4, null), basins: 'drop', overwrite: true })
  expect(some.features).toEqual({ basinmap0: [4, 5], deform: [14, 15] })
  expect(Object.values(some.basins)).toMatchObject([{ ...fields, mapping: 'basinmap0' }])
})
