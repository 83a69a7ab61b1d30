// `npm test [-- STEP...]`: sets up what is missing and runs the tests; steps as in test-steps.mjs.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ensureBuild } from './build.mjs'
import { runScript } from './project.mjs'
import { probeCodec } from './setup/codec.mjs'
import { ensureNpmPackages } from './setup/npm-packages.mjs'
import { chooseSteps, describeResults, testSteps, totalsPath } from './test-steps.mjs'

await runScript(async () => {
  const names = chooseSteps(process.argv.slice(2))
  await rm(totalsPath, { force: true })
  await ensureNpmPackages()
  await probeCodec()
  await ensureBuild()
  const results = []
  for (const name of names) {
    console.log(`\n=== ${name}`)
    results.push(await testSteps[name]())
  }
  await mkdir(dirname(totalsPath), { recursive: true })
  await writeFile(totalsPath, JSON.stringify(results, null, 2))
  return report(results)
})

function report(results) {
  const passed = results.reduce((sum, result) => sum + result.passed, 0)
  const failed = results.reduce((sum, result) => sum + result.failed, 0)
  console.log(`\n${describeResults(results).join('\n')}\n\n${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}
