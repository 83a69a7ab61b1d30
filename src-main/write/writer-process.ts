import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Unsupported } from '../errors.ts'
import { locateWorker } from '../hdf5/worker-location.ts'

/** How a process ended. */
export interface WriterProcessExit {
  /** Exit code; null if a signal ended it or it never started. */
  readonly code: number | null
  /** What the runtime says: a signal, an error of starting it; null if it said nothing. */
  readonly reason: string | null
  /** The end of what it wrote to its error output. */
  readonly lastWords: string
}

/** A process of its own to which messages go, whatever runtime it is of. */
export interface WriterProcess {
  /** Does nothing once the process is gone. Throws what cannot be sent. */
  post(message: unknown): void
  onMessage(listener: (value: unknown) => void): void
  /** Also where it could not be started at all; may be called more than once. */
  onExit(listener: (exit: WriterProcessExit) => void): void
  /** At once and for good; never throws. */
  kill(): void
}

/** Starts a process that runs this program (an absolute path) and speaks structured clones; may throw. */
export type StartProcess = (modulePath: string) => WriterProcess

/** What is needed of Electron's `utilityProcess`, which only an application under Electron can import. */
export interface UtilityProcessModule {
  fork(
    modulePath: string,
    args: string[],
    options: { readonly serviceName: string; readonly stdio: ['ignore', 'ignore', 'pipe'] },
  ): UtilityChild
}

interface UtilityChild {
  readonly pid: number | undefined
  readonly stderr: NodeJS.ReadableStream | null
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  once(event: 'exit', listener: (code: number) => void): unknown
  kill(): boolean
}

const MAX_LAST_WORDS = 4096

/** Starts the process of a queue writer: the bundle beside this one, or the source where this is a source. */
export function startWriterProcess(start: StartProcess = startNodeProcess): WriterProcess {
  return start(fileURLToPath(locateWorker('../write/queue-writer-child.ts').url))
}

/**
 * A child process of plain Node. Throws Unsupported (E_USAGE) under Electron, where a packed application cannot become Node: give
 * `startProcess: startUtilityProcess(utilityProcess)` there.
 */
export const startNodeProcess: StartProcess = (modulePath) => {
  if ('electron' in process.versions) {
    throw new Unsupported(
      'E_USAGE',
      'under Electron a queue writer needs to be told how to start a process: startProcess: startUtilityProcess(utilityProcess)',
    )
  }
  const child = fork(modulePath, [], {
    serialization: 'advanced',
    // Not those of this process: its debugger's port is taken, its scripts are its own.
    execArgv: locateWorker('../write/queue-writer-child.ts').execArgv,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  return wrapNodeProcess(child)
}

/** Processes of Electron: give it the `utilityProcess` of the module `electron`. */
export function startUtilityProcess(utilityProcess: UtilityProcessModule): StartProcess {
  return (modulePath) => {
    const child = utilityProcess.fork(modulePath, [], {
      serviceName: 'Weir queue writer',
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    return wrapUtilityProcess(child)
  }
}

/** A child process that was forked with `serialization: 'advanced'`. */
export function wrapNodeProcess(child: ChildProcess): WriterProcess {
  const readLastWords = keepLastWords(child.stderr)
  // Not `close`, which never comes where this side cut the channel.
  const ended = Promise.all([
    happens(child, 'exit'),
    happens(child, 'disconnect'),
    child.stderr && happens(child.stderr, 'close'),
  ])
  return {
    post: (message) => {
      // The answer of a broken channel is the exit that follows it.
      if (child.connected) child.send(message as object, () => undefined)
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => {
      child.once('error', (error) => listener({ code: null, reason: error.message, lastWords: '' }))
      void ended.then(() =>
        listener({ code: child.exitCode, reason: child.signalCode, lastWords: readLastWords() }),
      )
    },
    kill: () => child.kill('SIGKILL'),
  }
}

function happens(emitter: NodeJS.EventEmitter, event: string): Promise<void> {
  return new Promise((resolve) => emitter.once(event, () => resolve()))
}

function wrapUtilityProcess(child: UtilityChild): WriterProcess {
  const readLastWords = keepLastWords(child.stderr)
  let isGone = false
  return {
    post: (message) => {
      // electron#53923: posting in or after `exit` brought the main process down.
      if (!isGone) child.postMessage(message)
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) =>
      child.once('exit', (code) => {
        isGone = true
        listener({ code, reason: null, lastWords: readLastWords() })
      }),
    kill: () => {
      if (!isGone) child.kill()
    },
  }
}

/** The end of what the process writes to its error output; the rest is dropped, so that it can never fill the memory. */
function keepLastWords(stderr: NodeJS.ReadableStream | null): () => string {
  let words = ''
  stderr?.on('data', (data: Buffer) => {
    words = `${words}${data.toString('utf8')}`.slice(-MAX_LAST_WORDS)
  })
  return () => words.trim()
}
