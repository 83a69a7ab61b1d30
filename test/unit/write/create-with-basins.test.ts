import { createHash } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { makeTextAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { createWithBasins } from '../../../src-main/write/create-with-basins.ts'
import { HDF5Writer } from '../../../src-main/write/hdf5-writer.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { VERSION } from '../../../src-main/version.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { getPool, lookInto, writeFile } from './file-fixture.ts'

/** A measurement `run-1` with a mapped file basin, an internal basin, a log. */
function makeSource(identifier = 'run-1'): Promise<string> {
  return writeFile(async (h5) => {
    h5.root.setAttribute(makeTextAttribute('experiment:run identifier', identifier))
    h5.root.setAttribute(makeTextAttribute('experiment:sample', `beads of ${identifier}`))
    const writer = await HDF5Writer.open(h5)
    await writer.storeFeatureChunk('deform', fromTypedArray(Float64Array.of(1, 2, 3)))
    await writer.storeFeatureChunk('area_um', fromTypedArray(Float64Array.of(4, 5, 6)))
    const mapping = fromTypedArray(Uint32Array.of(0, 0, 1))
    await writer.storeBasin({ name: 'inside', internalData: new Map([['bg_med', mapping]]), mapping })
    await writer.storeBasin({ name: 'outside', paths: ['outside.rtdc'], mapping })
    await writer.storeLog('acquisition', ['line one', 'line two'])
  })
}

interface Told {
  readonly warnings: string[]
}

async function create(pathOut: string, basins: Parameters<typeof createWithBasins>[1]): Promise<Told> {
  const warnings: string[] = []
  const refuse = (message: string): never => expect.fail(message)
  const logger = { info: refuse, error: refuse, warning: (message: string) => warnings.push(message) }
  await createWithBasins(pathOut, basins, { pool: getPool(), logger })
  return { warnings }
}

/** The definitions of a file by the names of their basins. */
function readDefinitions(path: string): Promise<Map<string, Record<string, unknown>>> {
  return lookInto(path, async ({ names, values }) => {
    const definitions = new Map<string, Record<string, unknown>>()
    for (const key of (await names('/basins')) ?? []) {
      const text = (await values(`/basins/${key}`)).map(String).join('\n')
      expect(createHash('md5').update(text).digest('hex')).toBe(key)
      const fields = JSON.parse(text) as Record<string, unknown>
      definitions.set(String(fields['name']), fields)
    }
    return definitions
  })
}

describe('createWithBasins', () => {
  test('stores the definition of a basin with everything that it gives', async () => {
    const source = await makeSource()
    const output = join(dirname(source), 'out.rtdc')
    expect(await create(output, [source])).toEqual({ warnings: [] })
    const definitions = await readDefinitions(output)
    expect([...definitions.keys()].sort()).toEqual(['made.rtdc', 'outside'])
    expect(definitions.get('made.rtdc')).toEqual({
      description: `Created by weir ${VERSION}`,
      name: 'made.rtdc',
      format: 'hdf5',
      paths: [source],
      type: 'file',
      identifier: 'run-1',
      features: ['area_um', 'bg_med', 'deform'],
    })
  })

  test('copies metadata and basins of the source, but internal ones not', async () => {
    const source = await makeSource()
    const output = join(dirname(source), 'out.rtdc')
    await create(output, [source])
    expect((await readDefinitions(output)).get('outside')).toMatchObject({ mapping: 'basinmap0' })
    await lookInto(output, async ({ names, values, attributes, find }) => {
      expect(await names('/events')).toEqual(['basinmap0'])
      expect(await values('/events/basinmap0')).toEqual([0, 0, 1])
      expect(await find('/basin_events')).toBeUndefined()
      expect(await attributes('/')).toEqual({
        'experiment:run identifier': 'run-1',
        'experiment:sample': 'beads of run-1',
      })
      expect(await values('/logs/acquisition')).toEqual(['line one', 'line two'])
      expect(await attributes('/logs/acquisition')).toMatchObject({ software: `weir ${VERSION}` })
    })
  })

  test('reads the first alternative that exists, a relative one from the folder of the output', async () => {
    const source = await makeSource()
    const folder = await makeTemporaryFolder()
    await mkdir(join(folder, 'sub'))
    await rename(source, join(folder, 'sub', 'big.rtdc'))
    const paths = ['gone.rtdc', 'sub/big.rtdc', '/gone/big.rtdc']
    expect(await create(join(folder, 'out.rtdc'), [paths])).toEqual({ warnings: [] })
    expect((await readDefinitions(join(folder, 'out.rtdc'))).get('big.rtdc')).toMatchObject({
      paths,
      identifier: 'run-1',
    })
  })

  test('takes metadata that are there already from no later basin', async () => {
    const [first, second] = [await makeSource('run-1'), await makeSource('run-2')]
    const output = join(dirname(first), 'out.rtdc')
    await create(output, [first, second])
    await lookInto(output, async ({ attributes }) => {
      expect(await attributes('/')).toMatchObject({ 'experiment:sample': 'beads of run-1' })
    })
  })

  test('stores a basin of which nothing exists under its first path, and warns', async () => {
    const output = join(await makeTemporaryFolder(), 'out.rtdc')
    const { warnings } = await create(output, [['gone/a.rtdc', '/gone/b.rtdc']])
    expect(warnings).toEqual([expect.stringContaining('gone/a.rtdc, /gone/b.rtdc was not found')])
    expect([...(await readDefinitions(output)).values()]).toEqual([
      {
        description: `Created by weir ${VERSION}`,
        name: 'gone/a.rtdc',
        format: 'hdf5',
        paths: ['gone/a.rtdc', '/gone/b.rtdc'],
        type: 'file',
        identifier: null,
      },
    ])
  })

  test('makes a file without basins, and warns', async () => {
    const output = join(await makeTemporaryFolder(), 'out.rtdc')
    expect((await create(output, [])).warnings).toEqual([expect.stringContaining('without any basins')])
    await lookInto(output, async ({ names }) => {
      expect(await names('/')).toEqual(['events'])
    })
  })

  test('replaces a file that is there, but never one of its basins', async () => {
    const source = await makeSource()
    const output = join(dirname(source), 'out.rtdc')
    await create(output, [])
    await create(output, [source])
    expect((await readDefinitions(output)).size).toBe(2)
    const before = await readFile(source)
    const linked = join(dirname(source), 'linked.rtdc')
    await link(source, linked)
    for (const path of [source, linked]) {
      await expectRejection(create(path, [['gone.rtdc', basename(source)]]), 'E_SAME')
    }
    expect(await readFile(source)).toEqual(before)
  })

  test('never refers to itself, also where it is not there yet', async () => {
    const source = await makeSource()
    const output = join(dirname(source), 'later.rtdc')
    for (const named of ['later.rtdc', './later.rtdc', output])
      await expectRejection(create(output, [[source, named]]), 'E_SAME')
    expect(await readdir(dirname(source))).not.toContain('later.rtdc')
  })

  test('refuses a basin without a path before anything is written, and a file that is no measurement', async () => {
    const folder = await makeTemporaryFolder()
    const output = join(folder, 'out.rtdc')
    await expectRejection(create(output, [[]]), 'E_USAGE')
    await expect(stat(output)).rejects.toThrow('ENOENT')
    const bare = await writeFile(() => undefined)
    await expectRejection(create(output, [bare]), 'E_NOT_RTDC')
  })
})
