import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Warning } from '../../../src-main/errors.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { FilterPool } from '../../../src-main/hdf5/filters/filter-pool.ts'
import { createFilterPool } from '../../../src-main/hdf5/filters/worker-filter-pool.ts'
import { readAttributeValue } from '../../../src-main/hdf5/reading/attribute-value.ts'
import { inspectFile } from '../../../src-main/read/inspect-file.ts'
import { verifyFile } from '../../../src-main/read/verify-file.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { wrapDisk } from '../../helpers/faulty-disk.ts'
import { makeContext, rewrite } from './job-fixture.ts'
import { COMMANDS, lookInto, run, unpackOddObjects } from './odd-objects-fixture.ts'

let pool: FilterPool
beforeAll(() => {
  pool = createFilterPool({ threads: 2 })
})
afterAll(() => pool.close())

const EVENTS = 20
function summarise(warnings: readonly Warning[]): unknown[] {
  return warnings.map(({ code, object }) => [code, object])
}

async function findDamage(path: string): Promise<unknown[]> {
  const { findings } = await verifyFile(path, { disk: nodeDisk, pool })
  return findings.filter(({ level }) => level === 'damage').map(({ code, object }) => [code, object])
}

describe('parts of variable length behind a filter that only h5wasm knows', () => {
  const lines = ['start', 'µm', '', 'stop', 'start', 'µm', '', 'stop', 'start', 'µm', '', 'stop']
  const all = [...lines, ...lines.slice(0, 8)]
  const mixed = [
    { a: 0.5, text: 'x', pair: ['one', 'zwei'], b: 7 },
    { a: -1, text: 'µ', pair: ['', '3'], b: 8 },
  ]

  test.each(COMMANDS)('are read: %s', async (command) => {
    const context = makeContext(pool)
    const output = await run(command, await unpackOddObjects('variable-filters'), context)
    expect(summarise(context.warnings)).toEqual([])
    await lookInto(output, pool, async (file) => {
      for (const name of ['bitshuffle', 'lz4', 'lzf']) expect(await file.values(`/logs/${name}`)).toEqual(all)
      expect(await file.values('/tables/ragged')).toEqual([[1, 2, 3], [], [-4]])
      expect(await file.values('/tables/mixed')).toEqual(mixed)
    })
  })

  test('are verified', async () => {
    expect(await findDamage(await unpackOddObjects('variable-filters'))).toEqual([])
  })
})

describe('a log that cannot be read', () => {
  test.each(COMMANDS)('behind a filter that nobody has is left out: %s', async (command) => {
    const context = makeContext(pool)
    const output = await run(command, await unpackOddObjects('unknown-filter'), context)
    expect(summarise(context.warnings)).toEqual([['W_LEFT_OUT', '/logs/bad']])
    expect(context.warnings[0]?.message).toMatch(
      /^\/logs\/bad is left out, because it cannot be read: .*plugin/,
    )
    await lookInto(output, pool, async (file) => {
      expect(await file.values('/logs/good')).toEqual(['fine'])
      expect(await file.names('/logs')).not.toContain('bad')
    })
  })

  /** The header of the log begins with another letter. */
  async function breakLog(): Promise<string> {
    const path = await unpackOddObjects('large-attributes')
    const address = await lookInto(path, pool, (file) => file.address('/logs/good'))
    const bytes = await readFile(path)
    bytes[address ?? 0] = 0
    await writeFile(path, bytes)
    return path
  }

  test.each(COMMANDS)('because its header is damaged is left out: %s', async (command) => {
    const context = makeContext(pool)
    const output = await run(command, await breakLog(), context)
    expect(summarise(context.warnings)).toEqual([['W_LEFT_OUT', '/logs/good']])
    expect(await lookInto(output, pool, (file) => file.names('/events'))).toBeDefined()
  })

  test('is damage for those who look at the file', async () => {
    const path = await breakLog()
    expect(await findDamage(path)).toEqual([['E_META', '/logs/good']])
    const report = await inspectFile(nodeDisk, path)
    expect(report.events).toBe(EVENTS)
    expect(summarise(report.warnings)).toEqual([['E_META', '/logs/good']])
  })
})

