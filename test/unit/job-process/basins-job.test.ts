import { renameSync } from 'node:fs'
import { copyFile, link, mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Cancelled } from '../../../src-main/errors.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { makeTextAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import type { PathStyle } from '../../../src-main/jobs/job-schema.ts'
import type { BasinDefinition } from '../../../src-main/read/basins.ts'
import type { Measurement } from '../../../src-main/read/measurement.ts'
import { verifyFile } from '../../../src-main/read/verify-file.ts'
import { HDF5Writer } from '../../../src-main/write/hdf5-writer.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { failOperation, wrapDisk } from '../../helpers/faulty-disk.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { addBasin, getPool, lookInto, writeMeasurement } from '../read/measurement-fixture.ts'
import { makeBasinFile, makeContext } from './job-fixture.ts'

const IDENTIFIER = 'experiment:run identifier'

interface Source {
  readonly folder: string
  readonly path: string
}

/** `source.rtdc`, the measurement `run-1` of ten events, in a folder of its own. */
async function makeSource(
  plan: Parameters<typeof writeMeasurement>[0] = {},
  identifier = 'run-1',
): Promise<Source> {
  const made = await writeMeasurement({ attributes: [makeTextAttribute(IDENTIFIER, identifier)], ...plan })
  const path = join(dirname(made), 'source.rtdc')
  await rename(made, path)
  return { folder: dirname(path), path }
}

async function readMapping(measurement: Measurement, name: string): Promise<number[]> {
  const feature = measurement.findFeature(name)
  if (feature === undefined || !('datasets' in feature)) return expect.fail(`${name} is missing`)
  const [dataset] = feature.datasets
  const reader = await measurement.openReader(dataset)
  const bytes = await reader.readRows(0, reader.rowCount)
  return reader.rowBytes === 8
    ? [...new BigUint64Array(bytes.buffer, bytes.byteOffset, reader.rowCount)].map(Number)
    : [...new Uint32Array(bytes.buffer, bytes.byteOffset, reader.rowCount)]
}

function findBasin(measurement: Measurement, name: string): BasinDefinition {
  return measurement.basins.find((basin) => basin.name === name) ?? expect.fail(`no basin ${name}`)
}

