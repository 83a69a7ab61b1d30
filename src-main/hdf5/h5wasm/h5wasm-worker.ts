import { parentPort } from 'node:worker_threads'
import { assertNever, Internal, ProcessGone } from '../../errors.ts'
import { packError } from '../thread-errors.ts'
import { useOnlyPlugins } from './filter-plugins.ts'
import { examineObjects, touchRows, type Fault } from './examine-file.ts'
import type { H5wasmAnswer, H5wasmRequest, ObjectSummary } from './h5wasm-messages.ts'
import { H5wasmSession, WasmTrap } from './h5wasm-session.ts'
import { loadH5wasm, type LoadedHdf5 } from './load-h5wasm.ts'

/** Entry point of the thread that h5wasm lives in: one file, one request at a time. */
let loading: Promise<LoadedHdf5> | undefined
let session: H5wasmSession | undefined
let walk: Iterator<ObjectSummary, void> | undefined
let examination: Iterator<readonly Fault[], void> | undefined

type AnsweredRequest = Exclude<H5wasmRequest, { readonly kind: 'load' }>

/** Takes well under a second, so that a group of 100,000 children does not look like a thread that hangs. */
const BATCH_OBJECTS = 1000

parentPort?.on('message', (request: H5wasmRequest) => void reply(request))

async function reply(request: H5wasmRequest): Promise<void> {
  if (request.kind === 'load') {
    // Whoever opens a file is told why it cannot be loaded.
    await load().catch(() => undefined)
    return
  }
  const answer = await answerSafely(request)
  const transfer = answer.kind === 'read' ? [answer.bytes.buffer] : []
  parentPort?.postMessage(answer, transfer)
}

/** Once in the life of this thread: whatever file comes, the library is the same. */
function load(): Promise<LoadedHdf5> {
  loading ??= loadH5wasm()
  return loading
}

async function answerSafely(request: AnsweredRequest): Promise<H5wasmAnswer> {
  try {
    return await answerTo(request)
  } catch (thrown) {
    if (!(thrown instanceof WasmTrap)) return { kind: 'error', isTrap: false, ...packError(thrown) }
    const text = `the HDF5 library stopped (${thrown.message}); the file may be damaged`
    return { kind: 'error', isTrap: true, ...packError(new ProcessGone('E_GONE', text)) }
  }
}

async function answerTo(request: AnsweredRequest): Promise<H5wasmAnswer> {
  if (request.kind === 'open') {
    const loaded = await load()
    useOnlyPlugins(loaded.library, request.pluginFolder)
    session = new H5wasmSession(loaded, request.path)
    return { kind: 'opened' }
  }
  if (!session) throw new Internal('h5wasm was asked before it had a file')
  switch (request.kind) {
    case 'list':
      if (request.isFirst) walk = session.walkObjects()
      return listNext(walk)
    case 'describe':
      return { kind: 'describe', description: session.describe(request.object) }
    case 'read':
      return { kind: 'read', bytes: session.readRows(request.object, request.start, request.stop) }
    case 'read-variable':
      return { kind: 'read-variable', data: session.readVariable(request) }
    case 'examine':
      if (request.isFirst) examination = examineObjects(session.calls)
      return examineNext(examination)
    case 'touch':
      touchRows(session.calls, request)
      return { kind: 'touched' }
    case 'close':
      session.close()
      session = undefined
      return { kind: 'closed' }
    default:
      return assertNever(request)
  }
}

function examineNext(objects: Iterator<readonly Fault[], void> | undefined): H5wasmAnswer {
  if (!objects) throw new Internal('h5wasm was asked to go on with an examination that was never begun')
  const faults: Fault[] = []
  for (let count = 0; count < BATCH_OBJECTS; count++) {
    const next = objects.next()
    if (next.done) return { kind: 'examine', faults, isDone: true }
    faults.push(...next.value)
  }
  return { kind: 'examine', faults, isDone: false }
}

function listNext(objects: Iterator<ObjectSummary, void> | undefined): H5wasmAnswer {
  const batch: ObjectSummary[] = []
  if (!objects) throw new Internal('h5wasm was asked to go on with a list that was never begun')
  while (batch.length < BATCH_OBJECTS) {
    const next = objects.next()
    if (next.done) return { kind: 'list', objects: batch, isDone: true }
    batch.push(next.value)
  }
  return { kind: 'list', objects: batch, isDone: false }
}
