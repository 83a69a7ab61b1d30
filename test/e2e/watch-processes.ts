import { fileURLToPath } from 'node:url'
import type { ElectronApplication } from '@playwright/test'
import type { JobPhase } from '../../src-main/jobs/job-report.ts'
import type { MessageFromProcess } from '../../src-main/jobs/job-messages.ts'

/** What a job process finds when it is started; see surroundings/job-process.mjs, which brings it about. */
export interface Surroundings {
  readonly writeBytesPerSecond?: number
  readonly readBytesPerSecond?: number
  readonly syncMs?: number
  readonly gate?: string
  readonly gateAfterBytes?: number
  readonly exitAfterBytes?: number
}

/** A utility process that main started. */
export interface SeenProcess {
  readonly program: string
  /** Null before it was started and after it ended. */
  readonly pid: number | null
  readonly hasExited: boolean
  readonly startedAt: number
  readonly exitedAt: number | null
  /** Every message that main received from it, in order, and when (ms). */
  readonly messages: readonly { readonly at: number; readonly message: MessageFromProcess }[]
  /** Messages that main posted to it after its end: must stay 0 (electron#53923). */
  readonly postsAfterExit: number
  /** Names of the variables that it was given. */
  readonly environment: readonly string[]
  readonly options: { readonly cwd: string | undefined; readonly stdio: unknown; readonly execArgv: unknown }
}

const JOB_PROCESS = fileURLToPath(new URL('surroundings/job-process.mjs', import.meta.url))

interface Watch {
  surroundings: Surroundings
  readonly processes: { -readonly [Key in keyof SeenProcess]: SeenProcess[Key] }[]
}

declare global {
  /** In the main process, put there by `watchProcesses`. */
  var weirTest: Watch
}

/**
 * Lets main start its job processes through surroundings/job-process.mjs from now on and keeps all that it hears from
 * any utility process. The product is not touched: `utilityProcess.fork` is what is replaced.
 */
export async function watchProcesses(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ utilityProcess }, wrapper) => {
    globalThis.weirTest = { surroundings: {}, processes: [] }
    const { fork } = utilityProcess
    utilityProcess.fork = (program, args, options = {}) => {
      const isJob = program.endsWith('job-process.js')
      const seen: Watch['processes'][number] = {
        program: program.replace(/^.*[\\/]/, ''),
        pid: null,
        hasExited: false,
        startedAt: Date.now(),
        exitedAt: null,
        messages: [],
        postsAfterExit: 0,
        environment: Object.keys(options.env ?? process.env),
        options: { cwd: options.cwd, stdio: options.stdio, execArgv: options.execArgv },
      }
      globalThis.weirTest.processes.push(seen)
      const env = {
        ...(options.env ?? process.env),
        WEIR_TEST_JOB_PROCESS: program,
        WEIR_TEST_SURROUNDINGS: JSON.stringify(globalThis.weirTest.surroundings),
      }
      const child = isJob ? fork(wrapper, args, { ...options, env }) : fork(program, args, options)
      const messages: { at: number; message: MessageFromProcess }[] = []
      seen.messages = messages
      child.on('spawn', () => (seen.pid = child.pid ?? null))
      child.on('message', (message: MessageFromProcess) => messages.push({ at: Date.now(), message }))
      child.on('exit', () => {
        seen.hasExited = true
        seen.exitedAt = Date.now()
      })
      const post = child.postMessage.bind(child)
      child.postMessage = (...given) => {
        if (seen.hasExited) seen.postsAfterExit += 1
        post(...given)
      }
      return child
    }
  }, JOB_PROCESS)
}

/** What job processes find that are started from now on. */
export function setSurroundings(app: ElectronApplication, surroundings: Surroundings): Promise<void> {
  return app.evaluate((_electron, given) => {
    globalThis.weirTest.surroundings = given
  }, surroundings)
}

/** All utility processes so far, oldest first. */
export function listProcesses(app: ElectronApplication): Promise<readonly SeenProcess[]> {
  return app.evaluate(() => globalThis.weirTest.processes)
}

/** The processes of jobs, oldest first. */
export async function listJobProcesses(app: ElectronApplication): Promise<readonly SeenProcess[]> {
  return (await listProcesses(app)).filter(({ program }) => program === 'job-process.js')
}

/** Resolves when the newest job process has told of this phase, or has come to its end. */
export function waitForPhase(app: ElectronApplication, phase: JobPhase): Promise<void> {
  return app.evaluate(
    (_electron, wanted) =>
      new Promise<void>((resolve) => {
        const timer = setInterval(() => {
          const newest = globalThis.weirTest.processes
            .filter(({ program }) => program === 'job-process.js')
            .at(-1)
          const hasCome = newest?.messages.some(
            ({ message }) =>
              (message.kind === 'progress' && message.progress.phase === wanted) ||
              ['done', 'failed', 'cancelled'].includes(message.kind),
          )
          if (hasCome !== true) return
          clearInterval(timer)
          resolve()
        }, 5)
      }),
    phase,
  )
}

/** Is a process of this number there (and no zombie)? */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}
