import type { ComposerTranslation } from 'vue-i18n'
import type { Compression, QueueRow } from '../../../src-preload/contract.ts'
import { formatCount } from '../../ui/format-figures.ts'
import { nameFile } from '../../ui/name-file.ts'
import { findAim } from '../sheet/compression-presets.ts'

/** A row in few words, for the table and for screen readers. */

type Job = QueueRow['job']

/** As `balanced, all features, verified`. */
export function describeSettings(job: Job, t: ComposerTranslation): string {
  if (job.task === 'basins') return describeBasinFile(job, t)
  const compression = describeCompression(job.compression, t)
  return [compression, ...describeTask(job, t), t(`queue.settings.verify.${job.verify}`)].join(', ')
}

/** As `balanced`, `small, by frame` or `zstd 5`. */
function describeCompression(compression: Compression, t: ComposerTranslation): string {
  const { codec, level, byFrame } = compression
  if (codec === 'none') return t('queue.settings.uncompressed')
  const aim = findAim(compression)
  if (aim === null) return `${codec} ${level}`
  const name = t(`queue.settings.aims.${aim}`)
  return byFrame ? t('queue.settings.byFrame', { name }) : name
}

/** What a row is called: its input, or its output where it has none. */
export function nameRow({ input, job }: QueueRow): string {
  return nameFile(input?.path ?? job.output)
}

/** As `refers to 2 files, absolute and relative paths`. */
function describeBasinFile(
  { sources, paths, events }: Extract<Job, { task: 'basins' }>,
  t: ComposerTranslation,
): string {
  const parts = [
    t('queue.settings.basins.sources', { count: formatCount(sources.length) }, sources.length),
    t(`queue.settings.basins.${paths}`),
    ...(events.kind === 'all' ? [] : [t('queue.settings.someEvents')]),
  ]
  return parts.join(', ')
}

function describeTask(job: Exclude<Job, { task: 'basins' }>, t: ComposerTranslation): string[] {
  if (job.task === 'record') return [t(`queue.settings.${job.source.kind}`)]
  const features =
    typeof job.features === 'string'
      ? t(`queue.settings.features.${job.features}`)
      : t('queue.settings.features.list', { count: formatCount(job.features.length) }, job.features.length)
  return [
    features,
    ...(job.events.kind === 'all' ? [] : [t('queue.settings.someEvents')]),
    ...(job.relink.length === 0
      ? []
      : [t('queue.settings.relinked', { count: formatCount(job.relink.length) }, job.relink.length)]),
  ]
}
