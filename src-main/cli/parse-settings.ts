import {
  holeChoiceSchema,
  lengthChoiceSchema,
  storageAimSchema,
  type Compression,
  type EventSelection,
  type MetadataChoice,
  type RewriteJob,
} from '../jobs/job-schema.ts'
import { parseChoice, parseInteger, parseList } from './option-values.ts'
import type { ArgumentList } from './read-arguments.ts'
import { resolvePath } from './resolve-path.ts'
import { usageError } from './usage-error.ts'

export const CODECS = ['auto', 'zstd', 'gzip', 'none'] as const
export const VERIFICATION_LEVELS = ['none', 'standard', 'independent'] as const
export const MAX_THREADS = 256

const LEVEL_BOUNDS = { zstd: { least: 1, most: 22 }, gzip: { least: 0, most: 9 } } as const
const DEFAULT_LEVEL = 5
const METADATA_PARTS = ['attributes', 'logs', 'tables'] as const

/** `--compression`, `--aim`, `--by-frame`, `--level`, `--shuffle`, `--no-checksum`. */
export function parseCompression({ values, switches }: ArgumentList): Compression {
  // As in a job file: who shuffles by hand names a codec by that, the one that was the only one once.
  const usual = switches.has('shuffle') ? 'zstd' : 'auto'
  const codec = parseChoice('compression', values.get('compression') ?? usual, CODECS)
  const level = values.get('level')
  const aim = values.get('aim')
  const byFrame = switches.has('by-frame')
  if (codec === 'auto') refuseBesideAuto({ level, shuffle: switches.has('shuffle') })
  else if (aim !== undefined || byFrame)
    throw usageError(`--${byFrame ? 'by-frame' : 'aim'} needs --compression auto, not ${codec}`)
  const shared = {
    codec,
    shuffle: switches.has('shuffle'),
    checksum: !switches.has('no-checksum'),
    ...(aim !== undefined && { aim: parseChoice('aim', aim, storageAimSchema.options) }),
    ...(byFrame && { byFrame }),
  }
  if (level === undefined || codec === 'auto') return { ...shared, level: DEFAULT_LEVEL }
  if (codec === 'none') throw usageError('--level has no meaning with --compression none; leave it out')
  return { ...shared, level: parseInteger('level', level, LEVEL_BOUNDS[codec]) }
}

/** The plan chooses both. */
function refuseBesideAuto({
  level,
  shuffle,
}: {
  readonly level: string | undefined
  readonly shuffle: boolean
}): void {
  if (level !== undefined)
    throw usageError('--level needs --compression zstd or gzip; with auto each feature has what suits it')
  if (shuffle)
    throw usageError(
      '--shuffle needs --compression zstd, gzip or none; with auto features are shuffled where it helps',
    )
}

/** What the schema of a job file cannot say: the bounds of a level and what fits together depend on the codec. Throws E_USAGE. */
export function refuseWrongCompression({ codec, level, shuffle, aim, byFrame }: Compression): void {
  if (codec === 'auto') {
    // Saved jobs name what has no meaning as well.
    if (level !== DEFAULT_LEVEL || shuffle)
      throw usageError(
        `${shuffle ? 'shuffle' : `level ${level}`}: needs another codec than auto, which takes what suits each feature`,
      )
    return
  }
  if (aim !== undefined || byFrame === true)
    throw usageError(`${aim === undefined ? 'byFrame' : 'aim'}: needs the codec auto, not ${codec}`)
  if (codec === 'none') return
  const { least, most } = LEVEL_BOUNDS[codec]
  if (level < least || level > most)
    throw usageError(`level ${level}: ${codec} has levels from ${least} to ${most}`)
}

/** `--events` or `--indices`. */
export function parseSelection({ values }: ArgumentList, baseFolder: string): EventSelection {
  const range = values.get('events')
  const file = values.get('indices')
  if (range !== undefined && file !== undefined) throw usageError('--events and --indices exclude each other')
  if (file !== undefined) return { kind: 'indices', file: resolvePath(baseFolder, file) }
  return range === undefined ? { kind: 'all' } : parseEventRange(range)
}

/** `A:B[:S]`, 0-based, B excluded; A or B may be left out. */
export function parseEventRange(text: string): EventSelection {
  const parts = /^(\d*):(\d*)(?::(\d+))?$/.exec(text)
  if (parts === null) {
    const hint = text.includes('-') ? 'negative numbers are not possible' : 'as 0:1000, 500: or 0:1000:10'
    throw usageError(`--events ${text}: must be A:B or A:B:S (${hint})`)
  }
  const [, start = '', stop = '', step] = parts
  if (step !== undefined && /^0+$/.test(step))
    throw usageError(`--events ${text}: the step must be at least 1`)
  return {
    kind: 'range',
    start: start === '' ? 0 : toBoundedInteger(start),
    stop: stop === '' ? null : toBoundedInteger(stop),
    step: step === undefined ? 1 : toBoundedInteger(step),
  }
}

/** No file has more events than this, so beyond it "beyond the end" is all that a number says. */
function toBoundedInteger(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER)
}

/** `--features all|scalar|a,b,c`. */
export function parseFeatures(text: string | undefined): RewriteJob['features'] {
  if (text === undefined || text === 'all') return 'all'
  if (text === 'scalar') return 'scalar'
  return [...parseList('features', text)]
}

/** `--metadata attributes,logs,tables|none`: what is not listed is left out. */
export function parseMetadata(text: string | undefined): MetadataChoice {
  if (text === undefined) return { attributes: true, logs: true, tables: true }
  if (text === 'none') return { attributes: false, logs: false, tables: false }
  const parts = parseList('metadata', text).map((part) => parsePart(part))
  return {
    attributes: parts.includes('attributes'),
    logs: parts.includes('logs'),
    tables: parts.includes('tables'),
  }
}

function parsePart(part: string): (typeof METADATA_PARTS)[number] {
  if (part === 'none') throw usageError('--metadata: none stands alone')
  return parseChoice('metadata', part, METADATA_PARTS)
}

/** `--basins keep|drop|fill`. */
export function parseBasins(text: string | undefined): RewriteJob['basins'] {
  return parseChoice('basins', text ?? 'keep', ['keep', 'drop', 'fill'] as const)
}

/** `--lengths refuse|cut`. */
export function parseLengths({ values }: ArgumentList): RewriteJob['lengths'] {
  return parseChoice('lengths', values.get('lengths') ?? 'refuse', lengthChoiceSchema.options)
}

/** `--holes refuse|fill`. */
export function parseHoles({ values }: ArgumentList): RewriteJob['holes'] {
  return parseChoice('holes', values.get('holes') ?? 'refuse', holeChoiceSchema.options)
}
