import type { CopyOptions } from '../write/copy-options.ts'
import type { FileWriter } from '../hdf5/writing/file-writer.ts'
import { makeIntegerAttribute, makeTextAttribute } from '../hdf5/writing/attributes.ts'
import type { Measurement } from '../read/measurement.ts'
import { appendSelectionToIdentifier } from '../read/identifier.ts'
import { copyAttributes } from '../write/copy-attributes.ts'
import type { RewritePlan } from './rewrite-plan.ts'
import { iterateRows } from './row-selection.ts'

export interface AttributeWork {
  readonly measurement: Measurement
  readonly plan: RewritePlan
  readonly output: FileWriter
  /** Does the job carry root attributes? */
  readonly isWanted: boolean
  /** Another program is adding events to the source: the output does not hold all of the measurement. */
  readonly isContinued: boolean
  readonly options: CopyOptions
}

/**
 * Root attributes of the output: those of the source, the number of events that it holds, and another identifier if it does not hold
 * all events in their order. No other attribute changes.
 */
export function writeRootAttributes(work: AttributeWork): void {
  const { measurement, plan, output, isWanted, options } = work
  const { root } = output
  if (isWanted)
    copyAttributes(measurement.root, root, { path: measurement.path, reportWarning: options.reportWarning })
  root.setAttribute(makeIntegerAttribute('experiment:event count', plan.selection.count))
  const isWhole = plan.selection.isIdentity && !work.isContinued
  if (isWhole || measurement.identifier === null) return
  const identifier = appendSelectionToIdentifier(measurement.identifier, iterateRows(plan.selection))
  root.setAttribute(makeTextAttribute('experiment:run identifier', identifier))
}
