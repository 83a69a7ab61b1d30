import { dirname, isAbsolute, join } from 'node:path'
import { InvalidInput } from '../errors.ts'
import {
  rewriteSettingsSchema,
  type AddedJobs,
  type BasinFileDraft,
  type BasinPathDraft,
  type RelinkDraft,
} from '../jobs/job-draft.ts'
import type { BasinFolders } from './basin-folders.ts'
import type { FileTokens } from './file-tokens.ts'
import type { JobPlans } from './plan-jobs.ts'

export interface BasinPlanParts {
  readonly plans: JobPlans
  readonly tokens: FileTokens
  readonly basinFolders: BasinFolders
}

/** Makes jobs of what the page asks for where basins are what matters. */
export class BasinPlans {
  readonly #parts: BasinPlanParts

  constructor(parts: BasinPlanParts) {
    this.#parts = parts
  }

  /** Throws E_REQUEST for a path that is not absolute or lies where nobody allowed Weir to look, E_USAGE for the name. */
  async addBasinFile({ sources, paths, events, output }: BasinFileDraft): Promise<AddedJobs> {
    const { tokens, plans } = this.#parts
    const first = sources.flat().find((draft) => draft.kind === 'file')
    const beside = first === undefined ? null : dirname(tokens.findFile(first.file))
    const folder = output.folder === null ? beside : tokens.findFolder(output.folder)
    if (folder === null) throw new InvalidInput('E_REQUEST', 'the basin file needs a folder; choose one')
    const job = {
      task: 'basins',
      sources: sources.map((drafts) => drafts.map((draft) => this.#takePath(draft))),
      paths,
      events: events.kind === 'indices' ? { ...events, file: tokens.findFile(events.file) } : events,
      output: join(folder, '-'),
    }
    return plans.addOne(job, output)
  }

  /** A rewrite that keeps everything. Throws E_REQUEST, E_USAGE. */
  async relink({ file, links, output }: RelinkDraft): Promise<AddedJobs> {
    const { tokens, plans } = this.#parts
    const input = tokens.findFile(file)
    const folder = output.folder === null ? dirname(input) : tokens.findFolder(output.folder)
    const settings = rewriteSettingsSchema.parse({ events: { kind: 'all' } })
    const relink = links.map((link) => ({ key: link.key, paths: [tokens.findFile(link.file)] }))
    return plans.addOne({ ...settings, task: 'rewrite', input, relink, output: join(folder, '-') }, output)
  }

  /** Spec: an alternative of another system is only written down; what this system would open must be allowed. */
  #takePath(draft: BasinPathDraft): string {
    if (draft.kind === 'file') return this.#parts.tokens.findFile(draft.file)
    const { path } = draft
    const isOfOtherSystem = !isAbsolute(path) && /^([A-Za-z]:[/\\]|[/\\])/.test(path)
    if (isOfOtherSystem || (isAbsolute(path) && this.#parts.basinFolders.isAllowed(path))) return path
    const what = isAbsolute(path)
      ? 'lies in a folder that was neither chosen nor confirmed; let Weir look there first'
      : 'is not an absolute path'
    throw new InvalidInput('E_REQUEST', `${path} ${what}`, { path })
  }
}
