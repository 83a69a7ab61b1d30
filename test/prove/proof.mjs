// What all proofs share: a seeded random number for each round, and Weir as a child process.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'

const program = fileURLToPath(new URL('../../out/weir.js', import.meta.url))

/**
 * @typedef {object} Proof
 * @property {string} name
 * @property {number} rounds how many make the proof
 * @property {(round: Round) => Promise<void>} run throws what speaks against the promise
 * @property {(proveFolder: string) => Promise<void>} [conclude] throws what speaks against all rounds together
 * @typedef {{ number: number, folder: string, sample: string, random: () => number }} Round
 */

export class Disproof extends Error {}

/** No fault of Weir: the round is not counted. */
export class Unprovable extends Error {}

/** Mulberry32: the same numbers for the same seed, so that a failed round can be repeated. */
export function makeRandom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Runs `weir --json`; sends `signal` after `afterMs` if it still runs then.
 * @param {string[]} commandArguments
 * @param {{ signal?: NodeJS.Signals, afterMs?: number }} [interruption]
 */
export async function runInterrupted(commandArguments, interruption = {}) {
  const started = performance.now()
  const child = spawn(process.execPath, [program, ...commandArguments, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  let complaints = ''
  child.stdout.on('data', (part) => (text += part))
  child.stderr.on('data', (part) => (complaints += part))
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  if (interruption.signal !== undefined) {
    await Promise.race([ended, delay(interruption.afterMs)])
    child.kill(interruption.signal)
  }
  const end = await ended
  const objects = text.split('\n').flatMap(parseLine)
  return {
    ...end,
    complaints,
    ms: performance.now() - started,
    result: objects.find((object) => object.type === 'result'),
  }
}

/** A killed program may leave half a line. */
function parseLine(line) {
  try {
    return [JSON.parse(line)]
  } catch {
    return []
  }
}

export async function hashFile(path) {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path)) hash.update(part)
  return hash.digest('hex')
}

/** Throws unless `weir verify` finds neither damage nor violation. */
export async function expectSound(path) {
  const { code, complaints, result } = await runInterrupted(['verify', path])
  if (code !== 0)
    throw new Disproof(`weir verify ${path}: exit ${code}; ${JSON.stringify(result?.findings)} ${complaints}`)
}

export async function expectFiles(folder, wanted) {
  const found = (await readdir(folder)).sort()
  if (found.join() !== [...wanted].sort().join())
    throw new Disproof(`files in the folder: ${found.join(', ')}; expected: ${wanted.join(', ')}`)
}
