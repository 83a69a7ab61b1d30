import { appendFile, readdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import { checkRewrite } from '../../../src-main/job-process/check-rewrite.ts'
import { rewriteJobSchema, type RewriteJob } from '../../../src-main/jobs/job-schema.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { wrapDisk } from '../../helpers/faulty-disk.ts'
import { fileBasin, internalBasin, writeReferrer } from '../read/basin-fixture.ts'
import { addRows, getPool, lookInto } from '../read/measurement-fixture.ts'
import { BIG, codes, FILL, MAPPED, range, refuse, run } from './basin-jobs.ts'
import { makeContext } from './job-fixture.ts'

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
