import type { RewriteCommand } from './command.ts'
import type { JobReporter } from './job-reporter.ts'
import { chooseExitCode, type JobResult } from './job-result.ts'
import { prepareOutputFolder, removeEmptyFolder } from './output-folder.ts'
import { planRewrite } from './plan-rewrite.ts'
import { pathsOf, type PlannedJob } from './planned-job.ts'
import { refuseCollisions } from './refuse-collisions.ts'
import { runJobs } from './run-jobs.ts'
import type { Surroundings } from './surroundings.ts'
import { toWeirError } from '../errors.ts'

/** `weir rewrite`; resolves to the exit code. */
export async function runRewrite(
  command: RewriteCommand,
  surroundings: Surroundings,
  reporter: JobReporter,
): Promise<number> {
  const { disk } = surroundings
  const planned = await refuseCollisions(await planRewrite(command, surroundings), disk)
  const folder = await prepareFolder(command, planned, surroundings)
  const results = await runJobs(folder.planned, { surroundings, reporter, isDryRun: command.isDryRun })
  if (folder.newPath !== undefined && !hasWritten(results)) await removeEmptyFolder(folder.newPath)
  return chooseExitCode(results.map(({ status }) => status))
}

interface PreparedFolder {
  readonly planned: readonly PlannedJob[]
  /** A folder that this run made. */
  readonly newPath?: string
}

/** `--out-dir` must exist before the jobs are checked against it; if it cannot, all of them are refused. */
async function prepareFolder(
  { place }: RewriteCommand,
  planned: readonly PlannedJob[],
  { disk }: Surroundings,
): Promise<PreparedFolder> {
  const isNeeded = place.kind === 'folder' && planned.some((entry) => entry.kind === 'job')
  if (!isNeeded) return { planned }
  try {
    const isNew = await prepareOutputFolder(place.path, disk)
    return isNew ? { planned, newPath: place.path } : { planned }
  } catch (thrown) {
    const error = toWeirError(thrown, { path: place.path })
    return {
      planned: planned.map((entry) =>
        entry.kind === 'job' ? { kind: 'refused', ...pathsOf(entry), error } : entry,
      ),
    }
  }
}

function hasWritten(results: readonly JobResult[]): boolean {
  return results.some(({ status, dryRun }) => status === 'done' && dryRun === undefined)
}
