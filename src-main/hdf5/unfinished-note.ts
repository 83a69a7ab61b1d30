import { hostname, uptime } from 'node:os'
import type { DiskPort, ReadableFile } from './disk/disk-port.ts'
import { readProcessBirth, type ProcessBirth } from './disk/process-birth.ts'

/**
 * What a file of Weir says of itself until it is finished: who writes it, and what. The note lies in the first sector, behind the place of
 * the superblock: so it needs no file of its own and cannot be left behind.
 */
export interface UnfinishedNote {
  readonly host: string
  readonly pid: number
  readonly startedAt: string
  /** Absent where the system tells nothing about processes. */
  readonly birth?: ProcessBirth | undefined
  /** Which task of Weir; absent in notes of the first version. */
  readonly task?: string | undefined
}

/** Where the note lies. */
export const NOTE_OFFSET = 64

/** What such a task has left half done can be done again from its input. */
const REPEATABLE_TASKS: ReadonlySet<string> = new Set(['rewrite', 'basins'])

const MAGIC = 'weir-writer '
const NOTE_BYTES = 1024
/** Clocks are set while computers run. */
const CLOCK_SLACK_MS = 120_000

/** The note of this process. */
export async function composeNote(task: string): Promise<Uint8Array> {
  const note: UnfinishedNote = {
    host: hostname(),
    pid: process.pid,
    startedAt: new Date().toISOString(),
    birth: await readProcessBirth(process.pid),
    task,
  }
  return new TextEncoder().encode(`${MAGIC}${JSON.stringify(note)}\n`)
}

/** The note of a file that Weir has not finished; undefined where there is none. */
export async function readNote(path: string, disk: DiskPort): Promise<UnfinishedNote | undefined> {
  const file = await disk.openForRead(path)
  try {
    return await readNoteOf(file, await file.size())
  } finally {
    await file.close()
  }
}

/** As `readNote`, of an open file. */
export async function readNoteOf(file: ReadableFile, size: number): Promise<UnfinishedNote | undefined> {
  const bytes = new Uint8Array(Math.min(NOTE_BYTES, Math.max(0, size - NOTE_OFFSET)))
  if (bytes.length === 0) return undefined
  await file.readExactly(bytes, NOTE_OFFSET)
  return parseNote(new TextDecoder().decode(bytes))
}

function parseNote(text: string): UnfinishedNote | undefined {
  if (!text.startsWith(MAGIC)) return undefined
  const json = text.slice(MAGIC.length).split('\n')[0] ?? ''
  try {
    return checkNote(JSON.parse(json))
  } catch (error) {
    // A note cut off by a crash names nobody.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Whatever lies there may come from anybody, and is shown to people: only what a note can hold passes. */
function checkNote(value: unknown): UnfinishedNote | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { host, pid, startedAt, birth, task } = value as Partial<UnfinishedNote>
  const isPlain = isWord(host) && typeof startedAt === 'string' && /^[\dT:.Z+-]{10,40}$/.test(startedAt)
  if (!isPlain || !Number.isSafeInteger(pid) || pid === undefined || pid <= 0) return undefined
  return { host, pid, startedAt, ...(isWord(task) && { task }), ...(isBirth(birth) && { birth }) }
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[\p{L}\p{N}._-]{1,255}$/u.test(value)
}

function isBirth(value: unknown): value is ProcessBirth {
  if (typeof value !== 'object' || value === null) return false
  const { boot, space, ticks } = value as Partial<ProcessBirth>
  return typeof boot === 'string' && typeof space === 'string' && typeof ticks === 'string'
}

/** Can what was being written be had again? Not a recording, nor what might be one. */
export function isRepeatable({ task }: UnfinishedNote): boolean {
  return task !== undefined && REPEATABLE_TASKS.has(task)
}

/** `unknown`: the writer is one of another computer or container, which cannot be asked. */
export type WriterState = 'alive' | 'gone' | 'unknown'

/** Whether the process that wrote a note still runs. A later process that was given its number is not it. */
export async function askForWriter(note: UnfinishedNote): Promise<WriterState> {
  if (note.host !== hostname()) return 'unknown'
  const own = await readProcessBirth(process.pid)
  if (note.birth !== undefined && own !== undefined) return compareBirths(note.pid, note.birth, own)
  const startedMs = Date.parse(note.startedAt)
  if (startedMs < Date.now() - uptime() * 1000 - CLOCK_SLACK_MS) return 'gone'
  // In containers each run may have the same number: a note from before this process began is not its own.
  if (note.pid === process.pid) return startedMs >= performance.timeOrigin ? 'alive' : 'gone'
  return isRunning(note.pid) ? 'alive' : 'gone'
}

async function compareBirths(pid: number, noted: ProcessBirth, own: ProcessBirth): Promise<WriterState> {
  if (noted.boot !== own.boot) return 'gone'
  if (noted.space !== own.space) return 'unknown'
  const now = await readProcessBirth(pid)
  return now?.ticks === noted.ticks ? 'alive' : 'gone'
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Why a file cannot be written: somebody else does. */
export function describeInUse(path: string, note: UnfinishedNote): string {
  return `${path} is being written by ${describeWriter(note)}; wait for it or choose another output`
}

/** Who it was and since when, in words. */
export function describeWriter({ pid, host, startedAt }: UnfinishedNote): string {
  return `process ${pid} on ${host} since ${startedAt}`
}
