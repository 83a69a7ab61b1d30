import { open, stat } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { listenToSignals, SignalCounter } from './cli/signal-steps.ts'
import { refuseDebugger } from './refuse-debugger.ts'

export interface CliRequest {
  readonly given: readonly string[]
  readonly logPath: string | null
}

const EXIT_REFUSED = 2

/**
 * Runs the command line in the application's own process and ends it; the counterpart of `cli/weir.ts`. To be awaited while the main
 * module is evaluated: until then Chromium has made no window, asked for no display and created no folder.
 */
export async function runCli({ given, logPath }: CliRequest): Promise<never> {
  refuseDebugger(process)
  const signals = new SignalCounter()
  listenToSignals(process, (name) => signals.raise(name))
  const log = logPath === null ? undefined : await openLog(logPath)
  const { runProgram } = await import('./cli/program.ts')
  return await runProgram(given, { process, signals, ...(log && { streams: { stdout: log, stderr: log } }) })
}

/** A log never replaces a file: it might be a measurement that the very call names. */
async function openLog(path: string): Promise<Writable> {
  try {
    return (await open(path, (await isDevice(path)) ? 'w' : 'wx')).createWriteStream()
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST'
    const reason = error instanceof Error ? error.message : String(error)
    const why = isTaken ? 'exists already; name another file or remove it' : `cannot be written: ${reason}`
    process.stderr.write(`weir: error: --log ${path}: ${why} (E_USAGE)\n`)
    return process.exit(EXIT_REFUSED)
  }
}

/** A pipe, a terminal, NUL: something that holds nothing. */
async function isDevice(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined)
  return facts !== undefined && !facts.isFile()
}
