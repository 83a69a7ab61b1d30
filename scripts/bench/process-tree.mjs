// What a program and all processes that it starts use: memory as PSS (pages that are shared count for each its part), processor time.
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const intervalMs = 100
/** Of the processor times in /proc; 100 a second on every Linux that Node runs on. */
const ticksPerSecond = 100

/**
 * Looks at the processes ten times a second until `stop`, which gives what was seen; undefined where there is no /proc.
 * It costs some percent of a core, so this is for runs that are not timed.
 * @returns {() => { peakBytes: number, mainThreadSeconds: number, processorSeconds: number } | undefined}
 */
export function watchProcessTree(pid) {
  if (!existsSync('/proc/self/smaps_rollup')) return () => undefined
  const seen = { peakBytes: 0, mainThread: new Map(), processor: new Map() }
  const timer = setInterval(() => look(pid, seen), intervalMs)
  look(pid, seen)
  return () => {
    clearInterval(timer)
    return {
      peakBytes: seen.peakBytes,
      mainThreadSeconds: Math.max(0, ...seen.mainThread.values()),
      processorSeconds: [...seen.processor.values()].reduce((sum, seconds) => sum + seconds, 0),
    }
  }
}

function look(root, seen) {
  let bytes = 0
  for (const pid of listTree(root)) {
    bytes += parsePss(read(`/proc/${pid}/smaps_rollup`))
    note(seen.processor, pid, read(`/proc/${pid}/stat`))
    note(seen.mainThread, pid, read(`/proc/${pid}/task/${pid}/stat`))
  }
  seen.peakBytes = Math.max(seen.peakBytes, bytes)
}

/** The last that was seen of a process stays: at its end it is gone. */
function note(times, pid, stat) {
  const seconds = parseProcessorSeconds(stat)
  if (seconds !== undefined) times.set(pid, seconds)
}

function listTree(root) {
  const found = [root]
  for (const pid of found) {
    for (const task of listTasks(pid)) {
      const children = read(`/proc/${pid}/task/${task}/children`).split(' ')
      found.push(...children.filter((child) => child !== '').map(Number))
    }
  }
  return found
}

function listTasks(pid) {
  return orNothing(() => readdirSync(`/proc/${pid}/task`)) ?? []
}

function read(path) {
  return orNothing(() => readFileSync(path, 'utf8')) ?? ''
}

/** A process may end between two looks. */
function orNothing(action) {
  try {
    return action()
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(error.code)) return undefined
    throw error
  }
}

/** Bytes; 0 of a process that has ended. */
export function parsePss(smapsRollup) {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(smapsRollup)?.[1] ?? 0) * 1024
}

/** User and system time of a line of /proc/PID/stat; the name of the program may hold blanks and brackets. */
export function parseProcessorSeconds(stat) {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [user, system] = [Number(fields[11]), Number(fields[12])]
  return Number.isFinite(user + system) ? (user + system) / ticksPerSecond : undefined
}
