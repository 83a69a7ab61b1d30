// `npm run check`: every gate in one. Goes on after a failure, so that one run tells all.
import { ensureBuild } from './build.mjs'
import { gates, runGate } from './check-steps.mjs'
import { runScript } from './project.mjs'
import { probeCodec } from './setup/codec.mjs'
import { ensureNpmPackages } from './setup/npm-packages.mjs'
import { describeResults, testSteps } from './test-steps.mjs'

await runScript(async () => {
  await ensureNpmPackages()
  await probeCodec()
  const results = []
  for (const name of Object.keys(gates)) {
    console.log(`\n=== ${name}`)
    results.push(await runGate(name))
  }
  await ensureBuild()
  for (const [name, run] of Object.entries(testSteps)) {
    console.log(`\n=== ${name}`)
    results.push(await run())
  }
  const failed = results.filter((result) => result.failed > 0)
  console.log(`\n${describeResults(results).join('\n')}`)
  console.log(
    failed.length === 0
      ? '\nall gates passed'
      : `\nfailed: ${failed.map((result) => result.name).join(', ')}`,
  )
  return failed.length === 0 ? 0 : 1
})
