import type { JobPhase, JobProgress, QueueRow } from '../../../src-preload/contract.ts'
import type { JobSeries } from './record-series.ts'

export interface PhaseStep {
  readonly phase: JobPhase
  readonly state: 'done' | 'current' | 'ahead' | 'leftOut' | 'stopped'
  /** Null: not begun, or begun before this window looked. */
  readonly seconds: number | null
}

/** A basin file has no data of its own to copy. */
const ownPhases = {
  ...{ rewrite: ['copy'], record: ['record'], basins: [] },
} as const satisfies Record<QueueRow['job']['task'], readonly JobPhase[]>

/** The way of a job from check to commit, and how long each step took. */
export function listPhaseSteps(
  row: QueueRow,
  progress: JobProgress,
  series: JobSeries,
): readonly PhaseStep[] {
  const phases: readonly JobPhase[] = ['check', ...ownPhases[row.job.task], 'metadata', 'verify', 'commit']
  const isUnverified = row.job.task !== 'basins' && row.job.verify === 'none'
  const current = phases.indexOf(progress.phase)
  const isDone = row.life.state === 'done'
  const hasStopped = row.life.state === 'failed' || row.life.state === 'cancelled'
  return phases.map((phase, index) => {
    const isPast = index < current || isDone
    if (phase === 'verify' && isUnverified) return { phase, state: 'leftOut', seconds: null }
    const seconds = index <= current ? measurePhase({ phases, index, progress, series }) : null
    if (isPast) return { phase, state: 'done', seconds }
    if (index > current) return { phase, state: 'ahead', seconds: null }
    return { phase, state: hasStopped ? 'stopped' : 'current', seconds }
  })
}

interface PhaseQuestion {
  readonly phases: readonly JobPhase[]
  readonly index: number
  readonly progress: JobProgress
  readonly series: JobSeries
}

function measurePhase({ phases, index, progress, series }: PhaseQuestion): number | null {
  const start = series.phaseStarts[phases[index]!]
  if (start === undefined) return null
  const next = phases.slice(index + 1).find((phase) => series.phaseStarts[phase] !== undefined)
  return (next === undefined ? progress.seconds : series.phaseStarts[next]!) - start
}