describe('a damaged feature', () => {
  async function breakFeature(name: string): Promise<string> {
    const path = await unpackOddObjects('large-attributes')
    const address = await lookInto(path, pool, (file) => file.address(`/events/${name}`))
    const bytes = await readFile(path)
    bytes[address ?? 0] = 0
    await writeFile(path, bytes)
    return path
  }

  test.each(['rewrite', 'rewrite --events', 'record'] as const)('is an error: %s', async (command) => {
    const input = await breakFeature('image')
    const error = await expectRejection(run(command, input, makeContext(pool)), 'E_META')
    expect(error.object).toBe('/events/image')
  })

  test('that was not chosen is left out', async () => {
    const context = makeContext(pool)
    const output = await run('rewrite --features', await breakFeature('image'), context)
    expect(summarise(context.warnings)).toEqual([['W_LEFT_OUT', '/events/image']])
    expect(await lookInto(output, pool, (file) => file.names('/events'))).toEqual(['deform'])
  })

  test('of an unknown kind counts as scalar', async () => {
    const input = await breakFeature('area_um')
    const output = join(input, '..', 'scalar.rtdc')
    await expectRejection(rewrite({ input, output, features: 'scalar' }, makeContext(pool)), 'E_META')
  })
})

describe('chunks of more than can be read', () => {
  test('are refused where they are chosen, before anything is written', async () => {
    const input = await unpackOddObjects('huge-chunk')
    const error = await expectRejection(run('rewrite', input, makeContext(pool)), 'E_CHUNKSIZE')
    expect(error.object).toBe('/events/qpi_pha')
  })

  test('do not hinder other features; what lies beside the events is left out', async () => {
    const context = makeContext(pool)
    const output = await run('rewrite --features', await unpackOddObjects('huge-chunk'), context)
    expect(summarise(context.warnings)).toEqual([['W_LEFT_OUT', '/wide']])
    expect((await lookInto(output, pool, (file) => file.values('/events/deform')))[19]).toBe(19 / 8)
  })

  test('are seen by inspect and verify', async () => {
    const path = await unpackOddObjects('huge-chunk')
    const report = await inspectFile(nodeDisk, path)
    expect(report.features.find(({ name }) => name === 'qpi_pha')?.chunks).toEqual([2 ** 27, 8, 8])
    expect(report.warnings).toEqual([])
    const { findings } = await verifyFile(path, { disk: nodeDisk, pool })
    expect(findings.filter(({ code }) => code === 'A_CHUNKSIZE').map(({ object }) => object)).toEqual([
      '/events/qpi_pha',
      '/wide',
    ])
  })
})

describe('attributes of more than a header message holds', () => {
  test.each(COMMANDS)('are carried: %s', async (command) => {
    const context = makeContext(pool)
    const output = await run(command, await unpackOddObjects('large-attributes'), context)
    expect(summarise(context.warnings)).toEqual([])
    await lookInto(output, pool, async (file) => {
      const background = Array.from({ length: 9000 }, (_, index) => index)
      expect(await file.attribute('/', 'user:background')).toEqual(background)
      expect(await file.attribute('/', 'user:lines')).toEqual(new Array(100).fill('x'.repeat(700)))
      expect(await file.attribute('/', 'experiment:sample')).toBe('beads')
      if (command === 'basins' || command === 'rewrite --features') return
      const flat = await file.attribute('/events/image', 'flat_field')
      expect(flat).toEqual(new Array(128).fill(new Array(128).fill(1)))
      expect(await file.attribute('/events/image', 'CLASS')).toBe('IMAGE')
    })
  })
})

describe('objects of several names', () => {
  const same = [
    ['/events/deform', '/events/userdef1', '/tables/deform'],
    ['/events/image', '/events/userdef2', '/other/image'],
    ['/events/trace/fl1_raw', '/events/trace/fl2_raw'],
    ['/logs/one', '/logs/two'],
    ['/other', '/again'],
    ['/other/array', '/array', '/also'],
  ]

  test.each(['rewrite', 'rewrite --events', 'record'] as const)('stay one: %s', async (command) => {
    const context = makeContext(pool)
    const output = await run(command, await unpackOddObjects('hard-links'), context)
    const cut = [
      ['W_SELECTED', '/tables/deform'],
      ['W_SELECTED', '/again/image'],
    ]
    expect(summarise(context.warnings)).toEqual(command === 'rewrite --events' ? cut : [])
    await lookInto(output, pool, async (file) => {
      for (const paths of same) {
        const addresses = await Promise.all(paths.map((path) => file.address(path)))
        expect(addresses[0], paths.join()).toBeDefined()
        expect(addresses, paths.join()).toEqual(paths.map(() => addresses[0]))
      }
      const rows = Array.from({ length: EVENTS }, (_, row) => row).filter(
        (row) => command !== 'rewrite --events' || (row >= 2 && row < 9),
      )
      expect(await file.values('/events/userdef1')).toEqual(rows.map((row) => row / 8))
      expect(await file.values('/events/userdef3')).toEqual(rows.map((row) => row + 1))
      expect(await file.values('/events/index')).toEqual(rows.map((_, position) => position + 1))
    })
  })

  test('count as features each', async () => {
    const input = await unpackOddObjects('hard-links')
    const output = join(input, '..', 'out.rtdc')
    expect((await rewrite({ input, output }, makeContext(pool))).features).toBe(9)
  })
})

