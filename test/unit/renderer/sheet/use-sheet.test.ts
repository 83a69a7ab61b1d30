import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type {
  ChangedJobs,
  Compression,
  JobChange,
  QueueRow,
  Reply,
} from '../../../../src-preload/contract.ts'
import { useQueueStore } from '../../../../src-renderer/features/queue/use-queue-store.ts'
import { FIRST_DEFAULTS } from '../../../../src-renderer/features/sheet/sheet-defaults.ts'
import {
  changeOutput,
  changeRewrites,
  changeShared,
  chooseFolder,
  setAsDefault,
} from '../../../../src-renderer/features/sheet/use-sheet.ts'
import { useSheetStore } from '../../../../src-renderer/features/sheet/use-sheet-store.ts'
import { makeRow } from './row-samples.ts'

const folder = { token: '00000000-0000-4000-8000-000000000009', path: '/out' }
/** What main was asked to change, and what it answers. */
let asked: { readonly ids: readonly string[]; readonly change: JobChange }[]
let answer: Reply<ChangedJobs>

beforeEach(() => {
  setActivePinia(createPinia())
  asked = []
  answer = { ok: true, value: { refused: [] } }
  const weir = {
    changeJobs: (ids: readonly string[], change: JobChange) => {
      asked.push({ ids, change })
      return Promise.resolve(answer)
    },
    chooseOutputFolder: () => Promise.resolve({ ok: true, value: folder }),
  }
  vi.stubGlobal('window', { weir })
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  })
  return () => vi.unstubAllGlobals()
})

function select(...rows: readonly QueueRow[]): void {
  const queue = useQueueStore()
  for (const row of rows) queue.setRow(row)
  queue.setOrder(rows.map(({ id }) => id))
  queue.select(rows.map(({ id }) => id))
}

const strong: Compression = { ...FIRST_DEFAULTS.settings.compression, codec: 'zstd', level: 9 }

describe('settings of a job', () => {
  it('never become those of files added next', async () => {
    select(makeRow('1'), makeRow('2'))
    await changeShared(() => ({ compression: strong, verify: 'none', threads: 1 }))
    await changeRewrites(() => ({ features: 'scalar', basins: 'drop' }))
    await changeOutput({ name: '{stem}_small', collision: 'replace', mirror: true })
    await chooseFolder()
    expect(asked).toHaveLength(4)
    expect(useSheetStore().defaults).toEqual(FIRST_DEFAULTS)
    expect(useSheetStore().folder).toBeNull()
  })

  it('do so by the button, with the template as it was typed and the chosen folder', async () => {
    const row = makeRow('1', { compression: strong, output: '/out/3_a.rtdc' })
    select({ ...row, nameTemplate: '{n}_{stem}' })
    await chooseFolder()
    setAsDefault()
    const { defaults, folder: next, notice } = useSheetStore()
    expect(defaults.settings.compression.level).toBe(9)
    expect(defaults.output.name).toBe('{n}_{stem}')
    expect(next).toEqual(folder)
    expect(notice).toBe('default-set')
  })

  it('leave the name that files added next get, where they have one that fits one file only', () => {
    select({ ...makeRow('1', { output: '/out/blood.rtdc' }), nameTemplate: 'blood' })
    setAsDefault()
    expect(useSheetStore().defaults.output.name).toBe(FIRST_DEFAULTS.output.name)
    // The folder was chosen in another session: it cannot be given on, and that is said.
    expect(useSheetStore().folder).toBeNull()
    expect(useSheetStore().notice).toBe('default-beside')
  })
})

describe('settings for files added next', () => {
  it('are changed while no job is selected', async () => {
    select()
    await changeShared(() => ({ compression: strong }))
    await changeOutput({ name: '{stem}_small' })
    await chooseFolder()
    expect(useSheetStore().defaults).toMatchObject({
      settings: { compression: { level: 9 } },
      output: { name: '{stem}_small' },
    })
    expect(useSheetStore().folder).toEqual(folder)
    expect(asked).toEqual([])
  })
})

describe('a name', () => {
  it('that some jobs cannot take is told by job, and forgotten with the next one', async () => {
    select(makeRow('1'), makeRow('2'))
    const refused = { id: '2', path: '/data/b.rtdc', code: 'E_TRUNC', message: 'truncated' }
    answer = { ok: true, value: { refused: [refused] } }
    expect(await changeOutput({ name: '{sample}' })).toEqual([refused])
    expect([...useSheetStore().unnamed.values()]).toEqual([refused])
    answer = { ok: true, value: { refused: [] } }
    await changeOutput({ name: '{stem}' })
    expect(useSheetStore().unnamed.size).toBe(0)
  })

  it('that main refuses changes nothing, and the reason is kept', async () => {
    select(makeRow('1'))
    answer = { ok: false, error: { code: 'E_QUEUE', message: 'it runs' } }
    expect(await changeOutput({ name: '{stem}' })).toBeNull()
    expect(useSheetStore().failure).toBe('it runs')
  })
})
