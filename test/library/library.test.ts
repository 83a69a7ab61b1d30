import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { installLibrary } from './installed-library.ts'

const library = installLibrary()

/** The example of the section "As a library". */
async function readExample(): Promise<string> {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const [, section = ''] = readme.split('\n## As a library\n')
  const example = /```ts\n([^]*?)```/.exec(section.split('\n## ')[0] ?? '')?.[1]
  if (example === undefined) throw new Error('README.md has no example of the library')
  return example
}

/** Frames through both queue writers, out of order, and what is in the files afterwards. */
const queueWriters = `
import {
  DatasetReader, EventQueue, FeatNevents, FileReader, QueueWriterProcess, QueueWriterThread, createFilterPool,
  fromBooleans, fromTypedArray, nodeDisk, readValues, type LogRecord, type QueueWriterBase,
} from 'weir/write'

const records: LogRecord[] = []
const shared = () => ({
  eventQueue: new EventQueue(1e6), writeQueueSize: { value: 0 }, featNevents: new FeatNevents(3), writeThreshold: 2,
})
const pool = createFilterPool({ threads: 1 })
const writers: [string, QueueWriterBase][] = [
  ['thread.rtdc', new QueueWriterThread({ ...shared(), pathOut: 'thread.rtdc', pool })],
  ['process.rtdc', new QueueWriterProcess({
    ...shared(), pathOut: 'process.rtdc', logQueue: { put: (record) => records.push(record) },
  })],
]
const found: Record<string, unknown> = {}
for (const [path, writer] of writers) {
  const running = writer.run()
  for (const position of [2, 0, 1]) {
    writer.featNevents.set(position, 1)
    await writer.eventQueue.put(position, new Map([
      ['deform', fromTypedArray(Float64Array.of(position / 10))],
      ['mask', fromBooleans([true, false], [1, 1, 2])],
    ]))
  }
  await running
  const file = await FileReader.open(nodeDisk, path)
  const read = async (name: string) => {
    const dataset = await file.find('/events/' + name)
    if (dataset?.kind !== 'dataset') throw new Error(name + ' is missing')
    return readValues(dataset.datatype, await (await DatasetReader.open(file, dataset, { pool })).readAll())
  }
  found[path] = [await read('deform'), await read('mask'), await read('index_unmapped'), writer.writtenEvents.value]
  await file.close()
}
await pool.close()
const electron = Object.keys(process.versions).includes('electron')
console.log(JSON.stringify({ found, logged: records.length > 0, electron }))
`

/** A caller with handlers of its own; after the signal to its group it goes on. */
const inGroup = `
import { EventQueue, FeatNevents, QueueWriterProcess, fromTypedArray } from 'weir/write'
const signal = process.argv[2]
const came = new Promise((resolve) => process.once(signal, () => resolve('got ' + signal)))
const writer = new QueueWriterProcess({
  eventQueue: new EventQueue(1e6), writeQueueSize: { value: 0 }, featNevents: new FeatNevents(6), writeThreshold: 2, pathOut: signal + '.rtdc',
})
const running = writer.run()
let said = ''
for (let position = 0; position < 6; position++) {
  writer.featNevents.set(position, 1)
  await writer.eventQueue.put(position, new Map([['deform', fromTypedArray(Float64Array.of(position))]]))
  if (position !== 3) continue
  while (writer.writtenFrames.value < 2) await new Promise((resolve) => setImmediate(resolve))
  console.log('ready')
  said = await came
}
await running
console.log(said + ', written ' + writer.writtenEvents.value)
`

/** Opens the file that it is given; while its standard input is open, it writes. Says when it has begun, and how it ends. */
const writesOn = `
import { once } from 'node:events'
import { HDF5Writer, fromTypedArray } from 'weir/write'
try {
  const writer = await HDF5Writer.open(process.argv[2], { mode: 'w' })
  await writer.storeFeatureChunk('deform', fromTypedArray(Float64Array.of(1, 2, 3)))
  console.log('writes')
  await once(process.stdin.resume(), 'end')
  await writer.close()
  console.log('closed')
} catch (error) {
  console.log(error.code + ' ' + error.message)
}
`

/** Runs it in a process of its own: `begun` is what it says first. */
async function startWriting(folder: string, path: string) {
  const child = spawn(process.execPath, ['writes-on.mjs', path], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async (): Promise<string> => String((await lines.next()).value)
  return { pid: child.pid, begun: await next(), child, next }
}

/** Starts the program as the head of a group, and sends the signal to the group once it is ready. */
function runInGroup(
  folder: string,
  signal: string,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, ['in-group.mjs', signal], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    const wasReady = text.includes('ready')
    text += part
    if (!wasReady && text.includes('ready') && child.pid !== undefined) process.kill(-child.pid, signal)
  })
  return new Promise((resolve) =>
    child.once('close', (code) => resolve({ code, said: text.replace('ready', '').trim() })),
  )
}

