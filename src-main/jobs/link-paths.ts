import { dirname, isAbsolute, relative, win32 } from 'node:path'
import type { BasinLink, Job } from './job-schema.ts'

/** The job with the paths of relinked basins as they are to be written: absolute, and relative to the output's folder where there is such a path. */
export function spreadLinks(job: Job): Job {
  if (job.task !== 'rewrite' || job.relink.length === 0) return job
  const folder = dirname(job.output)
  return { ...job, relink: job.relink.map((link) => spreadLink(link, folder)) }
}

function spreadLink({ key, paths }: BasinLink, folder: string): BasinLink {
  const spread = paths.filter((path) => isAbsolute(path)).flatMap((path) => [path, ...relate(folder, path)])
  return { key, paths: [...new Set(spread)] }
}

/** None to another drive. Spec: with forward slashes, which readers of every system take. */
function relate(folder: string, path: string): readonly string[] {
  const below = relative(folder, path)
  return isAbsolute(below) || win32.isAbsolute(below) ? [] : [below.replaceAll('\\', '/')]
}
