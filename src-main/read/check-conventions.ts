import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { checkAttributes } from './check-attributes.ts'
import { checkBasins } from './check-basins.ts'
import { checkFeatures, checkLengths } from './check-features.ts'
import { checkFluorescence } from './check-fluorescence.ts'
import { checkImages } from './check-images.ts'
import { checkLogs } from './check-logs.ts'
import type { Basins } from './basins.ts'
import type { FindingList } from './finding.ts'
import { levelOf } from './finding.ts'
import type { MeasurementStructure } from './measurement-structure.ts'
import type { RootMetadata } from './root-metadata.ts'

export interface ConventionContext {
  readonly disk: DiskPort
  readonly path: string
  readonly structure: MeasurementStructure
  readonly metadata: RootMetadata
  readonly basins: Basins
  readonly findings: FindingList
}

/** Warnings of reading that no check below says better. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set([
  'W_EXT',
  'W_LINK',
  'W_TYPE',
  'W_EMPTY',
  'W_COUNT',
  'W_BASIN',
  'W_DIRTY',
])

/** Checks the conventions of the format that need no values; those that do are `chooseInspectors`. Levels follow dclab's checks. */
export async function checkConventions(context: ConventionContext): Promise<void> {
  const { structure, metadata, findings } = context
  const { features } = structure
  for (const { code, message, object } of structure.warnings) {
    if (TOLD_ELSEWHERE.has(code)) continue
    const alert = code.replace(/^W_/, 'A_')
    findings.addFinding({ level: levelOf(alert), code: alert, message, object: object ?? null })
  }
  checkLengths(structure.lengths, { metadata, findings, hasBasins: context.basins.definitions.length > 0 })
  checkEmpty(structure, findings)
  checkFeatures(features, metadata, findings)
  checkAttributes(metadata, (name) => features.some((feature) => feature.name === name), findings)
  checkFluorescence(metadata, features, findings)
  checkImages(features, findings)
  checkLogs(structure, findings)
  await checkBasins(context.basins, context)
}

/** Features that were declared and never filled: carried, but readers see a wrong number of events. */
function checkEmpty(structure: MeasurementStructure, findings: FindingList): void {
  for (const { code, message, object } of structure.warnings) {
    if (code === 'W_EMPTY') findings.add('V_LENGTH', object ?? null, message)
  }
}