describe.each(['shared-list', 'shared-tree'])('messages that objects share: %s', (name) => {
  const rows = Array.from({ length: EVENTS }, (_, row) => row)
  // Datasets keep their types; those under names of their own are not carried.
  const committed = [['W_TYPE', '/committed']]
  const texts = Array.from({ length: 12 }, (_, index) => [`shared ${index}`, `text ${index % 3}`])

  test.each(COMMANDS)('are read: %s', async (command) => {
    const context = makeContext(pool)
    const output = await run(command, await unpackOddObjects(name), context)
    expect(summarise(context.warnings)).toEqual(committed)
    const chosen = command === 'rewrite --events' ? rows.slice(2, 9) : rows
    await lookInto(output, pool, async (file) => {
      expect(await file.attribute('/', 'experiment:sample')).toBe('beads')
      expect(await file.values('/logs/log')).toEqual(['a line'])
      if (command === 'basins') return
      expect(await file.values('/events/deform')).toEqual(chosen.map((row) => row / 8))
      if (command === 'rewrite --features') return
      expect(await file.attribute('/events/image', 'CLASS')).toBe('IMAGE')
      for (let number = 0; number < 9; number += 1) {
        const path = `/events/userdef${number}`
        expect(await file.values(path)).toEqual(chosen.map((row) => row + number))
        const dataset = await file.find(path)
        if (dataset?.kind !== 'dataset') throw new Error(`${path} is no dataset`)
        expect(dataset.datatype).toMatchObject({ class: 'float', size: 4 })
        const attributes = dataset.attributes.map((one) => [one.name, readAttributeValue(one)])
        expect(Object.fromEntries(attributes)).toEqual(Object.fromEntries([...texts, ['own', number]]))
      }
    })
  })

  test('are of the chosen features only', async () => {
    const input = await unpackOddObjects(name)
    const output = join(input, '..', 'out.rtdc')
    await rewrite({ input, output, features: ['userdef7', 'ml_score_010'] }, makeContext(pool))
    await lookInto(output, pool, async (file) => {
      expect(await file.names('/events')).toEqual(['ml_score_010', 'userdef7'])
      expect(await file.values('/events/userdef7')).toEqual(rows.map((row) => row + 7))
      expect(await file.values('/events/ml_score_010')).toEqual(rows.map((row) => row + 10))
    })
  })

  test('are no damage', async () => {
    const path = await unpackOddObjects(name)
    expect(await findDamage(path)).toEqual([])
    const report = await inspectFile(nodeDisk, path)
    expect(summarise(report.warnings)).toEqual(committed)
    expect(report.features.find(({ name }) => name === 'userdef7')?.chunks).toEqual([7])
  })
})

describe('a group whose links lie behind a filter', () => {
  test.each(COMMANDS)('is left out: %s', async (command) => {
    const context = makeContext(pool)
    const output = await run(command, await unpackOddObjects('filtered-heap'), context)
    expect(summarise(context.warnings)).toEqual([['W_LEFT_OUT', '/other']])
    expect(context.warnings[0]?.message).toContain('a heap with filtered blocks is not supported')
    await lookInto(output, pool, async (file) => {
      expect(await file.names('/')).not.toContain('other')
      expect(await file.attribute('/', 'experiment:sample')).toBe('beads')
    })
  })
})

