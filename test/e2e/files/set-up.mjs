// Before and after all tests: the inputs are made, and in the end they are what they were (P19).
import prepareInputs, { describeInputs } from './inputs.mjs'

/** Playwright calls the returned function after the last test. */
export default async function setUp() {
  await prepareInputs()
  const before = await describeInputs()
  return async () => {
    const after = await describeInputs()
    const changed = Object.keys(before).filter((path) => before[path] !== after[path])
    const added = Object.keys(after).filter((path) => !(path in before))
    if (changed.length + added.length > 0) {
      throw new Error(`the tests changed or added inputs: ${[...changed, ...added].join(', ')}`)
    }
  }
}
