// The text of docs/benchmarks.md.
import { columns, describeLimits, findScaling, formatError, formatSeconds, makeRows } from './table.mjs'

/**
 * @param {object} results
 * @param {string[]} plots names of the pictures that there are
 */
export function composeReport(results, plots) {
  const sections = [
    composeHead(results),
    composeTableSection(results, plots),
    composeWorkloads(results),
    composeScaling(findScaling(results.workloads), plots),
    composeMemory(plots),
    composeMethod(results),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function composeHead({ date, commit, hasChanges, weir, machine, source, peers }) {
  const changes = hasChanges ? ', with changes that are not in a commit' : ''
  return `# Benchmarks

_Written by \`npm run bench -- --report\`; the numbers behind it are in [benchmarks/results.json](benchmarks/results.json)._

Weir ${weir} (commit ${commit}${changes}), measured on ${date} side by side with what others use, in one run.

- Machine: ${machine.processor}, ${machine.cores} cores, ${formatGigabytes(machine.memoryBytes)} of memory; ${machine.fileSystem}; ${machine.system}; Node ${machine.node}
- Beside it: ${Object.values(peers).join('; ')}
- Source: ${source}`
}

function composeTableSection(results, plots) {
  const rows = [columns, columns.map(() => '---'), ...makeRows(results)]
  const remarks = describeLimits(results).map((line) => `- ${line}`)
  return `## Results

${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}

Times are medians of ${results.runs} runs; the ratio is that of the other's time to Weir's in the same pair: the median of the pairs, the
smallest and the largest. For
\`two threads against one\` it is T1 / (2 T2), for the memory the larger peak by the smaller. ${remarks.length > 0 ? `\n\n${remarks.join('\n')}` : ''}

${showPlot(plots, 'ratios.svg', 'Ratios and targets as bars')}`.trimEnd()
}

function composeWorkloads({ workloads, sizes }) {
  const described = workloads.map(({ name, title, about }) => `- **${title}** (\`${name}\`): ${about}`)
  return `## What is measured

Sizes: ${formatCount(sizes.events)} events; ${formatCount(sizes.frames)} frames for the queue writer; ${formatCount(sizes.manyEvents)} events for \`copy\` and as the larger one of \`memory\`; ${formatCount(sizes.fewEvents)} for \`h5repack\`.

${described.join('\n')}`
}

function composeScaling(scaling, plots) {
  if (scaling === undefined) return ''
  const { parts, checks, predictions, sourceBytes, cores } = scaling
  const { limits } = predictions.at(-1)
  return `## More cores

The model of \`rewrite\`: parts that work side by side, the slowest of which sets the time, after the start-up.

    T = start + max(main thread, filters / threads, all processor time / cores, reading, writing)

Each part was measured by itself on this machine, for ${(sourceBytes / 1e6).toFixed(0)} MB of source:

| part | seconds | how |
| --- | --- | --- |
| start | ${parts.start.toFixed(2)} | the whole command on ten events |
| main thread | ${parts.main.toFixed(2)} | its processor time in the warm-up run, less that of the start |
| filters | ${parts.codec.toFixed(2)} | Zstandard and checksums of all chunks in memory, one thread, from a sample of each feature |
| the rest | ${parts.rest.toFixed(2)} | the processor time of the warm-up run that is neither: reading and writing, garbage collection |
| reading | ${parts.reading.toFixed(2)} | the source out of the page cache |
| writing | ${parts.writing.toFixed(2)} | \`cp\` and \`sync\` of a file like the output |

Against what was measured on ${cores} cores:

| threads | measured | model | error | bound by |
| --- | --- | --- | --- | --- |
${checks.map((check) => `| ${check.threads} | ${formatSeconds(check.measuredSeconds)} | ${formatSeconds(check.predictedSeconds)} | ${formatError(check.error)} | ${check.bottleneck} |`).join('\n')}

What it says about larger machines with cores and a disk like these:

| cores | model | MB/s | bound by |
| --- | --- | --- | --- |
${predictions.map(({ cores: count, seconds, bottleneck }) => `| ${count} | ${formatSeconds(seconds)} | ${(sourceBytes / 1e6 / seconds).toFixed(0)} | ${bottleneck} |`).join('\n')}

With ${predictions.at(-1).cores} cores the bounds are ${Object.entries(limits)
    .map(([name, seconds]) => `${name} ${formatSeconds(seconds)}`)
    .join(
      ', ',
    )}. These are predictions: nothing was measured there. The model knows nothing of cores that share caches, memory bandwidth or a clock that sinks under load.

${showPlot(plots, 'scaling.svg', 'Speed over the number of cores')}`.trimEnd()
}

function composeMemory(plots) {
  if (!plots.includes('memory.svg')) return ''
  return `## Memory

The largest sum of the PSS of all processes of a command, ten looks a second. dcnum's includes Python; in \`queue\` it holds all frames before it
begins, as its own benchmark does.

${showPlot(plots, 'memory.svg', 'Peak memory as bars')}`
}

function composeMethod({ runs, diskBytes }) {
  return `## How

- Paired: in each run Weir and the other work one after the other on the same source, and take turns at going first. A warm-up pair
  comes before the ${runs} that count.
- Weir's time is that of the whole command, from the start of Node to its end, with the output synced to the disk under its final name
  (queue writer: from before the first frame is made until the file is complete). dcnum's is its own, without the start of
  Python and its imports, and without a sync.
- Before each command, sources are read once into the page cache and what earlier ones left to write is written out. Outputs are deleted after it.
- Memory and processor time are looked at in the warm-up pair only (\`memory\`: in all its runs): looking costs some percent of a core.

To repeat it: \`npm run bench\`, with \`--json FILE\` for every single run, \`--events N\` and \`--runs N\` for other sizes, and names of
workloads for some of them. It needs up to ${Math.ceil(diskBytes / 1e9)} GB of disk. The Python environment with dcnum is that of the interop checks and is
made when it is missing.`
}

function showPlot(plots, name, words) {
  return plots.includes(name) ? `![${words}](benchmarks/${name})` : ''
}

function formatCount(count) {
  return count.toLocaleString('en-US')
}

function formatGigabytes(bytes) {
  return `${(bytes / 2 ** 30).toFixed(0)} GiB`
}
