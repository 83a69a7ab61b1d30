import { Worker } from 'node:worker_threads'
import type { H5wasmRequest } from './h5wasm-messages.ts'
import { locateWorker } from '../worker-location.ts'

const THREAD_LIMITS = { maxOldGenerationSizeMb: 512, stackSizeMb: 4 } as const
/** A thread takes a third of a second to start, and some 50 MB while it waits. */
const MOST_WAITING = 1
const LONGEST_WAIT_MS = 5000

/** Threads without a file, and when they end; the next file takes one of them. Each is fresh, or has closed its file without any trouble. */
const waiting = new Map<Worker, NodeJS.Timeout | undefined>()
/** Threads that have a file. */
const busy = new Set<Worker>()
/** As long as there are any, threads wait without end. */
const reservations = new Set<symbol>()

/**
 * Has a thread wait until it is needed. If there is none, not even one that is at work now, one loads the library beside other work.
 * Returns what gives it free again: then it waits a little for another file.
 */
export function reserveThread(): () => void {
  const reservation = Symbol()
  reservations.add(reservation)
  if (waiting.size + busy.size === 0) {
    const worker = startThread()
    worker.postMessage({ kind: 'load' } satisfies H5wasmRequest)
    letWait(worker)
  }
  for (const worker of waiting.keys()) limitWait(worker)
  return () => {
    reservations.delete(reservation)
    for (const worker of waiting.keys()) limitWait(worker)
  }
}

/** A thread with the library and without a file. */
export function takeThread(): Worker {
  for (const [worker, timer] of waiting) {
    clearTimeout(timer)
    waiting.delete(worker)
    dropListeners(worker)
    return noteBusy(worker)
  }
  return noteBusy(startThread())
}

function noteBusy(worker: Worker): Worker {
  busy.add(worker)
  worker.once('exit', () => busy.delete(worker))
  return worker
}

function startThread(): Worker {
  const { url, execArgv } = locateWorker('h5wasm/h5wasm-worker.ts')
  const worker = new Worker(url, {
    execArgv,
    resourceLimits: THREAD_LIMITS,
    // Nothing of the environment gets in: HDF5_PLUGIN_PATH and its like are read there. Files are never locked.
    env: { HDF5_USE_FILE_LOCKING: 'FALSE' },
    stdout: true,
    stderr: true,
  })
  worker.stdout.resume()
  worker.stderr.resume()
  return worker
}

/** Keeps a thread for a while. Only for one that has closed its file and never complained: nothing of that file may be left in it. */
export async function keepThread(worker: Worker): Promise<void> {
  dropListeners(worker)
  busy.delete(worker)
  if (waiting.size >= MOST_WAITING) {
    await worker.terminate()
    return
  }
  letWait(worker)
  limitWait(worker)
}

function letWait(worker: Worker): void {
  const forget = (): void => {
    clearTimeout(waiting.get(worker))
    waiting.delete(worker)
  }
  worker.on('error', forget)
  worker.on('exit', forget)
  worker.unref()
  waiting.set(worker, undefined)
}

function limitWait(worker: Worker): void {
  clearTimeout(waiting.get(worker))
  const end =
    reservations.size === 0 ? setTimeout(() => void worker.terminate(), LONGEST_WAIT_MS).unref() : undefined
  waiting.set(worker, end)
}

/** By name: Node keeps listeners of its own there, without which messages stop. */
function dropListeners(worker: Worker): void {
  for (const event of ['error', 'exit', 'message']) worker.removeAllListeners(event)
}
