import type { OutcomeFigures, QueueRow } from '../../../src-preload/contract.ts'

/** Is everything of the input in the output? Null: that was not told, by an earlier version or because there is no single input. */
export function isComplete({ events, content }: OutcomeFigures): boolean | null {
  if (content === null) return null
  const { inputEvents, features, logs, tables } = content
  const parts = [features, logs, tables]
  return events === inputEvents && parts.every(({ kept, total }) => kept === total)
}

export type Warning = QueueRow['life']['warnings'][number]

/** The input was still being written while it was read; undefined: it was not. */
export function findGrowing({ life }: QueueRow): Warning | undefined {
  return life.warnings.find(({ code }) => code === 'W_GROWING')
}

/** How a job that is done ended, by what must not be overlooked; the first that holds counts. */
export type DoneKind = 'growing' | 'stopped' | 'unverified' | 'kept' | 'verified'

/** What the heading of a result says. */
export function judgeDone(row: QueueRow, figures: OutcomeFigures): DoneKind {
  if (findGrowing(row) !== undefined) return 'growing'
  if (figures.recording?.isStopped === true) return 'stopped'
  if (figures.verification === 'none') return 'unverified'
  return isComplete(figures) === false ? 'kept' : 'verified'
}

/** Frames a second that a recording was to take and took; null: it is no recording, or took them as fast as they came. */
export interface ReachedPace {
  readonly wanted: number
  readonly reached: number
  readonly isMissed: boolean
}

/** A little slower is no miss: the last block takes its time, too. */
const MISSED_SHARE = 0.95

export function judgePace({ job }: QueueRow, { recording }: OutcomeFigures): ReachedPace | null {
  if (job.task !== 'record' || recording === null) return null
  const { rate: wanted } = job.source
  if (wanted === null || recording.seconds <= 0 || recording.frames === 0) return null
  const reached = recording.frames / recording.seconds
  return { wanted, reached, isMissed: reached < wanted * MISSED_SHARE }
}