describe('virtual datasets', () => {
  const rows = Array.from({ length: EVENTS }, (_, row) => row)
  const parts = [...rows.slice(10), 100, 104, 108, 112, 116, -1, -1, -1, -1, -1]
  const left = [
    ['W_EXT', '/events/userdef5'],
    ['W_EXT', '/events/userdef6'],
  ]

  test.each(['rewrite', 'rewrite --events', 'record'] as const)(
    'of sources in the same file become ordinary ones: %s',
    async (command) => {
      const context = makeContext(pool)
      const output = await run(command, await unpackOddObjects('virtual'), context)
      expect(summarise(context.warnings)).toEqual(left)
      const cut = <T>(list: readonly T[]): readonly T[] =>
        command === 'rewrite --events' ? list.slice(2, 9) : list
      await lookInto(output, pool, async (file) => {
        expect(await file.values('/events/userdef1')).toEqual(cut(rows))
        expect(await file.values('/events/userdef2')).toEqual(cut(rows.map((row) => row + 100)))
        expect(await file.values('/events/userdef3')).toEqual(cut(parts))
        expect(await file.values('/events/userdef4')).toEqual(cut(parts))
        expect(await file.find('/events/userdef3')).toMatchObject({ layout: { kind: 'chunked' } })
      })
    },
  )

  test('can be chosen', async () => {
    const input = await unpackOddObjects('virtual')
    const output = join(input, '..', 'out.rtdc')
    await rewrite({ input, output, features: ['userdef1'] }, makeContext(pool))
    expect(await lookInto(output, pool, (file) => file.values('/events/userdef1'))).toEqual(rows)
  })

  test('of a file that has another name now show nothing of the file of the old name', async () => {
    const input = await unpackOddObjects('virtual')
    const renamed = join(input, '..', 'renamed.rtdc')
    await writeFile(renamed, await readFile(input))
    const context = makeContext(pool)
    const output = await run('rewrite', renamed, context)
    expect(summarise(context.warnings)).toEqual([['W_EXT', '/events/userdef2'], ...left])
    expect(await lookInto(output, pool, (file) => file.names('/events'))).not.toContain('userdef2')
  })

  test('are told of by those who look at the file', async () => {
    const path = await unpackOddObjects('virtual')
    expect(await findDamage(path)).toEqual([])
    const report = await inspectFile(nodeDisk, path)
    expect(report.features.map(({ name }) => name)).toContain('userdef4')
    expect(summarise(report.warnings)).toEqual(left)
    expect(report.warnings[1]?.message).toContain('elsewhere.h5 (by way of /events/userdef5)')
  })
})

describe('netCDF dimensions', () => {
  const ownReference = ['W_TYPE', '/events/deform@made from']
  const expected = {
    rewrite: [ownReference, ['W_DIMENSION', undefined]],
    'rewrite --events': [ownReference, ['W_DIMENSION', undefined]],
    'rewrite --features': [ownReference, ['W_DIMENSION', undefined]],
    basins: [['W_DIMENSION', undefined]],
    record: [ownReference, ['W_DIMENSION', undefined]],
  } as const

  test.each(COMMANDS)('are told once a file, with advice: %s', async (command) => {
    const context = makeContext(pool)
    const input = await unpackOddObjects('dimensions')
    await run(command, input, context)
    expect(summarise(context.warnings).sort()).toEqual([...expected[command]].sort())
    const warning = context.warnings.find(({ code }) => code === 'W_DIMENSION')
    expect(warning?.path).toBe(input)
    expect(warning?.message).toMatch(/no values are lost.*attach_scale/)
  })

  test('values and the attributes that are no references are carried', async () => {
    const output = await run('rewrite', await unpackOddObjects('dimensions'), makeContext(pool))
    await lookInto(output, pool, async (file) => {
      expect(await file.values('/events/deform')).toEqual(Array.from({ length: EVENTS }, (_, row) => row / 8))
      expect(await file.values('/event')).toEqual(new Array(EVENTS).fill(0))
      expect(await file.attribute('/event', 'CLASS')).toBe('DIMENSION_SCALE')
      expect(await file.attribute('/y', '_Netcdf4Dimid')).toBe(1)
      expect(await file.attribute('/y', 'REFERENCE_LIST')).toBeUndefined()
    })
  })

  test('are one hint of verify, and none of what is made of it', async () => {
    const input = await unpackOddObjects('dimensions')
    const output = await run('rewrite', input, makeContext(pool))
    const hints = async (path: string): Promise<unknown[]> => {
      const { findings } = await verifyFile(path, { disk: nodeDisk, pool })
      const found = findings.filter(({ code }) => code === 'H_DIMENSION' || code === 'H_ATTRIBUTE')
      return found.map(({ code, object, message }) => [code, object, /: (\d+);/.exec(message)?.[1]])
    }
    expect(await hints(input)).toEqual([
      ['H_ATTRIBUTE', '/events/deform', undefined],
      ['H_DIMENSION', null, '9'],
    ])
    expect(await hints(output)).toEqual([])
  })

  test('are no warning of inspect', async () => {
    expect((await inspectFile(nodeDisk, await unpackOddObjects('dimensions'))).warnings).toEqual([])
  })
})

test('a disk that does not answer ends the job, whatever was being read', async () => {
  const input = await unpackOddObjects('hard-links')
  const output = join(input, '..', 'out.rtdc')
  const disk = wrapDisk(nodeDisk, {
    fault: ({ kind, path, bytes }) =>
      kind === 'read' && path === input && bytes === 6 ? { kind: 'fail', code: 'EIO' } : undefined,
  })
  const context = makeContext(pool, { disk })
  await expectRejection(rewrite({ input, output }, context), 'E_IO')
})
