import { isAbsolute } from 'node:path'
import type { Writable } from 'node:stream'

import { Internal, toErrorData } from '../errors.ts'
import { nodeDisk } from '../hdf5/disk/node-disk.ts'
import { collectAtOnce } from '../job-process/collect-at-once.ts'
import { createTasks } from './create-tasks.ts'
import { EXIT_DONE, EXIT_FAILED } from './job-result.ts'
import { runCommandLine } from './run-command-line.ts'
import { listenToSignals, type SignalCounter } from './signal-steps.ts'
import type { Surroundings } from './surroundings.ts'
import { StreamSink } from './text-sink.ts'
import { writeError } from './write-message.ts'

/** How long jobs may take to clean up after a mistake in Weir that nobody caught. */
const CLEAN_UP_MS = 10_000

export interface ProgramOptions {
  readonly process: NodeJS.Process
  readonly signals: SignalCounter
  /** Where the output goes; by default to the process's own streams. */
  readonly streams?: { readonly stdout: Writable; readonly stderr: Writable }
}

/**
 * Runs the command line in this process and ends it, when all output was taken: an earlier end would cut off what a slow reader has
 * not taken yet.
 */
export async function runProgram(
  given: readonly string[],
  { process, signals, streams = process }: ProgramOptions,
): Promise<never> {
  collectAtOnce()
  const stdout = new StreamSink(streams.stdout)
  const stderr = new StreamSink(streams.stderr)
  const isFatal = catchMistakes(process, { stderr, signals })
  const tasks = createTasks(nodeDisk)
  const surroundings: Surroundings = {
    arguments: given,
    baseFolder: chooseBaseFolder(process),
    stdout,
    stderr,
    columns: chooseColumns(process),
    signals,
    disk: nodeDisk,
    tasks,
  }
  let code: number
  try {
    code = await runCommandLine(surroundings)
    await tasks.close()
  } catch (thrown) {
    writeError(stderr, toErrorData(thrown))
    code = EXIT_FAILED
  }
  process.exitCode = isFatal() ? EXIT_FAILED : code
  // From here on there is nothing to clean up: a signal may end a process that waits for its reader.
  listenToSignals(process, () => exitAsSet(process))
  await stdout.flush()
  if (stdout.loss !== undefined) reportLoss(process, { stderr, loss: stdout.loss })
  await stderr.flush()
  // Left to end by itself, Node would take down its signal handlers first: a late Ctrl-C would then kill a process that is
  // done, and change its exit code.
  return exitAsSet(process)
}

/** Electron's `process.exit` does not look at `process.exitCode`. */
function exitAsSet(process: NodeJS.Process): never {
  return process.exit(process.exitCode)
}

/** Results that never arrived are no success, whatever the jobs did. */
function reportLoss(
  process: NodeJS.Process,
  { stderr, loss }: { readonly stderr: StreamSink; readonly loss: Error },
): void {
  const message = `standard output could not be written, results are lost: ${loss.message}`
  writeError(stderr, { code: 'E_IO', message, path: null })
  if (process.exitCode === EXIT_DONE) process.exitCode = EXIT_FAILED
}

/**
 * `npm run weir` runs in the package's folder and leaves the user's in INIT_CWD. Other npm scripts set it as well, for
 * whatever they call: there it says nothing about the paths that we are given.
 */
function chooseBaseFolder(process: NodeJS.Process): string {
  const { npm_lifecycle_event: script, INIT_CWD: callerFolder } = process.env
  const isCalledByScript = script === 'weir' && callerFolder !== undefined && isAbsolute(callerFolder)
  return isCalledByScript ? callerFolder : process.cwd()
}

function chooseColumns({ stderr, env }: NodeJS.Process): (() => number) | undefined {
  if (!stderr.isTTY || env['TERM'] === 'dumb') return undefined
  return () => (stderr.columns > 0 ? stderr.columns : 80)
}

interface Outside {
  readonly stderr: StreamSink
  readonly signals: SignalCounter
}

/** A mistake that nobody caught ends all jobs in good order, so that they remove what is unfinished. The answer says if there was one. */
function catchMistakes(process: NodeJS.Process, { stderr, signals }: Outside): () => boolean {
  let isFatal = false
  const end = (thrown: unknown) => {
    const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
    writeError(stderr, toErrorData(new Internal(message)))
    isFatal = true
    signals.raiseAll()
    setTimeout(() => process.exit(EXIT_FAILED), CLEAN_UP_MS).unref()
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
  return () => isFatal
}
