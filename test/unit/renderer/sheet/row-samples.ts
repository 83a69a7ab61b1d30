import type { QueueRow, RewriteJob } from '../../../../src-preload/contract.ts'
import { FIRST_DEFAULTS } from '../../../../src-renderer/features/sheet/sheet-defaults.ts'

/** A rewrite that waits. */
export function makeRow(id: string, part: Partial<RewriteJob> = {}): QueueRow {
  const job: RewriteJob = {
    ...FIRST_DEFAULTS.settings,
    ...{ task: 'rewrite', input: '/data/a.rtdc', output: '/data/a_weir.rtdc', overwrite: false },
    relink: [],
    lengths: 'refuse',
    holes: 'refuse',
    ...part,
  }
  return {
    ...{ id, job, collision: 'refuse', isReleased: false, isUnfinished: false, leftoverPath: null },
    ...{ indexFile: null, inputRoot: null, wantedName: null, nameTemplate: null },
    input: { token: '00000000-0000-4000-8000-000000000001', path: job.input },
    life: { state: 'waiting', checked: null, progress: null, warnings: [], warningCount: 0 },
    ...{ addedAt: '2024-05-17T10:00:00.000Z', endedAt: null },
  }
}
