import type {
  Collision,
  FileRef,
  RecordDraft,
  StorageAim,
  VerificationLevel,
} from '../../../src-preload/contract.ts'
import { applyAim, applyByFrame } from '../sheet/compression-presets.ts'
import { isPlainName } from '../sheet/output-name.ts'
import { FIRST_DEFAULTS } from '../sheet/sheet-defaults.ts'

/** What stands in the form; not all of it need fit together. */
export interface RecordInput {
  readonly kind: 'replay' | 'simulate'
  /** The measurement that is replayed. */
  readonly file: FileRef | null
  readonly frames: number
  readonly isPaced: boolean
  /** Frames a second, where it is paced. */
  readonly rate: number
  readonly readers: number
  readonly threshold: number
  readonly seed: number
  /** Null: beside the measurement. */
  readonly folder: FileRef | null
  readonly name: string
  readonly collision: Collision
  readonly aim: StorageAim
  readonly byFrame: boolean
  readonly verify: VerificationLevel
}

export const FIRST_INPUT: RecordInput = {
  kind: 'replay',
  file: null,
  frames: 10_000,
  isPaced: true,
  rate: 1000,
  readers: 2,
  threshold: 500,
  seed: 42,
  folder: null,
  name: '{stem}_recorded',
  collision: 'rename',
  aim: 'balanced',
  byFrame: false,
  verify: 'standard',
}

const firstNames = { replay: FIRST_INPUT.name, simulate: 'simulated' } as const

/** Another kind of source; a name that was not changed by hand goes with it. */
export function changeKind(input: RecordInput, kind: RecordInput['kind']): RecordInput {
  return { ...input, kind, name: input.name === firstNames[input.kind] ? firstNames[kind] : input.name }
}

/** Why the form cannot be sent; null: it can. */
export function findRecordProblem({
  kind,
  file,
  folder,
  name,
}: RecordInput): 'file' | 'folder' | 'name' | null {
  if (kind === 'replay' && file === null) return 'file'
  if (kind === 'simulate' && folder === null) return 'folder'
  return isPlainName(name) ? null : 'name'
}

/** The request of a form without problems; null where there is one. */
export function makeRecordDraft(input: RecordInput): RecordDraft | null {
  if (findRecordProblem(input) !== null) return null
  const { kind, file, frames, readers, threshold, seed, verify, collision } = input
  const rate = input.isPaced ? input.rate : null
  const compression = applyByFrame(applyAim(FIRST_DEFAULTS.settings.compression, input.aim), input.byFrame)
  const rest = {
    settings: { seed, threshold, verify, threads: null, compression },
    output: { folder: input.folder?.token ?? null, name: input.name.trim(), collision },
  }
  if (kind === 'simulate') return { source: { kind, frames, rate }, ...rest }
  return file === null ? null : { source: { kind, file: file.token, rate, readers }, ...rest }
}
