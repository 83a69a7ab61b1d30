import { Worker } from 'node:worker_threads'
import { locateWorker } from '../worker-location.ts'

const THREAD_LIMITS = { maxOldGenerationSizeMb: 512, stackSizeMb: 4 } as const
/** A thread takes a third of a second to start, and some 50 MB while it waits. */
const MOST_WAITING = 1
const LONGEST_WAIT_MS = 5000

/** Threads whose file was closed without any trouble; the next file takes one of them. */
const waiting = new Map<Worker, NodeJS.Timeout>()

/** A thread with the library and without a file. */
export function takeThread(): Worker {
  for (const [worker, timer] of waiting) {
    clearTimeout(timer)
    waiting.delete(worker)
    dropListeners(worker)
    return worker
  }
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
  if (waiting.size >= MOST_WAITING) {
    await worker.terminate()
    return
  }
  const forget = (): void => {
    clearTimeout(waiting.get(worker))
    waiting.delete(worker)
  }
  worker.on('error', forget)
  worker.on('exit', forget)
  worker.unref()
  const end = setTimeout(() => void worker.terminate(), LONGEST_WAIT_MS)
  waiting.set(worker, end.unref())
}

/** By name: Node keeps listeners of its own there, without which messages stop. */
function dropListeners(worker: Worker): void {
  for (const event of ['error', 'exit', 'message']) worker.removeAllListeners(event)
}
