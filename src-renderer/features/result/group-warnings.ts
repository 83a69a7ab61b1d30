import type { QueueRow } from '../../../src-preload/contract.ts'
import { pickWarningText } from './explain-error.ts'

export type Warning = QueueRow['life']['warnings'][number]

export interface WarningGroup {
  readonly text: ReturnType<typeof pickWarningText>
  readonly code: string
  readonly warnings: readonly Warning[]
}

/** Warnings by their code, in the order in which the codes came; only those that hold the sought words, in any case of letters. */
export function groupWarnings(warnings: readonly Warning[], sought: string): readonly WarningGroup[] {
  const wanted = sought.trim().toLowerCase()
  const byCode = new Map<string, Warning[]>()
  for (const warning of warnings) {
    const { code, message, path, object } = warning
    if (!`${code} ${message} ${path} ${object ?? ''}`.toLowerCase().includes(wanted)) continue
    const group = byCode.get(code)
    if (group === undefined) byCode.set(code, [warning])
    else group.push(warning)
  }
  return [...byCode].map(([code, group]) => ({ code, text: pickWarningText(code), warnings: group }))
}
