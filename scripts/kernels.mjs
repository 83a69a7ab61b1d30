// `npm run kernels`: assembles the WebAssembly of the filters anew, after a change of scripts/kernels/compose-wat.mjs.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { assembleKernels } from './kernels/assemble.mjs'
import { projectFolder, runScript } from './project.mjs'

await runScript(async () => {
  const base64 = Buffer.from(await assembleKernels()).toString('base64')
  const lines = base64.match(/.{1,110}/g).map((line) => `  '${line}'`)
  const text = `// Made by \`npm run kernels\` from scripts/kernels/compose-wat.mjs; a test compares the two.\n\nexport const KERNELS_BASE64 =\n${lines.join(' +\n')}\n`
  await writeFile(join(projectFolder, 'src-main', 'hdf5', 'filters', 'kernels', 'kernels-binary.ts'), text)
  return 0
})
