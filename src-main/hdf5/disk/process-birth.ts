import { readFile, readlink } from 'node:fs/promises'
import { systemCode } from './disk-errors.ts'

/**
 * What tells a process from a later one that was given the same number. Spec: proc(5), field 22 of `/proc/PID/stat`, in ticks since the
 * computer started.
 */
export interface ProcessBirth {
  /** Which start of the computer. */
  readonly boot: string
  /** The space in which its number counts: containers have their own. */
  readonly space: string
  readonly ticks: string
}

/** Field 3 onwards: the name before them may hold spaces and brackets. */
const STATE_FIELD = 0
const TICKS_FIELD = 19
/** Zombies: nothing of them runs any more, but their parent has not asked for their end. */
const DEAD_STATES: ReadonlySet<string> = new Set(['Z', 'X', 'x'])

/** The birth of a living process; undefined: there is none of that number, or the system has no such record. */
export async function readProcessBirth(pid: number): Promise<ProcessBirth | undefined> {
  const stat = await readRecord(`/proc/${pid}/stat`)
  const boot = await readRecord('/proc/sys/kernel/random/boot_id')
  const space = await readlink('/proc/self/ns/pid').catch(() => undefined)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = fields?.[TICKS_FIELD]
  if (ticks === undefined || boot === undefined || space === undefined) return undefined
  return DEAD_STATES.has(fields?.[STATE_FIELD] ?? '') ? undefined : { boot: boot.trim(), space, ticks }
}

async function readRecord(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    const code = systemCode(thrown)
    // ESRCH: the process ended between the opening and the reading.
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'ENOTDIR' || code === 'EACCES') return undefined
    throw thrown
  }
}
