import type { BasinsJob, RecordJob, RewriteJob } from '../jobs/job-schema.ts'
import type { NameTemplate } from '../jobs/name-template.ts'

/** Where the outputs of a rewrite go: one named file, or a folder and names made from a template. */
export type OutputPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'folder'; readonly path: string; readonly template: NameTemplate }

/** What the user asked for, understood and complete; all paths are absolute. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | RewriteCommand
  | { readonly kind: 'basins'; readonly job: BasinsJob }
  | { readonly kind: 'record'; readonly job: RecordJob }
  | { readonly kind: 'inspect'; readonly path: string }
  | { readonly kind: 'verify'; readonly paths: readonly string[]; readonly isDeep: boolean }
  | { readonly kind: 'run'; readonly path: string }

export interface RewriteCommand {
  readonly kind: 'rewrite'
  readonly inputs: readonly string[]
  readonly place: OutputPlace
  readonly settings: Omit<RewriteJob, 'input' | 'output'>
  readonly isDryRun: boolean
}
