import { appendFileSync } from 'node:fs'
import { open, readFile, writeFile as writeBytes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { lookup3 } from '../../../src-main/hdf5/lookup3.ts'
import { readChunkTable } from '../../../src-main/hdf5/reading/chunk-table.ts'
import { makeTextAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { float64Type } from '../../../src-main/hdf5/writing/datatypes.ts'
import { lookAgain } from '../../../src-main/job-process/second-look.ts'
import { takeFirstRows } from '../../../src-main/job-process/row-selection.ts'
import { RowsChanged } from '../../../src-main/read/file-watch.ts'
import { inspectFile } from '../../../src-main/read/inspect-file.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { getPool, lookInto, writeFile } from '../write/file-fixture.ts'
import { makeBasinFile, makeContext, record, rewrite, type TestContext } from './job-fixture.ts'

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** Features with so many rows; chunks of 10 with a checksum. */
async function makeInput(lengths: Readonly<Record<string, number>>): Promise<string> {
  return writeFile(async (h5) => {
    h5.root.setAttribute(makeTextAttribute('experiment:run identifier', 'abc'))
    const events = h5.root.requireGroup('events')
    for (const [name, length] of Object.entries(lengths)) {
      const dataset = events.createDataset(name, {
        datatype: float64Type(),
        shape: [0],
        maxShape: [null],
        storage: { kind: 'chunked', chunkShape: [10], filters: [{ id: 3, flags: 0, values: [] }] },
      })
      const rows = Float64Array.from({ length }, (_, row) => row)
      await dataset.append(new Uint8Array(rows.buffer))
    }
  })
}

/** Spec: superblock version 2, byte 11, bit 0: open for writing. */
async function setMark(path: string): Promise<void> {
  const bytes = await readFile(path)
  bytes[11] = 1
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(44, lookup3(bytes, 0, 44), true)
  await writeBytes(path, bytes)
}

async function flipRow(path: string, object: string, row: number): Promise<void> {
  const record = await lookInto(path, async ({ file, dataset }) => {
    return (await readChunkTable(file, await dataset(object))).get(Math.floor(row / 10))!
  })
  const handle = await open(path, 'r+')
  await handle.write(Uint8Array.of(77), 0, 1, record.address + (row % 10) * 8)
  await handle.close()
}

/** Bytes are added behind the file's end as soon as the job copies. */
function makeMovingContext(path: string): TestContext {
  let isMoved = false
  return makeContext(getPool(), {
    onProgress: ({ phase }) => {
      if (isMoved || (phase !== 'copy' && phase !== 'record' && phase !== 'metadata')) return
      isMoved = true
      appendFileSync(path, 'x')
    },
  })
}

const outputOf = (input: string): string => join(dirname(input), 'out.rtdc')
const readRows = (path: string, name: string): Promise<readonly unknown[]> =>
  lookInto(path, ({ values }) => values(`/events/${name}`))
const count = (length: number): number[] => Array.from({ length }, (_, row) => row)

describe('an input that moves while it is read', () => {
  test('is copied as it was, which is said with the number of events and the time', async () => {
    const input = await makeInput({ deform: 25, area_um: 25 })
    const output = outputOf(input)
    const context = makeMovingContext(input)
    const outcome = await rewrite({ input, output }, context)
    expect(outcome.events).toBe(25)
    const told = context.warnings.filter(({ code }) => code === 'W_GROWING')
    expect(told).toEqual([
      {
        code: 'W_GROWING',
        message: expect.stringContaining('25 events'),
        path: input,
        events: 25,
        time: expect.stringMatching(ISO),
      },
    ])
    expect(outcome.warnings).toContainEqual(told[0])
    expect(await readRows(output, 'deform')).toEqual(count(25))
    const identifier = await lookInto(
      output,
      async ({ attributes }) => (await attributes('/'))['experiment:run identifier'],
    )
    expect(identifier).toMatch(/^abc_weir-[0-9a-f]{7}$/)
  })

  test('is replayed, and referred to by a basin file with the rows that it had', async () => {
    const input = await makeInput({ deform: 25 })
    const source = { kind: 'replay', file: input, rate: null, readers: 2 } as const
    const replayed = await record({ output: outputOf(input), source }, makeMovingContext(input))
    expect(replayed.warnings).toContainEqual(expect.objectContaining({ code: 'W_GROWING', events: 25 }))
    expect(await readRows(outputOf(input), 'deform')).toEqual(count(25))
    const output = join(dirname(input), 'basin.rtdc')
    const basins = await makeBasinFile({ output, sources: [[input]] }, makeMovingContext(input))
    expect(basins.warnings).toContainEqual(expect.objectContaining({ code: 'W_GROWING', events: 25 }))
  })
})

describe('an input that says that a program has it open', () => {
  test('gives all its events and keeps its identifier', async () => {
    const input = await makeInput({ deform: 25, area_um: 25 })
    await setMark(input)
    const outcome = await rewrite({ input, output: outputOf(input) }, makeContext(getPool()))
    expect(outcome.warnings.map(({ code, events }) => [code, events])).toEqual([
      ['W_DIRTY', undefined],
      ['W_GROWING', 25],
    ])
    expect(await readRows(outputOf(input), 'deform')).toEqual(count(25))
    const root = await lookInto(outputOf(input), ({ attributes }) => attributes('/'))
    expect(root['experiment:run identifier']).toBe('abc')
  })

  test.each([
    ['all', { kind: 'all' }, count(23)],
    ['a range', { kind: 'range', start: 0, stop: 5, step: 1 }, count(5)],
  ] as const)('gives the rows that all its features have: %s', async (_, events, rows) => {
    const input = await makeInput({ deform: 25, area_um: 23 })
    await setMark(input)
    const outcome = await rewrite({ input, output: outputOf(input), events }, makeContext(getPool()))
    expect(outcome.warnings).toContainEqual(
      expect.objectContaining({ code: 'W_GROWING', events: rows.length }),
    )
    for (const name of ['deform', 'area_um']) expect(await readRows(outputOf(input), name)).toEqual(rows)
    const report = await inspectFile(nodeDisk, input)
    expect(report.events).toBe(23)
    expect(report.warnings.map(({ code }) => code)).toEqual(['W_DIRTY', 'W_GROWING'])
  })

  test('is never called damaged', async () => {
    const input = await makeInput({ deform: 25 })
    await flipRow(input, '/events/deform', 3)
    const attempt = (): Promise<unknown> =>
      rewrite({ input, output: outputOf(input) }, makeContext(getPool()))
    await expectRejection(attempt(), 'E_CHUNK')
    await setMark(input)
    const error = await expectRejection(attempt(), 'E_GROWING')
    expect(error.message).toContain('open for writing')
    expect(error.path).toBe(input)
    expect(await nodeDisk.lookAt(`${outputOf(input)}~`)).toBeUndefined()
  })
})

describe('the second look', () => {
  const look = async (input: string, output: string, length: number): Promise<void> => {
    const rows = takeFirstRows(length)
    const dataset = await lookInto(output, (opened) => opened.dataset('/events/deform'))
    const features = [{ name: 'deform', dataset, rows }]
    const signal = new AbortController().signal
    await lookAgain({ input, output, features, contours: [], disk: nodeDisk, pool: getPool(), signal })
  }

  test('takes a longer input for the same, also with the rows in another form', async () => {
    await look(await makeInput({ deform: 95 }), await makeInput({ deform: 60 }), 60)
  })

  test('tells an input that was overwritten from one whose last rows were not whole', async () => {
    const taken = await makeInput({ deform: 60 })
    const shorter = await makeInput({ deform: 50 })
    const gone = await makeInput({ area_um: 60 })
    for (const input of [shorter, gone]) {
      const error = await expectRejection(look(input, taken, 60), 'E_GROWING')
      expect(error).toBeInstanceOf(RowsChanged)
    }
    const other = await writeFile(async (h5) => {
      const events = h5.root.requireGroup('events')
      for (const row of [5, 58]) {
        const dataset = events.createDataset(row === 5 ? 'deform' : 'late', {
          datatype: float64Type(),
          shape: [60],
          storage: { kind: 'chunked', chunkShape: [10], filters: [] },
        })
        const rows = Float64Array.from(count(60), (value) => (value === row ? -1 : value))
        await dataset.append(new Uint8Array(rows.buffer))
      }
    })
    expect(await expectRejection(look(other, taken, 60), 'E_GROWING')).toBeInstanceOf(RowsChanged)
    const late = await writeFile(async (h5) => {
      const dataset = h5.root.requireGroup('events').createDataset('deform', {
        datatype: float64Type(),
        shape: [60],
        storage: { kind: 'chunked', chunkShape: [10], filters: [] },
      })
      const rows = Float64Array.from(count(60), (value) => (value === 58 ? 0 : value))
      await dataset.append(new Uint8Array(rows.buffer))
    })
    expect(await expectRejection(look(late, taken, 60), 'E_GROWING')).not.toBeInstanceOf(RowsChanged)
  })
})
