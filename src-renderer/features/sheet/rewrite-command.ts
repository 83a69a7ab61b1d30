import type {
  AppInfo,
  BasinsJob,
  Compression,
  EventSelection,
  Job,
  RecordJob,
  RewriteJob,
} from '../../../src-preload/contract.ts'

/** A job as the line that does the same on the command line. */

type Platform = AppInfo['platform']

/**
 * Null: it cannot be said in a line, as with a comma in the name of a feature, basins that are to be found elsewhere, a basin that is added, or
 * folders that are to be made. Settings that are usual are left out.
 */
export function composeCommand(job: Job, platform: Platform): string | null {
  if (job.task === 'record') return joinWords(listRecordWords(job), platform)
  if (job.task === 'basins') return joinWords(listBasinWords(job), platform)
  const { features, relink, addSourceBasin, outputRoot } = job
  if (relink.length > 0 || addSourceBasin || outputRoot !== undefined) return null
  if (typeof features !== 'string' && features.some((name) => name.includes(','))) return null
  return joinWords(listRewriteWords(job), platform)
}

function joinWords(words: readonly string[], platform: Platform): string {
  return ['weir', ...words.map((word) => quoteWord(word, platform))].join(' ')
}

/** So that a shell takes the text as one word: of POSIX, or of Windows, where PowerShell and the command prompt differ. */
export function quoteWord(word: string, platform: Platform): string {
  if (platform !== 'win32') {
    return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
  }
  if (/^[\w+=:./\\-]+$/.test(word)) return word
  // What PowerShell would replace inside double quotes; single ones mean nothing to the command prompt.
  return /[$`“”„]/.test(word) ? `'${word.replaceAll("'", "''")}'` : `"${word}"`
}

function listRewriteWords(job: RewriteJob): readonly string[] {
  const { features, basins, lengths, holes, threads, overwrite, verify } = job
  return [
    ...['rewrite', job.input, '--out', job.output],
    ...option(
      'features',
      features === 'all' ? null : typeof features === 'string' ? features : features.join(','),
    ),
    ...listEventWords(job.events),
    ...listCompressionWords(job.compression),
    ...option('metadata', nameMetadata(job.metadata)),
    ...option('basins', basins === 'keep' ? null : basins),
    ...option('lengths', lengths === 'refuse' ? null : lengths),
    ...option('holes', holes === 'refuse' ? null : holes),
    ...option('verify', verify === 'standard' ? null : verify),
    ...option('threads', threads),
    ...(overwrite ? ['--overwrite'] : []),
  ]
}

function listRecordWords(job: RecordJob): readonly string[] {
  const { source, metadataFile, overwrite, verify } = job
  const sourceWords =
    source.kind === 'replay'
      ? [
          ...['--replay', source.file],
          ...option('readers', source.readers === 2 ? null : source.readers),
          ...option('lengths', source.lengths === 'refuse' ? null : source.lengths),
          ...option('holes', source.holes === 'refuse' ? null : source.holes),
        ]
      : ['--simulate', String(source.frames)]
  return [
    ...['record', '--out', job.output, ...sourceWords],
    ...option('rate', source.rate),
    ...option('seed', job.seed === 42 ? null : job.seed),
    ...option('threshold', job.threshold === 500 ? null : job.threshold),
    ...option('metadata', metadataFile),
    ...listCompressionWords({ ...job.compression, shuffle: false }),
    ...option('verify', verify === 'standard' ? null : verify),
    ...(overwrite ? ['--overwrite'] : []),
  ]
}

function listBasinWords({
  output,
  sources,
  paths,
  events,
  lengths,
  overwrite,
}: BasinsJob): readonly string[] {
  return [
    ...['basins', '--out', output],
    ...sources.flatMap(([path, ...others]) => [
      ...option('basin', path ?? null),
      ...others.flatMap((other) => option('alternative', other)),
    ]),
    ...option('paths', paths === 'both' ? null : paths),
    ...listEventWords(events),
    ...option('lengths', lengths === 'refuse' ? null : lengths),
    ...(overwrite ? ['--overwrite'] : []),
  ]
}

function option(name: string, value: string | number | null): readonly string[] {
  return value === null ? [] : [`--${name}`, String(value)]
}

function listEventWords(events: EventSelection): readonly string[] {
  switch (events.kind) {
    case 'all':
      return []
    case 'indices':
      return ['--indices', events.file]
    case 'range': {
      const { start, stop, step } = events
      return ['--events', `${start}:${stop ?? ''}${step === 1 ? '' : `:${step}`}`]
    }
  }
}

function listCompressionWords(compression: Compression): readonly string[] {
  const { codec, level, shuffle, checksum } = compression
  const words = codec === 'auto' ? listAimWords(compression) : ['--compression', codec]
  return [
    ...words,
    ...option('level', codec === 'zstd' || codec === 'gzip' ? level : null),
    ...(shuffle && codec !== 'auto' ? ['--shuffle'] : []),
    ...(checksum ? [] : ['--no-checksum']),
  ]
}

function listAimWords({ aim = 'balanced', byFrame }: Compression): readonly string[] {
  return [...option('aim', aim === 'balanced' ? null : aim), ...(byFrame ? ['--by-frame'] : [])]
}

function nameMetadata(metadata: RewriteJob['metadata']): string | null {
  const kept = (['attributes', 'logs', 'tables'] as const).filter((part) => metadata[part])
  if (kept.length === 3) return null
  return kept.length === 0 ? 'none' : kept.join(',')
}
