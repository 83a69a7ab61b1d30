// `npm run screenshots`: drives the real app into every view and state, light and dark, at two sizes. All pictures lie in
// .cache/screenshots afterwards, those that the documentation shows in docs/screenshots.
import { join } from 'node:path'
import { withVirtualDisplay } from './display.mjs'
import { projectFolder, runScript } from './project.mjs'
import { runCommand } from './run-command.mjs'
import { setUpWindow } from './set-up-all.mjs'

await runScript(async () => {
  const electron = await setUpWindow()
  const { code } = await withVirtualDisplay((display) =>
    runCommand(
      process.execPath,
      [
        join(projectFolder, 'node_modules', '@playwright', 'test', 'cli.js'),
        'test',
        '--config=playwright.screenshots.config.ts',
        '--reporter=list',
        ...process.argv.slice(2),
      ],
      { env: { ...display, WEIR_TEST_ELECTRON: electron.program } },
    ),
  )
  return code
})
