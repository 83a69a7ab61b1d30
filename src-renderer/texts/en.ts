import { basins } from './en/basins.ts'
import { form } from './en/form.ts'
import { monitor } from './en/monitor.ts'
import { names } from './en/names.ts'
import { queue } from './en/queue.ts'
import { sheet } from './en/sheet.ts'
import { start } from './en/start.ts'

/** Every English text of the window, a file for each part of it. Top-level names must not repeat. */
export const en = { ...start, ...queue, ...sheet, ...names, ...basins, ...form, ...monitor } as const
