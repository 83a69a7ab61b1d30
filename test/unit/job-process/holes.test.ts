import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { float64Type, integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import { FileWriter, type GroupWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { verifyOutput } from '../../../src-main/job-process/verify-output.ts'
import { checkRewrite } from '../../../src-main/job-process/check-rewrite.ts'
import { rewriteJobSchema } from '../../../src-main/jobs/job-schema.ts'
import { copyFeatures } from '../../../src-main/write/copy-features.ts'
import { FileReader } from '../../../src-main/hdf5/reading/file-reader.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { addRows, addScalar, getPool, lookInto, writeMeasurement } from '../read/measurement-fixture.ts'
import { range, run } from './basin-jobs.ts'
import { makeContext, record, rewrite } from './job-fixture.ts'

/** A dataset of which nothing was ever written. */
function addHole(group: GroupWriter, name: string): void {
  const storage = { kind: 'chunked', chunkShape: [2, 2], filters: [] } as const
  group.createDataset(name, { datatype: integerType(4, true), shape: [4, 2], storage })
}

const writeContours = (): Promise<string> =>
  writeMeasurement({
    events: 3,
    fill: async (_h5, events) => {
      const contour = events.requireGroup('contour')
      const points = { type: integerType(4, true), shape: [1, 2], bytes: new Uint8Array(8).fill(7) }
      for (const name of ['0', '2']) await addRows(contour, name, points)
      addHole(contour, '1')
    },
  })

describe('a piece that was never written', () => {
  test('in a contour fails the job, unless that contour is not chosen', async () => {
    const input = await writeContours()
    const output = join(dirname(input), 'out.rtdc')
    for (const settings of [{}, range(1, null)]) {
      const error = await expectRejection(
        rewrite({ input, output, ...settings }, makeContext(getPool())),
        'E_HOLE',
      )
      expect(error).toMatchObject({ path: input, object: '/events/contour/1' })
    }
    const { warnings } = await run(input, range(2, null))
    expect(warnings).toEqual([])
  })

  test('in a contour leaves that one out of a recording, with a warning', async () => {
    const input = await writeContours()
    const output = join(dirname(input), 'out.rtdc')
    const source = { kind: 'replay', file: input } as const
    const { warnings } = await record({ output, source }, makeContext(getPool()))
    expect(warnings).toMatchObject([{ code: 'W_HOLE', object: '/events/contour/1' }])
    expect(warnings[0]?.message).toContain('never written')
  })

  test('in a contour is a reason to refuse the job before it starts', async () => {
    const input = await writeContours()
    const job = rewriteJobSchema.parse({ task: 'rewrite', input, output: join(dirname(input), 'out.rtdc') })
    await expectRejection(checkRewrite(job, makeContext(getPool())), 'E_HOLE')
  })

  test('in a table leaves it out, and the warning tells how it is carried', async () => {
    const input = await writeMeasurement({
      fill: (h5) => {
        addHole(h5.root.requireGroup('tables'), 't')
      },
    })
    const output = join(dirname(input), 'out.rtdc')
    const { warnings } = await rewrite({ input, output }, makeContext(getPool()))
    expect(warnings).toMatchObject([{ code: 'W_HOLE', object: '/tables/t' }])
    expect(warnings[0]?.message).toContain('--holes fill')
  })

  test('in contours is filled with the fill value of each, and all are named', async () => {
    const input = await writeMeasurement({
      events: 2,
      fill: (_h5, events) => {
        const contour = events.requireGroup('contour')
        for (const [name, fill] of [5, 9].entries()) {
          const fillValue = Uint8Array.of(fill, 0, 0, 0)
          const storage = { kind: 'chunked', chunkShape: [2, 2], filters: [] } as const
          const datatype = integerType(4, true)
          contour.createDataset(String(name), { datatype, shape: [4, 2], storage, fillValue })
        }
      },
    })
    const output = join(dirname(input), 'out.rtdc')
    const { warnings } = await rewrite({ input, output, holes: 'fill' }, makeContext(getPool()))
    expect(warnings).toMatchObject([{ code: 'W_HOLE', object: '/events/contour' }])
    expect(warnings[0]?.message).toContain('its fill value (5) or its fill value (9)')
  })

  test('in a contour is none of the library either', async () => {
    const input = await writeContours()
    const src = await FileReader.open(nodeDisk, input)
    const dst = await FileWriter.create(nodeDisk, join(dirname(input), 'copy.rtdc'), { pool: getPool() })
    for (const dsKwds of [undefined, {}]) {
      await expectRejection(copyFeatures(src, dst, ['contour'], { dsKwds }), 'E_HOLE')
      dst.root.requireGroup('events').discardChild('contour')
    }
    await dst.close()
    await src.close()
  })

  test('in a log or a table leaves that out; another group has fill values there', async () => {
    const input = await writeMeasurement({
      fill: async (h5) => {
        for (const group of ['logs', 'tables', 'plugin']) {
          addHole(h5.root.requireGroup(group), 'hollow')
          await addScalar(h5.root.requireGroup(group), 'sound', [1])
        }
      },
    })
    const { output, warnings } = await run(input, {})
    const hollow = ['/logs/hollow', '/tables/hollow']
    const filled = warnings[2]
    expect(filled).toMatchObject({ code: 'W_HOLE', object: '/plugin/hollow' })
    expect(filled?.message).toContain('the output has')
    expect(warnings.slice(0, 2)).toMatchObject(
      hollow.map((object) => ({ code: 'W_HOLE', path: input, object })),
    )
    await lookInto(output, async ({ file }) => {
      expect(await file.find('/plugin/hollow')).toBeDefined()
      for (const object of hollow) {
        expect(await file.find(object)).toBeUndefined()
        expect(await file.find(object.replace('hollow', 'sound'))).toBeDefined()
      }
    })
  })
})

test('an output in which a feature has other rows than planned is not proven', async () => {
  const path = await writeMeasurement({ events: 4 })
  const file = await FileWriter.create(nodeDisk, join(dirname(path), 'other.rtdc'), { pool: getPool() })
  const events = file.root.requireGroup('events')
  const spec = { datatype: float64Type(), shape: [3], storage: { kind: 'contiguous' } } as const
  await events.createDataset('deform', spec).write({ bytes: new Uint8Array(24), sequences: [] })
  const written = await file.finish()
  await file.close()
  const verify = (shapes: [string, number[]][], contourCount?: number): Promise<unknown> =>
    verifyOutput({
      ...{ path: file.path, written, level: 'standard', disk: nodeDisk, pool: getPool() },
      signal: new AbortController().signal,
      expected: { shapes: new Map(shapes), contourCount },
      onBytes: () => undefined,
    })
  await verify([['/events/deform', [3]]], 0)
  for (const wrong of [verify([['/events/deform', [2]]]), verify([['/events/area_um', [3]]])])
    expect((await expectRejection(wrong, 'E_VERIFY')).message).toMatch(/planned/)
  expect(await expectRejection(verify([], 2), 'E_VERIFY')).toMatchObject({ object: '/events/contour' })
})
