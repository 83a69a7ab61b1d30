// The gates that need no running program: layout, lint, types, dead code.
import { join } from 'node:path'
import { projectFolder } from './project.mjs'
import { runCommand } from './run-command.mjs'

function locate(name, path) {
  return join(projectFolder, 'node_modules', name, path)
}

/** Gates by name, each as the arguments of Node. */
export const gates = {
  format: [locate('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  lint: [locate('eslint', 'bin/eslint.js'), '.', '--max-warnings', '0'],
  'types-node': [locate('typescript', 'bin/tsc'), '-p', 'tsconfig.node.json', '--noEmit'],
  'types-web': [locate('vue-tsc', 'bin/vue-tsc.js'), '-p', 'tsconfig.web.json', '--noEmit'],
  'types-e2e': [locate('typescript', 'bin/tsc'), '-p', 'tsconfig.e2e.json', '--noEmit'],
  'dead-code': [locate('knip', 'bin/knip.js')],
}

/** Runs a gate; it counts as one test. */
export async function runGate(name) {
  const { code, seconds } = await runCommand(process.execPath, gates[name])
  if (code !== 0) console.log(`${name} ended with code ${code}`)
  return { name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, seconds }
}
