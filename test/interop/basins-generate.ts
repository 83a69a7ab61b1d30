/** Makes the basin files that the JSON file given as argument lists: `[{"output": ..., "basins": [[path, ...], ...]}]`. */
import { readFile } from 'node:fs/promises'
import { createWithBasins } from '../../src-main/write/create-with-basins.ts'

interface Order {
  readonly output: string
  readonly basins: readonly (readonly string[])[]
}

const orders = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as readonly Order[]
for (const { output, basins } of orders) await createWithBasins(output, basins)
