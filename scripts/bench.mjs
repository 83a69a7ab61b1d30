// `npm run bench [-- WORKLOAD...] [--events N] [--runs N] [--json FILE] [--report] [--from FILE]`: how fast Weir is, side by side
// with dcnum.write, cp and h5repack in one run. docs/benchmarks.md has the workloads, and is made by --report.
import { readFile, writeFile } from 'node:fs/promises'
import { readBenchArguments } from './bench/arguments.mjs'
import { writeReport } from './bench/report.mjs'
import { runBench } from './bench/run-bench.mjs'
import { composeTable } from './bench/table.mjs'
import { withLock } from './lock.mjs'
import { runScript } from './project.mjs'

await runScript(async () => {
  const asked = readBenchArguments(process.argv.slice(2))
  const results =
    asked.from === undefined
      ? await withLock('bench', () => runBench(asked))
      : JSON.parse(await readFile(asked.from, 'utf8'))
  console.log(composeTable(results))
  if (asked.json !== undefined) await writeFile(asked.json, `${JSON.stringify(results, null, 2)}\n`)
  if (asked.report) await writeReport(results)
})
