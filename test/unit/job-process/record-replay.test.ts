import { open, writeFile as writeText } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { Attribute, Datatype } from '../../../src-main/hdf5/model.ts'
import { readChunkTable } from '../../../src-main/hdf5/reading/chunk-table.ts'
import { makeFloatAttribute, makeTextAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { fixedStringType, float64Type, integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import type { FileWriter, GroupWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import type { JobOutcome } from '../../../src-main/job-process/job-context.ts'
import { checkOutput } from '../../../src-main/job-process/output-target.ts'
import { runRecord } from '../../../src-main/job-process/record-job.ts'
import { recordJobSchema } from '../../../src-main/jobs/job-schema.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { wrapDisk } from '../../helpers/faulty-disk.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { getPool, lookInto, writeFile, type OpenedFile } from '../write/file-fixture.ts'
import { makeContext, record, type TestContext } from './job-fixture.ts'

const EVENTS = 12

async function addNumbers(group: GroupWriter, name: string, rows: readonly number[]): Promise<void> {
  const dataset = group.createDataset(name, {
    datatype: float64Type(),
    shape: [0],
    maxShape: [null],
    storage: { kind: 'chunked', chunkShape: [10], filters: [] },
  })
  await dataset.append(new Uint8Array(Float64Array.from(rows).buffer))
}

async function addLog(group: GroupWriter, name: string, line: string): Promise<void> {
  const datatype = fixedStringType(line.length, 'ascii')
  const storage = { kind: 'chunked', chunkShape: [1], filters: [{ id: 3, flags: 0, values: [] }] } as const
  const dataset = group.createDataset(name, { datatype, shape: [1], storage })
  await dataset.append(new TextEncoder().encode(line))
  dataset.setAttribute(makeTextAttribute('software', 'ShapeIn'))
}

/** With a checksum, so that damage shows. */
async function addChecked(group: GroupWriter, name: string): Promise<void> {
  const storage = { kind: 'chunked', chunkShape: [1], filters: [{ id: 3, flags: 0, values: [] }] } as const
  const dataset = group.createDataset(name, { datatype: float64Type(), shape: [1], storage })
  await dataset.append(new Uint8Array(8))
}

const numbers = Array.from({ length: EVENTS }, (_, row) => row)

async function makeSource(add: (h5: FileWriter) => unknown = () => undefined): Promise<string> {
  return writeFile(async (h5) => {
    h5.root.setAttribute(makeTextAttribute('experiment:run identifier', 'abc'))
    const events = h5.root.requireGroup('events')
    await addNumbers(events, 'deform', numbers)
    await addNumbers(events, 'frame', numbers)
    await add(h5)
  })
}

async function replay(input: string, context: TestContext = makeContext(getPool())): Promise<JobOutcome> {
  const source = { kind: 'replay', file: input, rate: null, readers: 2 } as const
  return record({ output: outputOf(input), source, threshold: 2 }, context)
}

function outputOf(input: string): string {
  return join(dirname(input), 'out.rtdc')
}

function look<T>(input: string, what: (opened: OpenedFile) => Promise<T>): Promise<T> {
  return lookInto(outputOf(input), what)
}

function codesOf(outcome: JobOutcome): (readonly [string, string | undefined])[] {
  return outcome.warnings.map(({ code, object }) => [code, object] as const)
}

describe('a replay carries', () => {
  test('attributes of the group of events, of features, groups and logs', async () => {
    const input = await makeSource(async (h5) => {
      const events = h5.root.requireGroup('events')
      events.setAttribute(makeTextAttribute('note', 'kept'))
      events.child('deform')!.setAttribute(makeFloatAttribute('mean', 5.5))
      const trace = events.requireGroup('trace')
      trace.setAttribute(makeFloatAttribute('sample rate', 312_500))
      const spec = {
        datatype: integerType(2, true),
        shape: [EVENTS, 4],
        storage: { kind: 'contiguous' },
      } as const
      const raw = trace.createDataset('fl1_raw', spec)
      raw.setAttribute(makeFloatAttribute('gain', 2))
      await raw.append(new Uint8Array(EVENTS * 8))
      await addLog(h5.root.requireGroup('logs'), 'camera', 'all well')
      h5.root.requireGroup('logs').setAttribute(makeTextAttribute('kept by', 'ShapeIn'))
    })
    expect((await replay(input)).warnings).toEqual([])
    await look(input, async ({ attributes }) => {
      expect(await attributes('/events')).toEqual({ note: 'kept' })
      expect(await attributes('/events/deform')).toEqual({ mean: 5.5 })
      expect(await attributes('/events/trace')).toEqual({ 'sample rate': 312_500 })
      expect(await attributes('/events/trace/fl1_raw')).toEqual({ gain: 2 })
      expect(await attributes('/logs')).toEqual({ 'kept by': 'ShapeIn' })
      expect(await attributes('/logs/camera')).toEqual({ software: 'ShapeIn' })
    })
  })

  test('contours and objects that the format does not know', async () => {
    const input = await makeSource(async (h5) => {
      const contour = h5.root.requireGroup('events').requireGroup('contour')
      for (const row of numbers) await addNumbers(contour, String(row), [row, row + 0.5])
      await addNumbers(h5.root.requireGroup('calibration'), 'flat', [1, 2])
      await addNumbers(h5.root, 'loose', [7])
    })
    expect((await replay(input)).warnings).toEqual([])
    await look(input, async ({ names, values }) => {
      expect(await names('/events/contour')).toHaveLength(EVENTS)
      expect(await values('/events/contour/11')).toEqual([11, 11.5])
      expect(await values('/calibration/flat')).toEqual([1, 2])
      expect(await values('/loose')).toEqual([7])
    })
  })

  test('no helper of a pipeline: readers of the field do not know index_unmapped', async () => {
    const input = await makeSource((h5) =>
      addNumbers(h5.root.requireGroup('events'), 'index_unmapped', numbers),
    )
    expect(codesOf(await replay(input))).toEqual([['W_FEATURE', '/events/index_unmapped']])
    await look(input, async ({ names }) => {
      expect(await names('/events')).toEqual(['deform', 'frame', 'nevents'])
    })
  })
})

describe('a replay names what it leaves out', () => {
  test('basins, their data and their mappings', async () => {
    const input = await makeSource(async (h5) => {
      await addLog(
        h5.root.requireGroup('basins'),
        'one',
        '{"type":"internal","format":"h5dataset","name":"x","paths":["basin_events"],"features":["area_um"]}',
      )
      await addNumbers(h5.root.requireGroup('basin_events'), 'area_um', [1])
      await addNumbers(h5.root.requireGroup('events'), 'basinmap0', numbers)
    })
    const left = codesOf(await replay(input))
    expect(left).toContainEqual(['W_FEATURE', '/events/basinmap0'])
    expect(left).toContainEqual(['W_LEFT_OUT', '/basins'])
    expect(left).toContainEqual(['W_LEFT_OUT', '/basin_events'])
  })

  test('what told of all events, after a stop: statistics; and it is another measurement', async () => {
    const input = await makeSource(async (h5) => {
      const events = h5.root.requireGroup('events')
      events.child('deform')!.setAttribute(makeFloatAttribute('max', 11))
      events.child('deform')!.setAttribute(makeTextAttribute('unit', 'none'))
    })
    const stop = new AbortController()
    stop.abort()
    const outcome = await replay(input, makeContext(getPool(), { stopSignal: stop.signal }))
    expect(outcome.events).toBe(0)
    expect(codesOf(outcome)).toEqual([['W_LEFT_OUT', '/events/deform@max']])
    await look(input, async ({ attributes }) => {
      expect(await attributes('/events/deform')).toEqual({ unit: 'none' })
      const { 'experiment:run identifier': identifier } = await attributes('/')
      expect(identifier).toMatch(/^abc_weir-[0-9a-f]{7}$/)
    })
  })
})

describe('one odd member never drops its siblings', () => {
  const RAGGED: Datatype = { class: 'variable-sequence', size: 16, base: integerType(1, false) }

  test('a trace of variable length, beside a plain one', async () => {
    const input = await makeSource(async (h5) => {
      const trace = h5.root.requireGroup('events').requireGroup('trace')
      trace.setAttribute(makeFloatAttribute('sample rate', 312_500))
      const storage = { kind: 'contiguous' } as const
      const plain = { datatype: integerType(2, true), shape: [EVENTS, 2], storage }
      await trace
        .createDataset('fl1_raw', plain)
        .append(new Uint8Array(Int16Array.from({ length: EVENTS * 2 }, (_, at) => at).buffer))
      const bytes = new Uint8Array(EVENTS * 16)
      await trace.createDataset('fl1_odd', { datatype: RAGGED, shape: [EVENTS], storage }).write({
        bytes,
        sequences: [],
      })
    })
    expect(codesOf(await replay(input))).toEqual([['W_FEATURE', '/events/trace/fl1_odd']])
    await look(input, async ({ names, values, attributes }) => {
      expect(await names('/events/trace')).toEqual(['fl1_raw'])
      expect(await values('/events/trace/fl1_raw')).toEqual(Array.from({ length: EVENTS * 2 }, (_, at) => at))
      expect(await attributes('/events/trace')).toEqual({ 'sample rate': 312_500 })
    })
  })

  test('a damaged contour, a damaged table', async () => {
    const input = await makeSource(async (h5) => {
      const contour = h5.root.requireGroup('events').requireGroup('contour')
      for (const row of numbers)
        await (row === 3 ? addChecked(contour, '3') : addNumbers(contour, String(row), [row, row + 0.5]))
      const tables = h5.root.requireGroup('tables')
      for (const name of ['broken', 'whole']) await addChecked(tables, name)
    })
    await flipChunk(input, '/events/contour/3')
    await flipChunk(input, '/tables/broken')
    expect(codesOf(await replay(input))).toEqual([
      ['W_LEFT_OUT', '/events/contour/3'],
      ['W_LEFT_OUT', '/tables/broken'],
    ])
    await look(input, async ({ names, values }) => {
      expect(await names('/events/contour')).toHaveLength(EVENTS - 1)
      expect(await values('/events/contour/2')).toEqual([2, 2.5])
      expect(await values('/events/contour/4')).toEqual([4, 4.5])
      expect(await names('/tables')).toEqual(['whole'])
    })
  })
})

describe('the end of a recording never loses its events', () => {
  const expectEvents = (input: string): Promise<void> =>
    look(input, async ({ values, attributes }) => {
      expect(await values('/events/deform')).toEqual(numbers)
      expect(await attributes('/')).toMatchObject({ 'experiment:event count': EVENTS })
    })

  test('a log with a damaged chunk is left out, the others are carried', async () => {
    const input = await makeSource(async (h5) => {
      await addLog(h5.root.requireGroup('logs'), 'broken', 'it was well')
      await addLog(h5.root.requireGroup('logs'), 'whole', 'it is well')
    })
    await flipChunk(input, '/logs/broken')
    expect(codesOf(await replay(input))).toEqual([['W_LEFT_OUT', '/logs/broken']])
    await expectEvents(input)
    expect(await look(input, ({ names }) => names('/logs'))).toEqual(['weir-record', 'whole'])
  })

  test('a link with the name of the own log, or something else in place of the logs', async () => {
    const linked = await makeSource((h5) =>
      h5.root.requireGroup('logs').addSoftLink('weir-record', '/nowhere'),
    )
    await replay(linked)
    await expectEvents(linked)
    expect(await look(linked, ({ names }) => names('/logs'))).toEqual(['weir-record', 'weir-record_2'])
    const odd = await makeSource((h5) => addNumbers(h5.root, 'logs', [1]))
    expect(codesOf(await replay(odd))).toEqual([['W_LEFT_OUT', '/logs/weir-record']])
    await expectEvents(odd)
  })

  test('an attribute of the user that cannot be written is left out', async () => {
    const input = await makeSource()
    const output = outputOf(input)
    const job = recordJobSchema.parse({
      task: 'record',
      output,
      source: { kind: 'replay', file: input, rate: null, readers: 2 },
    })
    const impossible: Attribute = { ...makeFloatAttribute('', 1) }
    const target = await checkOutput({ path: output, overwrite: false, inputs: [] }, nodeDisk)
    const extraAttributes = [impossible, makeTextAttribute('user:note', 'kept')]
    const context = makeContext(getPool())
    const outcome = await runRecord({ job, target, watch: null, extraAttributes }, context)
    expect(codesOf(outcome)).toEqual([['W_LEFT_OUT', '/@']])
    await expectEvents(input)
    expect(await look(input, ({ attributes }) => attributes('/'))).toMatchObject({ 'user:note': 'kept' })
  })

  test('a key that no header takes is refused before anything is written', async () => {
    const input = await makeSource()
    const metadataFile = join(await makeTemporaryFolder(), 'extra.json')
    const source = { kind: 'replay', file: input, rate: null, readers: 2 } as const
    for (const key of [`user:${'x'.repeat(70_000)}`, 'user:a\0b']) {
      await writeText(metadataFile, JSON.stringify({ [key]: 1 }))
      const settings = { output: outputOf(input), source, metadataFile }
      await expectRejection(record(settings, makeContext(getPool())), 'E_USAGE')
    }
  })
})

test('a source that was overwritten while it was replayed is told, and nothing is called done', async () => {
  const input = await makeSource()
  const other = await writeFile(async (h5) => {
    for (const name of ['deform', 'frame', 'later'])
      await addNumbers(h5.root.requireGroup('events'), name, [...numbers].reverse())
  })
  let writes = 0
  const disk = wrapDisk(nodeDisk, {
    hook: async ({ kind, path }) => {
      if (kind === 'write' && path.endsWith('~') && ++writes === 2) await overwrite(input, other)
    },
  })
  await expectRejection(replay(input, makeContext(getPool(), { disk })), 'E_GROWING')
  expect(await nodeDisk.lookAt(outputOf(input))).toBeUndefined()
})

/** Another measurement in the same file: the inode stays. */
async function overwrite(path: string, other: string): Promise<void> {
  const source = await open(other)
  const bytes = await source.readFile().finally(() => source.close())
  await writeText(path, bytes)
}

async function flipChunk(path: string, object: string): Promise<void> {
  const address = await lookInto(path, async ({ file, dataset }) => {
    return (await readChunkTable(file, await dataset(object))).records[0]!.address
  })
  const handle = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await handle.read(byte, 0, 1, address)
  await handle.write(Uint8Array.of(byte[0]! ^ 1), 0, 1, address)
  await handle.close()
}
