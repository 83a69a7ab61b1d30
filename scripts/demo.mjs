// `npm run demo [-- FILE...]`: does the main job in the real window as a user would: the sample and the named files are added,
// started and watched; prints a report and keeps pictures of the stages. Everything lies in .cache/demo afterwards. On a desktop
// the window stays open on the result.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { hasDisplay, withVirtualDisplay } from './display.mjs'
import { composeReport } from './demo/compose-report.mjs'
import { DemoWindow } from './demo/demo-window.mjs'
import { cacheFolder, runScript, say } from './project.mjs'
import { runWeir } from './run-weir.mjs'
import { setUpWindow } from './set-up-all.mjs'

const demoFolder = join(cacheFolder, 'demo')
const outputFolder = join(demoFolder, 'outputs')

await runScript(async () => {
  const callerFolder = process.env.INIT_CWD ?? process.cwd()
  const named = process.argv.slice(2).map((path) => resolve(callerFolder, path))
  const electron = await setUpWindow()
  await rm(demoFolder, { recursive: true, force: true })
  await mkdir(outputFolder, { recursive: true })
  const isWatched = hasDisplay()
  say(isWatched ? 'opening the window' : 'there is no display here: opening the window on a virtual one')
  const show = (display) => demonstrate(electron, { display, named, isWatched })
  return isWatched ? show({}) : withVirtualDisplay(show)
})

/** Gives the exit code: 0 if every job was done and every output is good. */
async function demonstrate(electron, { display, named, isWatched }) {
  const window = await DemoWindow.open(electron, { folder: demoFolder, display })
  try {
    await window.addSample()
    if (named.length > 0) await window.addFiles(named)
    await window.chooseOutputFolder(outputFolder)
    await window.run()
    const jobs = await Promise.all((await window.readJobs()).map(lookAgain))
    const report = composeReport(jobs, { refused: window.refused, pictures: window.pictures })
    await writeFile(join(demoFolder, 'report.txt'), report)
    process.stdout.write(report)
    if (isWatched) {
      say('the window stays open on the result; close it to end the demo')
      await window.untilClosed()
    }
    const isGood = jobs.every(({ life, check }) => life.state === 'done' && check.code === 0)
    return isGood && window.refused.length === 0 ? 0 : 1
  } finally {
    await window.close()
  }
}

/** The output once more through `weir verify`, in a process of its own. Damage counts against it; what an original lacked, its copy lacks too. */
async function lookAgain(row) {
  if (row.life.state !== 'done') return { ...row, check: { code: 1, findings: [] } }
  const { results } = await runWeir(['verify', row.life.figures.output])
  const findings = results.flatMap((result) => result.findings ?? [])
  const isDamaged = results.length === 0 || findings.some(({ level }) => level === 'damage')
  return { ...row, check: { code: isDamaged ? 1 : 0, findings } }
}
