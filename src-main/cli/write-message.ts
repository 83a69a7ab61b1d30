import { basename } from 'node:path'

import type { ErrorData, Warning } from '../errors.ts'
import { escapeText } from '../jobs/safe-text.ts'
import type { TextSink } from './text-sink.ts'

type Message = Pick<ErrorData, 'code' | 'message' | 'path'>

/** `weir: error: MESSAGE (CODE)`, one line. */
export function writeError(stderr: TextSink, error: Message): void {
  stderr.write(`weir: error: ${describe(error)}\n`)
}

/** `weir: warning: MESSAGE (CODE)`, one line. */
export function writeWarning(stderr: TextSink, warning: Pick<Warning, 'code' | 'message' | 'path'>): void {
  stderr.write(`weir: warning: ${describe(warning)}\n`)
}

/** Among many files a message must say which one it is about; most do by themselves. */
function describe({ code, message, path }: Message): string {
  const isNamed = path === null || path === '' || message.includes(basename(path))
  return `${escapeText(isNamed ? message : `${path}: ${message}`)} (${code})`
}
