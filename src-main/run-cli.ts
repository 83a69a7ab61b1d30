import { open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { listenToSignals, SignalCounter } from './cli/signal-steps.ts'

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
  const signals = new SignalCounter()
  listenToSignals(process, (name) => signals.raise(name))
  const log = logPath === null ? undefined : await openLog(logPath)
  const { runProgram } = await import('./cli/program.ts')
  return await runProgram(given, { process, signals, ...(log && { streams: { stdout: log, stderr: log } }) })
}

async function openLog(path: string): Promise<Writable> {
  try {
    return (await open(path, 'w')).createWriteStream()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    process.stderr.write(`weir: error: --log ${path}: cannot be written: ${reason} (E_USAGE)\n`)
    return process.exit(EXIT_REFUSED)
  }
}
