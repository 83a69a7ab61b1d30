// Child processes: one way to run them, for all scripts.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { projectFolder } from './project.mjs'

/** Standard output of the child goes to standard error, so that ours stays clean. */
export const toStandardError = ['ignore', 2, 2]

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} commandArguments
 * @param {{ env?: object, cwd?: string, stdio?: any, timeoutMs?: number }} [options]
 * @returns {Promise<{ code: number, seconds: number }>} code 128 + n if a signal ended it
 */
export function runCommand(program, commandArguments, options = {}) {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, commandArguments, {
      cwd: options.cwd ?? projectFolder,
      env: { ...process.env, ...options.env },
      stdio: options.stdio ?? ['ignore', 'inherit', 'inherit'],
    })
    const timer = options.timeoutMs && setTimeout(() => child.kill('SIGKILL'), options.timeoutMs)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({
        code: code ?? 128 + constants.signals[signal],
        seconds: (performance.now() - started) / 1000,
      })
    })
  })
}

/**
 * As `runCommand`, but collects standard output as text. Standard error is thrown away unless told otherwise.
 * `onStart` gets the process id.
 */
export async function readCommand(program, commandArguments, options = {}) {
  const chunks = []
  const started = performance.now()
  const code = await new Promise((resolve, reject) => {
    const child = spawn(program, commandArguments, {
      cwd: options.cwd ?? projectFolder,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', options.stderr ?? 'ignore'],
    })
    child.once('spawn', () => options.onStart?.(child.pid))
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.once('error', reject)
    child.once('close', (exitCode, signal) => resolve(exitCode ?? 128 + constants.signals[signal]))
  })
  return { code, text: Buffer.concat(chunks).toString('utf8'), seconds: (performance.now() - started) / 1000 }
}

/** Program and leading arguments that run npm: the npm that started us, else the one on the PATH. */
export function locateNpm() {
  const script = process.env.npm_execpath
  if (script && /npm-cli\.[cm]?js$/.test(script) && existsSync(script)) return [process.execPath, [script]]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
}

/** Runs an npm command with what it prints on standard error. */
export function runNpm(commandArguments, options = {}) {
  const [program, leading] = locateNpm()
  return runCommand(program, [...leading, ...commandArguments], { stdio: toStandardError, ...options })
}

export function hasProgram(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, name)))
}

/** True when Chromium refuses its sandbox: it does so for root. */
export function isRoot() {
  return process.getuid?.() === 0
}
