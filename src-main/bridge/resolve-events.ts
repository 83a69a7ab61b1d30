import type { EventChoice, JobChange, RewriteSettings } from '../jobs/job-draft.ts'
import type { FileTokens } from './file-tokens.ts'

/** What the page asks for with the path of a list of events in place of its token. Throws E_REQUEST for a token that was never issued. */

export function resolveSettings(settings: RewriteSettings, tokens: FileTokens): RewriteSettings {
  return { ...settings, events: resolveEvents(settings.events, tokens) }
}

export function resolveChange(change: JobChange, tokens: FileTokens): JobChange {
  const { rewrite, basins } = change
  return {
    ...change,
    ...(rewrite?.events && { rewrite: { ...rewrite, events: resolveEvents(rewrite.events, tokens) } }),
    ...(basins?.events && { basins: { ...basins, events: resolveEvents(basins.events, tokens) } }),
  }
}

function resolveEvents(events: EventChoice, tokens: FileTokens): EventChoice {
  return events.kind === 'indices' ? { ...events, file: tokens.findFile(events.file) } : events
}
