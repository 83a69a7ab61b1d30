import type { RawData } from '../hdf5/model.ts'
import type { FindingList } from './finding.ts'

/** Looks at the values of one dataset while they pass by in a verification. */
export interface ValueInspector {
  /** `rows`: whole rows as stored, the first of them being row `start` (0-based). Damaged rows are left out. */
  inspectRows(rows: Uint8Array, start: number): void
  /** The whole dataset at once, where elements are of variable length. */
  inspectData?(data: RawData): void
  /** Says what was found, after the last row. `isComplete`: no row was left out. */
  report(findings: FindingList, isComplete: boolean): void
}
