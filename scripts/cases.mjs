// `npm run cases [-- --only PATTERN] [--keep FOLDER]`: inputs on which Weir was wrong once, with what is expected and seen.
import { join } from 'node:path'
import { projectFolder, runScript } from './project.mjs'
import { runCommand } from './run-command.mjs'
import { setUpProgram } from './set-up-all.mjs'

await runScript(async () => {
  await setUpProgram()
  const program = join(projectFolder, 'test', 'cases', 'run.mjs')
  const { code } = await runCommand(process.execPath, [program, ...process.argv.slice(2)])
  return code
})
