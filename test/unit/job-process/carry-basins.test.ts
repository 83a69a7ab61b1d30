import { copyFile, link, mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { fileBasin, internalBasin, writeReferrer } from '../read/basin-fixture.ts'
import { lookInto } from '../read/measurement-fixture.ts'
import { BIG, codes, FILL, MAPPED, range, refuse, run } from './basin-jobs.ts'

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

test('an output that a kept basin names is refused, also where nothing is there yet', async () => {
  const folder = await makeTemporaryFolder()
  const later = join(folder, 'later.rtdc')
  const absolute = await writeReferrer({ basins: { a: fileBasin(later) } })
  await refuse(absolute, { output: later }, 'E_SAME')
  const relative = await writeReferrer({ basins: { a: fileBasin('../later.rtdc') } })
  await refuse(relative, { output: join(dirname(relative), '..', 'later.rtdc') }, 'E_SAME')
  // Another file of the same name is not the one that is named.
  const elsewhere = fileBasin('/nowhere/out.rtdc')
  const { basins } = await run(await writeReferrer({ basins: { a: elsewhere } }), {})
  expect(basins).toEqual({ a: elsewhere })
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
