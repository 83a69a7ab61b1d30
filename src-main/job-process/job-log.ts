import { arch, platform, release } from 'node:os'

import { Internal, type Warning } from '../errors.ts'
import { VERSION } from '../version.ts'

/** Longest line of a log in bytes. Spec: readers of .rtdc files complain about longer ones. */
const MAX_LINE_BYTES = 100

export interface JobLogContent {
  readonly task: string
  /** The whole job as it was run. */
  readonly job: unknown
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly 'md5-5M': string }[]
  readonly startedAt: Date
  readonly seconds: number
  /** What was left out or looks wrong. */
  readonly warnings: readonly Warning[]
  /** Figures of the run: events, bytes, warnings ... */
  readonly result: Readonly<Record<string, unknown>>
}

/**
 * The log that a job leaves in its output: who did what to which input. One JSON object, in lines of at most 100 bytes
 * that give the JSON again when joined without a separator.
 */
export function composeJobLog(content: JobLogContent): string[] {
  const iso = content.startedAt.toISOString()
  const json = JSON.stringify({
    files: content.files.map((file, index) => ({ ...file, index: index + 1 })),
    job: content.job,
    libraries: { node: process.versions.node, v8: process.versions.v8, zlib: process.versions.zlib },
    result: content.result,
    seconds: Number(content.seconds.toFixed(3)),
    software: `weir ${VERSION}`,
    system: { machine: arch(), name: platform(), release: release() },
    task: content.task,
    ...(content.warnings.length > 0 && { warnings: content.warnings }),
    utc: { date: iso.slice(0, 10), time: iso.slice(11, 19) },
  })
  return wrapJson(json)
}

/**
 * Cuts JSON text into lines of at most 100 UTF-8 bytes, never beside a space (fixed-length strings lose spaces at their end in
 * some readers) and never inside a character.
 */
export function wrapJson(json: string): string[] {
  return tryWrap(json) ?? tryWrap(json.replaceAll(' ', '\\u0020')) ?? failToWrap(json)
}

function tryWrap(text: string): string[] | undefined {
  const characters = [...text]
  const lines: string[] = []
  for (let start = 0; start < characters.length;) {
    const end = findBreak(characters, start)
    if (end === undefined) return undefined
    lines.push(characters.slice(start, end).join(''))
    start = end
  }
  return lines
}

/** Last place, at most 100 bytes after `start`, where a line may end; undefined if there is none. */
function findBreak(characters: readonly string[], start: number): number | undefined {
  let bytes = 0
  let end: number | undefined
  for (let index = start; index < characters.length; index++) {
    bytes += Buffer.byteLength(characters[index] ?? '')
    if (bytes > MAX_LINE_BYTES) return end
    const isBesideSpace = characters[index] === ' ' || characters[index + 1] === ' '
    if (!isBesideSpace || index + 1 === characters.length) end = index + 1
  }
  return end
}

function failToWrap(json: string): never {
  throw new Internal(`a job log of ${json.length} characters cannot be cut into lines`)
}
