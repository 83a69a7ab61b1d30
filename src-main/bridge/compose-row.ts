import type { QueuedJob } from '../jobs/queued-job.ts'
import { indexFileOf, inputOf } from '../jobs/plan-output.ts'
import type { QueueRow } from '../jobs/queue-view.ts'
import type { FileTokens } from './file-tokens.ts'

/** The row of a job as the window sees it, with tokens for what it reads. */
export function composeRow(entry: QueuedJob, tokens: FileTokens): QueueRow {
  const { life, ...rest } = entry
  const input = inputOf(entry.job)
  const indexFile = indexFileOf(entry.job)
  return {
    ...rest,
    life: { ...life, warnings: [...life.warnings] },
    input: input === null ? null : tokens.issueFile(input),
    indexFile: indexFile === null ? null : tokens.issueFile(indexFile),
  }
}
