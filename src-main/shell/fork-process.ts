import type { App, Details, UtilityProcess, utilityProcess } from 'electron'
import type { ProcessExit } from '../jobs/job-life.ts'
import type { ChildPort } from '../jobs/process-owner.ts'

/** What of Electron is needed; main gives the real ones. */
export interface ElectronParts {
  readonly utilityProcess: Pick<typeof utilityProcess, 'fork'>
  readonly app: Pick<App, 'on' | 'off'>
}

export interface ForkOptions {
  /** What the process is called where the system or a log names it. */
  readonly name: string
  /** The bundle that it runs. */
  readonly modulePath: string
  /** A folder that stays. */
  readonly workingFolder: string
  readonly environment: NodeJS.ProcessEnv
}

/** All that a process needs to know of the user's surroundings. */
const PASSED_ON = [
  ...['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ'],
  ...['SystemRoot', 'SystemDrive', 'TEMP', 'TMP', 'USERPROFILE', 'LOCALAPPDATA', 'APPDATA'],
]

const MAX_LAST_WORDS = 4096
/** The reason of an exit may come a little after it. */
const REASON_WAIT_MS = 100

let forkCount = 0

/** Starts utility processes, one for each call. */
export function createProcessFork<Message>(
  parts: ElectronParts,
  options: ForkOptions,
): () => ChildPort<Message> {
  return () => {
    forkCount += 1
    const serviceName = `${options.name} ${forkCount}`
    const child = parts.utilityProcess.fork(options.modulePath, [], {
      serviceName,
      cwd: options.workingFolder,
      env: pickEnvironment(options.environment),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    return wrapUtilityProcess(child, parts.app, serviceName)
  }
}

function wrapUtilityProcess<Message>(
  child: UtilityProcess,
  app: ElectronParts['app'],
  serviceName: string,
): ChildPort<Message> {
  let isGone = false
  let reason: string | null = null
  const readLastWords = keepLastWords(child)
  const noteReason = (_event: unknown, details: Details): void => {
    if (details.name === serviceName || details.serviceName === serviceName) reason ??= details.reason
  }
  app.on('child-process-gone', noteReason)
  return {
    post: (message) => {
      // electron#53923: posting in or after `exit` brought the main process down.
      if (!isGone) child.postMessage(message)
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => listenToExit(child, { markGone, listener }),
    kill: () => {
      if (isGone) return
      if (child.pid !== undefined) killNow(child.pid)
      child.kill()
    },
  }

  function markGone(code: number): Promise<ProcessExit> {
    isGone = true
    return new Promise((resolve) => {
      setTimeout(() => {
        app.off('child-process-gone', noteReason)
        resolve({ code, reason, lastWords: readLastWords() })
      }, REASON_WAIT_MS)
    })
  }
}

interface ExitListener {
  readonly markGone: (code: number) => Promise<ProcessExit>
  readonly listener: (exit: ProcessExit) => void
}

/** electron#44012: `exit` may come twice. */
function listenToExit(child: UtilityProcess, { markGone, listener }: ExitListener): void {
  child.once('exit', (code) => void markGone(code).then(listener))
}

/** The end of what the process writes to its error output; the rest is dropped, so that it can never fill the memory. */
function keepLastWords(child: UtilityProcess): () => string {
  let words = ''
  child.stderr?.on('data', (data: Buffer) => {
    words = `${words}${data.toString('utf8')}`.slice(-MAX_LAST_WORDS)
  })
  return () => words.trim()
}

/** `child.kill` asks; a process that was asked already is ended. */
function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It went by itself in this moment.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function pickEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const names = PASSED_ON.filter((name) => environment[name] !== undefined)
  return Object.fromEntries(names.map((name) => [name, environment[name] ?? '']))
}
