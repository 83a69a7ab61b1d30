// Starts the real job process in surroundings that a test chose: a slow disk, a gate before the writer, a sudden end.
// What is changed lies below the product's own code: the calls of Node's FileHandle.
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

/**
 * @typedef {object} Surroundings
 * @property {number} [writeBytesPerSecond] the disk takes no more than this
 * @property {number} [readBytesPerSecond]
 * @property {number} [syncMs] how long a sync takes
 * @property {string} [gate] while this file exists, no write after `gateAfterBytes` is taken
 * @property {number} [gateAfterBytes]
 * @property {number} [exitAfterBytes] written this much, the process ends by itself with code 0
 */

const { WEIR_TEST_JOB_PROCESS: program, WEIR_TEST_SURROUNDINGS: text = '{}' } = process.env
/** @type {Surroundings} */
const surroundings = JSON.parse(text)
delete process.env.WEIR_TEST_JOB_PROCESS
delete process.env.WEIR_TEST_SURROUNDINGS

let writtenBytes = 0
const gateLookMs = 10

const probe = await open(import.meta.filename ?? new URL(import.meta.url))
const handles = Object.getPrototypeOf(probe)
await probe.close()

const { read, write, sync } = handles

handles.write = async function writeSlowly(...given) {
  const { gate, gateAfterBytes = 0, writeBytesPerSecond, exitAfterBytes = Infinity } = surroundings
  while (gate !== undefined && writtenBytes >= gateAfterBytes && existsSync(gate)) await wait(gateLookMs)
  const result = await write.apply(this, given)
  await passTime('write', result.bytesWritten, writeBytesPerSecond)
  writtenBytes += result.bytesWritten
  if (writtenBytes >= exitAfterBytes) process.exit(0)
  return result
}

handles.read = async function readSlowly(...given) {
  const result = await read.apply(this, given)
  await passTime('read', result.bytesRead, surroundings.readBytesPerSecond)
  return result
}

handles.sync = async function syncSlowly() {
  if (surroundings.syncMs !== undefined) await wait(surroundings.syncMs)
  return sync.call(this)
}

/** One disk: what is asked of it at the same time is done one after the other. */
const busyUntilMs = { read: 0, write: 0 }
/** Timers are not finer. */
const shortestWaitMs = 2

async function passTime(direction, bytes, bytesPerSecond) {
  if (bytesPerSecond === undefined) return
  const now = performance.now()
  busyUntilMs[direction] = Math.max(now, busyUntilMs[direction]) + (bytes / bytesPerSecond) * 1000
  const ms = busyUntilMs[direction] - now
  if (ms >= shortestWaitMs) await wait(ms)
}

await import(pathToFileURL(program))