describe('the library, installed from its package', () => {
  test('runs the example of the README, and the installed command line accepts what it wrote', async () => {
    await library.write('example.mjs', await readExample())
    expect(await library.run('example.mjs')).toBe('')
    const weir = join(library.folder, 'node_modules', 'weir', 'out', 'weir.js')
    const inspecting = [weir, 'inspect', '--json', 'selected.rtdc']
    const { stdout } = await promisify(execFile)(process.execPath, inspecting, { cwd: library.folder })
    expect(stdout).toContain('"deform"')
    expect(stdout).toContain('"image"')
    expect(stdout).toContain('acquisition')
  })

  test.each([{ resolution: 'nodenext', withDeclarations: true }, { resolution: 'preserve' }] as const)(
    'types the example, and refuses what does not fit ($resolution)',
    async (options) => {
      await library.write('example.ts', await readExample())
      await library.write('queue-writers.ts', queueWriters)
      await library.write('wrong.ts', "import { HDF5Writer } from 'weir/write'\nawait HDF5Writer.open(1)\n")
      const found = await library.checkTypes(['example.ts', 'queue-writers.ts', 'wrong.ts'], options)
      expect(found.trim().split(/\n(?! )/)).toEqual([
        expect.stringMatching(/^wrong\.ts\(2,23\): error TS2345/),
      ])
    },
  )

  test('writes frames in a thread and in a process of its own, without Electron', async () => {
    const { code } = await transform(queueWriters, { loader: 'ts', format: 'esm', target: 'node20' })
    await library.write('queue-writers.mjs', code)
    const written = [[0, 0.1, 0.2], [255, 0, 255, 0, 255, 0], [0, 1, 2], 3]
    expect(JSON.parse(await library.run('queue-writers.mjs'))).toEqual({
      found: { 'thread.rtdc': written, 'process.rtdc': written },
      logged: true,
      electron: false,
    })
  })

  test('says of a process that ends without close() which output it leaves incomplete', async () => {
    await library.write(
      'not-closed.mjs',
      `import { HDF5Writer } from 'weir/write'
await HDF5Writer.open('not-closed.rtdc', { mode: 'w' })
process.exit(0)`,
    )
    await expect(library.run('not-closed.mjs')).rejects.toThrow(
      /not-closed\.rtdc was not closed and is incomplete/,
    )
  })

  test('never lets two processes write one file: the second is refused at the start', async () => {
    const { folder } = library
    await library.write('writes-on.mjs', writesOn)
    const weir = join(folder, 'node_modules', 'weir', 'out', 'weir.js')
    const record = [weir, 'record', '--simulate', '5', '--out', 'shared.rtdc', '--json', '--overwrite']
    const refusal = /E_EXISTS.* is being written by process /
    const first = await startWriting(folder, 'shared.rtdc')
    expect(first.begun).toBe('writes')
    expect((await startWriting(folder, 'shared.rtdc')).begun).toMatch(refusal)
    const refused = await promisify(execFile)(process.execPath, record, { cwd: folder }).catch(
      (error: unknown) => error,
    )
    expect(refused).toMatchObject({
      code: 2,
      stdout: expect.stringContaining(`process ${first.pid} on `) as string,
    })
    first.child.stdin.end()
    expect(await first.next()).toBe('closed')
    expect((await promisify(execFile)(process.execPath, record, { cwd: folder })).stdout).toContain('"done"')
    const slow = [...record, '--rate', '50', '--threshold', '10'].with(3, '100000')
    const recording = spawn(process.execPath, slow, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(recording, 'close')
    for await (const line of createInterface(recording.stdout)) if (line.includes('"phase":"record"')) break
    recording.stdout.resume()
    expect((await startWriting(folder, 'shared.rtdc')).begun).toMatch(refusal)
    recording.kill('SIGINT')
    expect(await ended).toEqual([0, null])
  })

  test.skipIf(process.platform === 'win32')(
    'writes on where a signal to its whole group only concerns the caller',
    async () => {
      await library.write('in-group.mjs', inGroup)
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
        expect(await runInGroup(library.folder, signal), signal).toEqual({
          code: 0,
          said: `got ${signal}, written 6`,
        })
    },
  )

  test('gives every name of dcnum.write, and keeps the rest to itself', async () => {
    await library.write(
      'names.mjs',
      `import * as write from 'weir/write'
const inside = await import('weir/out/main.js').then(() => 'open', (error) => error.code)
console.log(JSON.stringify({ names: Object.keys(write), inside }))`,
    )
    const { names, inside } = JSON.parse(await library.run('names.mjs')) as {
      readonly names: string[]
      readonly inside: string
    }
    expect(inside).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED')
    const ofDcnum = [
      ...[
        'ChunkWriter',
        'EventStash',
        'HDF5Writer',
        'QueueWriterBase',
        'QueueWriterProcess',
        'QueueWriterThread',
      ],
      ...['copyBasins', 'copyFeatures', 'copyMetadata', 'createWithBasins', 'setDefaultFilterKwargs'],
    ]
    expect(names).toEqual(expect.arrayContaining(ofDcnum))
    expect(names.sort()).toMatchSnapshot()
  })
})
