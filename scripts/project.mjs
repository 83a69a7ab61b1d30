// Where things lie, and how the scripts speak.
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

export const projectFolder = fileURLToPath(new URL('..', import.meta.url))

/** Downloads and generated files; outside version control, may be deleted at any time. */
export const cacheFolder = join(projectFolder, '.cache')

export const outFolder = join(projectFolder, 'out')

/** One line on standard error: standard output belongs to the program that is set up. */
export function say(message) {
  process.stderr.write(`[weir set-up] ${message}\n`)
}

/** An expected end: its message is for the user, its stack is not. */
export class Refusal extends Error {
  constructor(message, { exitCode = 1 } = {}) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Runs a script's main function; a `Refusal` becomes its message and its exit code. */
export async function runScript(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    say(error.message)
    process.exitCode = error.exitCode
  }
}
