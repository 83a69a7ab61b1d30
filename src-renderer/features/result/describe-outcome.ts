import type { ComposerTranslation } from 'vue-i18n'
import type { OutcomeFigures } from '../../../src-preload/contract.ts'
import { formatBytes, formatCount } from '../../ui/format-figures.ts'

/** How many features went over without being compressed again; null: none. */
export function describeCopied(
  { features, featuresAsStored }: OutcomeFigures,
  t: ComposerTranslation,
): string | null {
  if (featuresAsStored === 0) return null
  const counts = { copied: formatCount(featuresAsStored), features: formatCount(features) }
  return t('result.size.asStored', counts, features)
}

/** What was done to know that the output holds what went in, sentence by sentence. */
export function describeProof(figures: OutcomeFigures, t: ComposerTranslation): readonly string[] {
  if (figures.verification === 'none') return [t('result.proof.none')]
  return [
    describeChunks(figures, t),
    t('result.proof.structure'),
    ...(figures.verification === 'independent' ? [t('result.proof.independent')] : []),
    t('result.proof.name'),
  ]
}

function describeChunks(
  { comparedChunks, comparedBytes, featuresAsStored }: OutcomeFigures,
  t: ComposerTranslation,
): string {
  if (comparedChunks === 0) return t('result.proof.uncounted')
  const counts = { chunks: formatCount(comparedChunks), bytes: formatBytes(comparedBytes) }
  return t(
    featuresAsStored > 0 ? 'result.proof.chunksAsStored' : 'result.proof.chunks',
    counts,
    comparedChunks,
  )
}
