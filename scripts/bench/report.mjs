// docs/benchmarks.md, its plots, and the results themselves: all from the results, so that what is written there is what was measured.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as prettier from 'prettier'
import { projectFolder, say } from '../project.mjs'
import { composeReport } from './compose-report.mjs'
import { drawPlots } from './plots.mjs'

const reportPath = join(projectFolder, 'docs', 'benchmarks.md')
const picturesFolder = join(projectFolder, 'docs', 'benchmarks')

export async function writeReport(results) {
  const plots = drawPlots(results)
  await rm(picturesFolder, { recursive: true, force: true })
  await mkdir(picturesFolder, { recursive: true })
  for (const [name, svg] of Object.entries(plots)) await writeFile(join(picturesFolder, name), svg)
  await writeTidied(join(picturesFolder, 'results.json'), JSON.stringify(results, null, 2))
  await writeTidied(reportPath, composeReport(results, Object.keys(plots)))
  say('wrote docs/benchmarks.md and docs/benchmarks/')
}

/** As `npm run format` would leave it. */
async function writeTidied(path, text) {
  const options = await prettier.resolveConfig(path)
  await writeFile(path, await prettier.format(text, { ...options, filepath: path }))
}