describe('a basin file', () => {
  test('refers to all events of its source, verified', async () => {
    const { folder, path } = await makeSource()
    const output = join(folder, 'out.rtdc')
    const context = makeContext(getPool())
    const outcome = await makeBasinFile({ output, sources: [[path]] }, context)
    expect(outcome).toMatchObject({ output, events: 10, verification: 'standard', warnings: [] })
    expect(outcome.bytesRead).toBeGreaterThan(0)
    expect(outcome.bytesWritten).toBe((await stat(output)).size)
    await lookInto(output, (measurement) => {
      expect(measurement).toMatchObject({ features: [], eventCount: 10, identifier: 'run-1' })
      expect(measurement.basins).toMatchObject([
        {
          name: 'source.rtdc',
          paths: [path, 'source.rtdc'],
          mapping: 'same',
          identifier: 'run-1',
          features: ['deform', 'image', 'index'],
        },
      ])
    })
    expect([...new Set(context.progress.map(({ phase }) => phase))]).toEqual([
      ...['check', 'metadata', 'verify', 'commit'],
    ])
    expect((await readdir(folder)).sort()).toEqual(['out.rtdc', 'source.rtdc'])
    const { findings } = await verifyFile(output, { disk: nodeDisk, pool: getPool() })
    expect(findings.filter(({ level }) => level === 'damage' || level === 'violation')).toEqual([])
  })

  test('says in its own log what was done with which file', async () => {
    const { folder, path } = await makeSource()
    const output = join(folder, 'out.rtdc')
    const again = join(folder, 'again.rtdc')
    await makeBasinFile({ output, sources: [[path]] }, makeContext(getPool()))
    await makeBasinFile({ output: again, sources: [[output]] }, makeContext(getPool()))
    await lookInto(again, async (measurement) => {
      const names = measurement.logs.map((log) => log.path)
      expect(names).toEqual(['/logs/weir-basins', '/logs/weir-basins_2'])
      const log = measurement.logs[1] ?? expect.fail('no log')
      expect(JSON.parse((await measurement.readLines(log)).join(''))).toMatchObject({
        task: 'basins',
        job: { task: 'basins', sources: [[output]], paths: 'both' },
        files: [{ name: 'out.rtdc', index: 1 }],
        result: { events: 10, basins: 1 },
      })
    })
  })

  test.each([
    ['absolute', ['/F/in/source.rtdc', '/F/out/copy.rtdc']],
    ['relative', ['../in/source.rtdc', 'copy.rtdc']],
    ['both', ['/F/in/source.rtdc', '../in/source.rtdc', '/F/out/copy.rtdc', 'copy.rtdc']],
  ] as const)('names its paths as asked: %s', async (paths: PathStyle, expected) => {
    const { path } = await makeSource()
    const folder = await makeTemporaryFolder()
    for (const name of ['in', 'out']) await mkdir(join(folder, name))
    const [source, copy] = [join(folder, 'in', 'source.rtdc'), join(folder, 'out', 'copy.rtdc')]
    await copyFile(path, source)
    await copyFile(path, copy)
    const output = join(folder, 'out', 'out.rtdc')
    await makeBasinFile({ output, sources: [[source, copy]], paths }, makeContext(getPool()))
    await lookInto(output, ({ basins }) => {
      expect(basins[0]?.paths).toEqual(expected.map((one) => one.replace('/F', folder)))
    })
  })

  test('keeps an alternative that is not here, also one of another system', async () => {
    const { folder, path } = await makeSource()
    const output = join(folder, 'out.rtdc')
    const sources = [['C:\\data\\source.rtdc', path, '/gone/source.rtdc']]
    await makeBasinFile({ output, sources, paths: 'absolute' }, makeContext(getPool()))
    await lookInto(output, ({ basins }) => {
      expect(basins[0]).toMatchObject({ paths: sources[0], identifier: 'run-1' })
    })
  })

  test('in a folder that is a link finds its basin by the relative path', async () => {
    const { path } = await makeSource()
    const folder = await makeTemporaryFolder()
    await mkdir(join(folder, 'deep', 'real'), { recursive: true })
    await symlink(join(folder, 'deep', 'real'), join(folder, 'linked'))
    await copyFile(path, join(folder, 'source.rtdc'))
    const output = join(folder, 'linked', 'out.rtdc')
    const sources = [[join(folder, 'source.rtdc')]]
    await makeBasinFile({ output, sources, paths: 'relative' }, makeContext(getPool()))
    await lookInto(output, ({ basins }) => expect(basins[0]?.paths).toEqual(['../../source.rtdc']))
  })

  test('of selected events maps every basin to its rows, with one mapping for all', async () => {
    const { folder, path } = await makeSource()
    const other = join(folder, 'other.rtdc')
    await copyFile(path, other)
    const output = join(folder, 'out.rtdc')
    await writeFile(join(folder, 'rows.txt'), '7\n2 # again\n7\n')
    const events = { kind: 'indices' as const, file: join(folder, 'rows.txt') }
    const outcome = await makeBasinFile(
      { output, sources: [[path], [other]], events },
      makeContext(getPool()),
    )
    expect(outcome.events).toBe(3)
    await lookInto(output, async (measurement) => {
      expect(measurement.features.map(({ name }) => name)).toEqual(['basinmap0'])
      expect(await readMapping(measurement, 'basinmap0')).toEqual([7, 2, 7])
      expect(measurement.basins.map(({ mapping }) => mapping)).toEqual(['basinmap0', 'basinmap0'])
      expect(measurement.readAttribute('experiment:event count')).toBe(3)
      // MD5 of 7,2,7
      expect(measurement.identifier).toBe('run-1_weir-eea3fbe')
    })
  })

  test.each([
    ['no events', { start: 5, stop: 5 }, 0],
    ['all events, spelt out', { start: 0, stop: 99 }, 10],
  ])('of %s', async (_name, range, count) => {
    const { folder, path } = await makeSource()
    const output = join(folder, 'out.rtdc')
    const events = { kind: 'range' as const, step: 1, ...range }
    await makeBasinFile({ output, sources: [[path]], events }, makeContext(getPool()))
    await lookInto(output, (measurement) => {
      expect(measurement.eventCount).toBe(count)
      expect(measurement.basins[0]?.mapping).toBe(count === 0 ? 'basinmap0' : 'same')
      expect(measurement.identifier === 'run-1').toBe(count > 0)
    })
  })

  test('has the basins of its source too, their mapping at the selected rows, and finds them', async () => {
    const { folder, path } = await makeSource({
      fill: async (h5) => {
        const writer = await HDF5Writer.open(h5)
        const mapping = fromTypedArray(Uint32Array.from({ length: 10 }, (_, row) => 90 - row))
        await writer.storeBasin({ name: 'mapped', paths: ['far.rtdc'], mapping })
        await addBasin(h5.root, 'remote', {
          ...{ type: 'remote', format: 'http', name: 'remote', urls: ['https://example.org/x.rtdc'] },
        })
        await addBasin(h5.root, 'broken', {
          ...{ type: 'file', format: 'hdf5', name: 'broken', paths: ['far.rtdc'], mapping: 'basinmap5' },
        })
        const internalData = new Map([['bg_med', fromTypedArray(Float64Array.of(1))]])
        await writer.storeBasin({ name: 'inside', internalData, mapping })
      },
    })
    await copyFile(path, join(folder, 'far.rtdc'))
    const elsewhere = await makeTemporaryFolder()
    const output = join(elsewhere, 'out.rtdc')
    const events = { kind: 'range' as const, start: 2, stop: 6, step: 3 }
    const context = makeContext(getPool())
    await makeBasinFile({ output, sources: [[path]], events }, context)
    await lookInto(output, async (measurement) => {
      const names = measurement.basins.map(({ name }) => name).sort()
      expect(names).toEqual(['mapped', 'remote', 'source.rtdc'])
      const [mapped, remote, own] = names.map((name) => findBasin(measurement, name ?? ''))
      expect(await readMapping(measurement, mapped?.mapping ?? '')).toEqual([88, 85])
      expect(await readMapping(measurement, remote?.mapping ?? '')).toEqual([2, 5])
      expect(own?.mapping).toBe(remote?.mapping)
      expect(own?.features).toEqual(['bg_med', 'deform', 'image', 'index'])
      expect(mapped?.paths).toEqual(['far.rtdc', join(folder, 'far.rtdc')])
      expect(remote?.urls).toEqual(['https://example.org/x.rtdc'])
    })
    expect(context.warnings.map(({ code, object }) => [code, object?.slice(0, 14)])).toEqual(
      expect.arrayContaining([
        ['W_BASIN_PATH', expect.stringMatching(/^\/basins\//)],
        ['W_BASIN', '/basins/broken'],
      ]),
    )
  })
})

describe('a basin file is refused', () => {
  test.each([false, true])(
    'where the output is one of its basins, by any path (overwrite: %s)',
    async (overwrite) => {
      const { folder, path } = await makeSource()
      const before = await readFile(path)
      const linked = join(folder, 'linked.rtdc')
      await link(path, linked)
      const gone = join(folder, 'gone.rtdc')
      for (const output of [path, linked, join(folder, '..', basename(folder), 'source.rtdc')]) {
        for (const sources of [[[path]], [[gone, path]], [[linked, path]]]) {
          await expectRejection(
            makeBasinFile({ output, sources, overwrite }, makeContext(getPool())),
            'E_SAME',
          )
        }
      }
      expect(await readFile(path)).toEqual(before)
    },
  )

  test('where the output is one of the paths that it is to name, and is not there yet', async () => {
    const { folder, path } = await makeSource()
    await symlink(folder, join(folder, 'way'))
    for (const output of ['later.rtdc', join('way', 'later.rtdc')].map((name) => join(folder, name)))
      for (const named of ['later.rtdc', 'later.rtdc~']) {
        const sources = [[path, join(folder, named)]]
        await expectRejection(makeBasinFile({ output, sources }, makeContext(getPool())), 'E_SAME')
      }
    expect(await readdir(folder)).not.toContain('later.rtdc')
  })

  test('where nothing of a basin exists, or what exists is no measurement', async () => {
    const { folder, path } = await makeSource()
    const output = join(folder, 'out.rtdc')
    const [gone, text] = [join(folder, 'gone.rtdc'), join(folder, 'text.rtdc')]
    await writeFile(text, 'no HDF5 '.repeat(100))
    const attempt = (sources: string[][]) => makeBasinFile({ output, sources }, makeContext(getPool()))
    const error = await expectRejection(attempt([[path], [gone, '/gone/too']]), 'E_MISSING')
    expect(error.message).toContain(`${gone}, /gone/too: no such file`)
    await expectRejection(attempt([[text]]), 'E_MAGIC')
    await expectRejection(attempt([[path, text]]), 'E_MAGIC')
    await expectRejection(attempt([[folder]]), 'E_KIND')
    expect(await readdir(folder)).not.toContain('out.rtdc')
  })

  test('where an alternative is another measurement, both named', async () => {
    const { folder, path } = await makeSource()
    const other = (await makeSource({}, 'run-2')).path
    const short = (await makeSource({ events: 9 })).path
    const output = join(folder, 'out.rtdc')
    for (const [alternative, reason] of [
      [other, 'run-2'],
      [short, '9 events'],
    ] as const) {
      const attempt = makeBasinFile({ output, sources: [[path, alternative]] }, makeContext(getPool()))
      const error = await expectRejection(attempt, 'E_BASIN')
      for (const part of [path, alternative, reason]) expect(error.message).toContain(part)
    }
  })

  test('where basins have different numbers of events', async () => {
    const { folder, path } = await makeSource()
    const short = (await makeSource({ events: 9 })).path
    const attempt = { output: join(folder, 'out.rtdc'), sources: [[path], [short]] }
    const error = await expectRejection(makeBasinFile(attempt, makeContext(getPool())), 'E_LEN')
    expect(error).toMatchObject({ path: short, expected: 10, actual: 9 })
  })

  test('where an index is no event', async () => {
    const { folder, path } = await makeSource()
    const file = join(folder, 'rows.txt')
    await writeFile(file, '3\n10\n')
    const attempt = { output: join(folder, 'out.rtdc'), sources: [[path]] }
    const events = { kind: 'indices' as const, file }
    await expectRejection(makeBasinFile({ ...attempt, events }, makeContext(getPool())), 'E_RANGE')
  })

  test('where the output exists, unless it may be overwritten', async () => {
    const { folder, path } = await makeSource()
    const output = join(folder, 'out.rtdc')
    await writeFile(output, 'precious')
    await expectRejection(makeBasinFile({ output, sources: [[path]] }, makeContext(getPool())), 'E_EXISTS')
    expect(await readFile(output, 'utf8')).toBe('precious')
    await makeBasinFile({ output, sources: [[path]], overwrite: true }, makeContext(getPool()))
    await lookInto(output, ({ eventCount }) => expect(eventCount).toBe(10))
  })
})

test('a basin that is another measurement than the first is told of', async () => {
  const { folder, path } = await makeSource()
  const other = (await makeSource({}, 'run-2')).path
  const context = makeContext(getPool())
  await makeBasinFile({ output: join(folder, 'out.rtdc'), sources: [[path], [other]] }, context)
  expect(context.warnings).toMatchObject([{ code: 'W_BASIN', path: other }])
})

describe('a basin file leaves nothing behind', () => {
  test('when it is cancelled', async () => {
    const { folder, path } = await makeSource()
    const cancel = new AbortController()
    const context = makeContext(getPool(), {
      signal: cancel.signal,
      onProgress: ({ phase }) => phase === 'verify' && cancel.abort(),
    })
    const attempt = makeBasinFile({ output: join(folder, 'out.rtdc'), sources: [[path]] }, context)
    await expect(attempt).rejects.toBeInstanceOf(Cancelled)
    expect(await readdir(folder)).toEqual(['source.rtdc'])
  })

  test.each([
    ['write', 'ENOSPC', 'E_OUT_SPACE'],
    ...(['read', 'sync', 'rename', 'create', 'open'] as const).map((kind) => [kind, 'EIO', 'E_IO'] as const),
  ] as const)('when any %s fails', async (kind, fault, code) => {
    const { folder, path } = await makeSource()
    const attempt = { output: join(folder, 'out.rtdc'), sources: [[path]] }
    const whole = wrapDisk(nodeDisk, {})
    await makeBasinFile(attempt, makeContext(getPool(), { disk: whole }))
    await nodeDisk.remove(attempt.output)
    const count = whole.operations.filter((operation) => operation.kind === kind).length
    expect(count).toBeGreaterThan(0)
    for (let k = 1; k <= count; k++) {
      const disk = wrapDisk(nodeDisk, failOperation(k, fault, [kind]))
      await expectRejection(makeBasinFile(attempt, makeContext(getPool(), { disk })), code)
      expect(await readdir(folder)).toEqual(['source.rtdc'])
    }
  })

  test('when a source became another file after it was checked', async () => {
    const { folder, path } = await makeSource()
    const other = await makeSource()
    const context = makeContext(getPool(), {
      onProgress: ({ phase }) => phase === 'check' && renameSync(other.path, path),
    })
    const attempt = makeBasinFile({ output: join(folder, 'out.rtdc'), sources: [[path]] }, context)
    await expectRejection(attempt, 'E_GROWING')
    expect(await readdir(folder)).toEqual(['source.rtdc'])
  })
})
