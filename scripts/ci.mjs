// `.ci/run`: npm test, the gates, the interop checks, the cases; the seconds of each; at the end the sum of all.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { preparePython } from '../test/interop/environment.mjs'
import { gates, runGate } from './check-steps.mjs'
import { projectFolder, runScript } from './project.mjs'
import { locateNpm, runCommand } from './run-command.mjs'
import { describeResults, totalsPath } from './test-steps.mjs'

await runScript(async () => {
  const started = performance.now()
  const results = [prepareJudges(), ...(await runNpmTest())]
  for (const name of ['interop', 'cases']) results.push(await runChecks(name))
  for (const name of Object.keys(gates)) {
    console.log(`\n=== ${name}`)
    results.push(await runGate(name))
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0)
  const failed = results.reduce((sum, result) => sum + result.failed, 0)
  const seconds = (performance.now() - started) / 1000
  console.log(
    `\n${describeResults(results).join('\n')}\n${'all'.padEnd(41)} ${seconds.toFixed(1).padStart(8)} s\n`,
  )
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
})

/** The end-to-end tests judge outputs with it, so it comes before them; without it nothing would be proven. */
function prepareJudges() {
  const started = performance.now()
  console.log(`judges: ${preparePython()}`)
  return { name: 'judges', passed: 0, failed: 0, seconds: (performance.now() - started) / 1000 }
}

async function runNpmTest() {
  const [program, leading] = locateNpm()
  const { code, seconds } = await runCommand(program, [...leading, 'test'])
  const results = existsSync(totalsPath) ? JSON.parse(await readFile(totalsPath, 'utf8')) : []
  if (code !== 0 && results.every((result) => result.failed === 0)) {
    results.push({ name: 'npm test', passed: 0, failed: 1, seconds })
  }
  const inSteps = results.reduce((sum, result) => sum + result.seconds, 0)
  return [{ name: 'set-up', passed: 0, failed: 0, seconds: Math.max(0, seconds - inSteps) }, ...results]
}

/** Checks against other readers and writers, and the cases; their last line says how many passed and failed. */
async function runChecks(name) {
  console.log(`\n=== ${name}`)
  const started = performance.now()
  const { code, text } = await runVisibly(process.execPath, [join('test', name, 'run.mjs')])
  const counts = [...text.matchAll(/^(\d+) passed, (\d+) failed/gm)].at(-1)
  const passed = Number(counts?.[1] ?? 0)
  const failed = Number(counts?.[2] ?? 0)
  const seconds = (performance.now() - started) / 1000
  return { name, passed, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed, seconds }
}

/** Shows what the child prints, and returns it. */
function runVisibly(program, commandArguments) {
  return new Promise((resolve, reject) => {
    let text = ''
    const child = spawn(program, commandArguments, {
      cwd: projectFolder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.on('data', (part) => {
      text += part
      process.stdout.write(part)
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 137, text }))
  })
}
