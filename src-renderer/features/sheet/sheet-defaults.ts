import { z } from 'zod'
import {
  type FileRef,
  outputChoiceSchema,
  type RewriteDraft,
  type RewriteSettings,
  rewriteSettingsSchema,
  type Token,
} from '../../../src-preload/contract.ts'

/** Settings for files that are added next, as they are kept from one start to the next. */
const sheetDefaultsSchema = z.strictObject({
  version: z.literal(1),
  settings: rewriteSettingsSchema,
  output: outputChoiceSchema.omit({ folder: true }),
})

export type SheetDefaults = Readonly<z.infer<typeof sheetDefaultsSchema>>

/** Everything is kept, compressed as dclab and DCOR expect it, verified, beside the input. */
export const FIRST_DEFAULTS: SheetDefaults = {
  version: 1,
  settings: rewriteSettingsSchema.parse({ events: { kind: 'all' } }),
  output: { name: '{stem}_weir', collision: 'refuse' },
}

/** What was kept. Anything else than this version's settings gives those of a first start. */
export function parseDefaults(text: string | null): SheetDefaults {
  if (text === null) return FIRST_DEFAULTS
  try {
    const kept = sheetDefaultsSchema.safeParse(JSON.parse(text))
    return kept.success ? kept.data : FIRST_DEFAULTS
  } catch {
    // Not even JSON: somebody else wrote it, or only a part of it was written.
    return FIRST_DEFAULTS
  }
}

export function formatDefaults(defaults: SheetDefaults): string {
  return JSON.stringify(defaults)
}

/**
 * What of a job's settings is good for any file. A list of features or a range of events belongs to one measurement: another one would
 * lose events without a word.
 */
export function fitForAnyFile(settings: RewriteSettings): RewriteSettings {
  const { features } = settings
  return { ...settings, features: typeof features === 'string' ? features : 'all', events: { kind: 'all' } }
}

export interface DraftOptions {
  readonly defaults: SheetDefaults
  /** Null: beside each input. */
  readonly folder: FileRef | null
}

/** The request that puts one waiting job for each input into the queue. */
export function makeRewriteDraft(
  inputs: readonly Token[],
  { defaults: { settings, output }, folder }: DraftOptions,
): RewriteDraft {
  return { inputs: [...inputs], settings, output: { ...output, folder: folder?.token ?? null } }
}
