import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { JobEvent } from '../../../src-main/jobs/job-life.ts'
import type { Job } from '../../../src-main/jobs/job-schema.ts'
import {
  ProcessOwner,
  type ForkJobProcess,
  type JobProcess,
  type ProcessLimits,
} from '../../../src-main/jobs/process-owner.ts'

/** What a real child process did, and every message that was posted to it. */
export interface ForkedChild {
  readonly child: ChildProcess
  readonly posted: unknown[]
  readonly process: JobProcess
}

const registerTypescript = new URL('../../helpers/register-typescript.mjs', import.meta.url).href

/** Starts a file of this project as a child process of Node, killed at the latest when the test is over. */
export function forkNode(path: string, ...programArguments: string[]): ForkedChild {
  const child = fork(fileURLToPath(new URL(path, import.meta.url)), programArguments, {
    execArgv: ['--import', registerTypescript],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const posted: unknown[] = []
  return { child, posted, process: wrapChild(child, posted) }
}

function wrapChild(child: ChildProcess, posted: unknown[]): JobProcess {
  let words = ''
  child.stderr?.on('data', (data: Buffer) => (words += data.toString()))
  return {
    post: (message) => {
      posted.push(message)
      child.send(message, () => undefined)
    },
    onMessage: (listener) => child.on('message', listener),
    // Each exit is told twice, as Electron may do.
    onExit: (listener) => {
      const tell = (code: number | null, signal: NodeJS.Signals | null): void =>
        listener({ code, reason: signal, lastWords: words.trim() })
      child.on('close', (code, signal) => {
        tell(code, signal)
        tell(code, signal)
      })
    },
    kill: () => child.kill('SIGKILL'),
  }
}

/** A process owned for a job, with everything that its owner told. */
export function own(job: Job, fork: ForkJobProcess, limits?: ProcessLimits) {
  const events: JobEvent[] = []
  const waiting: { readonly isWanted: (event: JobEvent) => boolean; readonly resolve: () => void }[] = []
  const onEvent = (event: JobEvent): void => {
    events.push(event)
    for (const { isWanted, resolve } of waiting) if (isWanted(event)) resolve()
  }
  const owner = new ProcessOwner(job, { fork, onEvent, ...(limits && { limits }) })
  /** Rejects if the process goes before. */
  const waitFor = (kind: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const isWanted = (event: JobEvent): boolean => event.kind === 'message' && event.message.kind === kind
      if (events.some(isWanted)) resolve()
      waiting.push({ isWanted, resolve })
      void owner.gone.then(() => reject(new Error(`gone before ${kind}: ${JSON.stringify(events)}`)))
    })
  return { owner, events, waitFor }
}
