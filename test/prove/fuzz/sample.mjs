// node test/prove/fuzz/sample.mjs FOLDER FIRST COUNT: some mutants for every day; `npm run prove -- fuzz` makes the thousands.
// Prints how many h5py refuses, which of them Weir does not name, and which outputs h5py reads otherwise, as JSON.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { judgeMutants, prepareMutants } from '../fuzz.mjs'

const [folder, first, count] = process.argv.slice(2)
const material = await prepareMutants(join(folder, 'seeds'))
const mutants = join(folder, 'mutants')
await mkdir(mutants)
const numbers = Array.from({ length: Number(count) }, (_, index) => Number(first) + index)
const verdicts = await judgeMutants(mutants, numbers, material)
const refused = verdicts.filter(({ errors }) => errors.length > 0)
const tell = ({ number, seed, story }, what) => `mutant ${number} of ${seed} (${story}): ${what.join(' | ')}`
console.log(
  JSON.stringify({
    mutants: verdicts.length,
    refused: refused.length,
    rewritten: verdicts.filter(({ rewrite }) => rewrite === 'done').length,
    unnamed: refused.filter(({ named }) => !named).map((verdict) => tell(verdict, verdict.errors)),
    wrong: verdicts
      .filter(({ differences }) => differences.length > 0)
      .map((verdict) => tell(verdict, verdict.differences)),
  }),
)
