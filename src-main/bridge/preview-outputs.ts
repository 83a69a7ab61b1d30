import { Cancelled, toErrorData } from '../errors.ts'
import type { OutputPreview } from '../jobs/job-draft.ts'
import { inputOf, type PlaceLookup } from '../jobs/plan-output.ts'
import type { QueuedJob } from '../jobs/queued-job.ts'
import { placeOutput, type PlacingParts, type WantedOutput } from './place-output.ts'

export interface PreviewedJob {
  readonly entry: QueuedJob
  readonly wanted: WantedOutput
}

export interface PreviewParts extends PlacingParts {
  readonly lookup: PlaceLookup
  /** Nobody waits for the answer any more. */
  readonly isSuperseded: () => boolean
}

/** What the outputs would be called, and what stands in their way. One whose name cannot be made says why; throws E_CANCELLED where nobody waits any more. */
export async function previewOutputs(
  jobs: readonly PreviewedJob[],
  parts: PreviewParts,
): Promise<readonly OutputPreview[]> {
  const folders = new Map<string, boolean>()
  const previews: OutputPreview[] = []
  for (const job of jobs) {
    if (parts.isSuperseded()) throw new Cancelled()
    previews.push(await previewOne(job, parts, folders))
  }
  return previews
}

/** `folders`: whether those that were looked at are there. */
async function previewOne(
  { entry, wanted }: PreviewedJob,
  parts: PreviewParts,
  folders: Map<string, boolean>,
): Promise<OutputPreview> {
  const { id, job } = entry
  const { folder, root, collision } = wanted
  const { lookup } = parts
  const known = { id, input: inputOf(job), current: job.output, root, collision }
  try {
    const { path, numberedFor, unknownTokens } = await placeOutput(job, wanted, parts)
    const isThere = folders.get(folder) ?? (root === null || (await lookup.isTaken(folder)))
    folders.set(folder, isThere)
    const [exists, hasLeftover] = isThere
      ? await Promise.all([lookup.isTaken(path), lookup.isTaken(`${path}~`)])
      : [false, false]
    const found = { isNewFolder: !isThere, exists, hasLeftover }
    return { ...known, ...found, output: path, failure: null, numberedFor, unknownTokens: [...unknownTokens] }
  } catch (thrown) {
    const { code, message } = toErrorData(thrown)
    const nothing = { isNewFolder: false, exists: false, hasLeftover: false, numberedFor: null }
    return { ...known, ...nothing, output: null, failure: { code, message }, unknownTokens: [] }
  }
}
