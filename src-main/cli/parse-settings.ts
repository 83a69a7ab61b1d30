import {
  holeChoiceSchema,
  lengthChoiceSchema,
  type Compression,
  type EventSelection,
  type MetadataChoice,
  type RewriteJob,
} from '../jobs/job-schema.ts'
import { parseChoice, parseInteger, parseList } from './option-values.ts'
import type { ArgumentList } from './read-arguments.ts'
import { resolvePath } from './resolve-path.ts'
import { usageError } from './usage-error.ts'

export const CODECS = ['zstd', 'gzip', 'none'] as const
export const VERIFICATION_LEVELS = ['none', 'standard', 'independent'] as const
export const MAX_THREADS = 256

const LEVEL_BOUNDS = { zstd: { least: 1, most: 22 }, gzip: { least: 0, most: 9 } } as const
const DEFAULT_LEVEL = 5
const METADATA_PARTS = ['attributes', 'logs', 'tables'] as const

/** `--compression`, `--level`, `--shuffle`, `--no-checksum`. */
export function parseCompression({ values, switches }: ArgumentList): Compression {
  const codec = parseChoice('compression', values.get('compression') ?? 'zstd', CODECS)
  const level = values.get('level')
  const shared = { codec, shuffle: switches.has('shuffle'), checksum: !switches.has('no-checksum') }
  if (level === undefined) return { ...shared, level: DEFAULT_LEVEL }
  if (codec === 'none') throw usageError('--level has no meaning with --compression none; leave it out')
  return { ...shared, level: parseInteger('level', level, LEVEL_BOUNDS[codec]) }
}

/** What the schema of a job file cannot say: the bounds of a level depend on the codec. Throws E_USAGE. */
export function refuseWrongLevel({ codec, level }: Compression): void {
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
