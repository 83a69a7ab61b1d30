import type { EventChoice, JobChange, RewriteDraft } from '../jobs/job-draft.ts'
import type { FileTokens } from './file-tokens.ts'

/** What the page asks for with the path of a list of events in place of its token. Throws E_REQUEST for a token that was never issued. */

export function resolveEvents(events: EventChoice, tokens: FileTokens): EventChoice {
  return events.kind === 'indices' ? { ...events, file: tokens.findFile(events.file) } : events
}

export function resolveSettings(
  settings: RewriteDraft['settings'],
  tokens: FileTokens,
): RewriteDraft['settings'] {
  return { ...settings, events: resolveEvents(settings.events, tokens) }
}

export function resolveChange(change: JobChange, tokens: FileTokens): JobChange {
  const { rewrite } = change
  if (rewrite?.events === undefined) return change
  return { ...change, rewrite: { ...rewrite, events: resolveEvents(rewrite.events, tokens) } }
}
