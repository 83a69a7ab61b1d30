import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { shapeOf } from '../../../src-main/hdf5/model.ts'
import { float64Type, integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import type { GroupWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { inspectFile } from '../../../src-main/read/inspect-file.ts'
import { verifyFile } from '../../../src-main/read/verify-file.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { addRows, addScalar, getPool, lookInto, writeMeasurement } from '../read/measurement-fixture.ts'
import { range } from './basin-jobs.ts'
import { makeContext, record, rewrite } from './job-fixture.ts'
import { COMMANDS, run } from './odd-objects-fixture.ts'

const context = () => makeContext(getPool())

async function addContours(events: GroupWriter, count: number, odd: number): Promise<GroupWriter> {
  const contour = events.requireGroup('contour')
  const points = { type: integerType(4, true), shape: [1, 2], bytes: new Uint8Array(8).fill(7) }
  for (let index = 0; index < count; index++) if (index !== odd) await addRows(contour, String(index), points)
  return contour
}

async function findShapes(path: string): Promise<unknown[]> {
  const { findings } = await verifyFile(path, { disk: nodeDisk, pool: getPool() })
  return findings
    .filter(({ code }) => /^._(SHAPE|DTYPE|LOG)$/.test(code))
    .map(({ code, object }) => [code, object])
}

describe('a group in place of a contour', () => {
  const write = (): Promise<string> =>
    writeMeasurement({
      events: 4,
      fill: async (_h5, events) => {
        const contour = await addContours(events, 4, 3)
        contour.requireGroup('3')
      },
    })

  test('does not matter where its event is not chosen', async () => {
    const input = await write()
    const output = join(dirname(input), 'out.rtdc')
    expect(await rewrite({ input, output, ...range(0, 2) }, context())).toMatchObject({ events: 2 })
  })

  test('is refused by name where it is', async () => {
    const input = await write()
    const output = join(dirname(input), 'out.rtdc')
    const error = await expectRejection(rewrite({ input, output, ...range(2, 4) }, context()), 'E_TYPE')
    expect(error).toMatchObject({ path: input, object: '/events/contour/3' })
  })

  test('is named by verify and inspect, which go on', async () => {
    const input = await write()
    expect(await findShapes(input)).toEqual([['V_SHAPE', '/events/contour/3']])
    const { features, warnings } = await inspectFile(nodeDisk, input)
    expect(features.find(({ name }) => name === 'contour')).toMatchObject({ shape: [4], dtype: '<i4' })
    expect(warnings).toMatchObject([{ code: 'E_TYPE', object: '/events/contour/3' }])
  })
})

test('contours of another shape or type, groups among tables and logs are named by verify', async () => {
  const input = await writeMeasurement({
    events: 3,
    fill: async (h5, events) => {
      const contour = await addContours(events, 2, -1)
      await addRows(contour, '2', { type: integerType(4, true), shape: [1, 3], bytes: new Uint8Array(12) })
      h5.root.requireGroup('tables').requireGroup('t')
      h5.root.requireGroup('logs').requireGroup('l')
    },
  })
  expect(await findShapes(input)).toEqual([
    ['V_SHAPE', '/events/contour/2'],
    ['V_SHAPE', '/tables/t'],
    ['A_LOG', '/logs/l'],
  ])
})

test('a dataset in place of the group of logs is carried, and the output has no log of its own', async () => {
  const input = await writeMeasurement({
    fill: (h5) => addScalar(h5.root, 'logs', [1, 2]).then(() => undefined),
  })
  const output = join(dirname(input), 'out.rtdc')
  const { warnings } = await rewrite({ input, output }, context())
  expect(warnings).toMatchObject([{ code: 'W_LEFT_OUT', object: '/logs' }])
  expect(await lookInto(output, ({ file }) => file.find('/logs'))).toMatchObject({ kind: 'dataset' })
})

describe('a feature whose rows have 0 bytes', () => {
  const write = (): Promise<string> =>
    writeMeasurement({
      fill: (_h5, events) => {
        const storage = { kind: 'contiguous' } as const
        events.createDataset('userdef0', { datatype: float64Type(), shape: [10, 0, 8], storage })
      },
    })

  test.each(COMMANDS.filter((command) => command !== 'record'))('has its shape: %s', async (command) => {
    const output = await run(command, await write(), context())
    const found = await lookInto(output, ({ file }) => file.find('/events/userdef0'))
    const shape = found?.kind === 'dataset' ? shapeOf(found.dataspace) : undefined
    const shapes = { rewrite: [10, 0, 8], 'rewrite --events': [7, 0, 8] }
    expect(shape).toEqual(command in shapes ? shapes[command as keyof typeof shapes] : undefined)
  })

  test('is left out of a recording by name', async () => {
    const input = await write()
    const source = { kind: 'replay', file: input } as const
    const { warnings } = await record({ output: join(dirname(input), 'out.rtdc'), source }, context())
    expect(warnings).toMatchObject([{ code: 'W_FEATURE', object: '/events/userdef0' }])
    expect(warnings[0]?.message).toContain('0 bytes')
  })
})

describe('another name of a feature outside of events', () => {
  const write = (): Promise<string> =>
    writeMeasurement({
      fill: (h5, events) => {
        const deform = events.child('deform')
        const deep = h5.root.requireGroup('other/deep')
        if (deform !== undefined) deep.addHardLink('hard', deform)
        deep.addSoftLink('soft', '/events/deform')
      },
    })

  test('stays one, and is said to have the chosen events only', async () => {
    const input = await write()
    const output = join(dirname(input), 'out.rtdc')
    const { warnings } = await rewrite({ input, output, ...range(0, 3) }, context())
    expect(warnings.map(({ code, object }) => [code, object])).toEqual([
      ['W_SELECTED', '/other/deep/hard'],
      ['W_SELECTED', '/other/deep/soft'],
    ])
    await lookInto(output, async ({ file }) => {
      const objects = ['/events/deform', '/other/deep/hard', '/other/deep/soft']
      const found = await Promise.all(objects.map((object) => file.find(object)))
      expect(new Set(found.map((object) => object?.address)).size).toBe(1)
    })
  })

  test('needs no word where all events are taken', async () => {
    const input = await write()
    const { warnings } = await rewrite({ input, output: join(dirname(input), 'out.rtdc') }, context())
    expect(warnings).toEqual([])
  })
})
