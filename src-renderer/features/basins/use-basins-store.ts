import { defineStore } from 'pinia'
import { shallowReactive, shallowRef } from 'vue'
import type { Collision, FileRef, RelinkReport, Token } from '../../../src-preload/contract.ts'
import type { Asked } from '../file/use-file-store.ts'

/** A file that the user chose for a basin, and whether it is the right one. */
export interface Relink {
  readonly key: string
  readonly file: FileRef
  readonly report: Asked<RelinkReport>
}

export interface RepairOutput {
  /** Null: beside the file that is repaired. */
  readonly folder: FileRef | null
  readonly name: string
  readonly collision: Collision
}

/** What is looked at in the graphs of files, and the files that were chosen for their basins; forgotten with the window. */
export const useBasinsStore = defineStore('basins', () => {
  /** The node that is shown, by the file's token. */
  const chosenNodes = shallowReactive(new Map<Token, string>())
  const relinks = shallowReactive(new Map<Token, readonly Relink[]>())
  const output = shallowRef<RepairOutput>({ folder: null, name: '{stem}_relinked', collision: 'rename' })

  function setRelink(token: Token, relink: Relink): void {
    const others = listRelinks(token).filter(({ key }) => key !== relink.key)
    relinks.set(token, [...others, relink])
  }

  function dropRelink(token: Token, key: string): void {
    relinks.set(
      token,
      listRelinks(token).filter((relink) => relink.key !== key),
    )
  }

  function listRelinks(token: Token): readonly Relink[] {
    return relinks.get(token) ?? []
  }

  /** Those that may be written. */
  function listGood(token: Token): readonly Relink[] {
    return listRelinks(token).filter(
      ({ report }) => report.state === 'there' && report.value.verdict !== 'other',
    )
  }

  return { chosenNodes, relinks, output, setRelink, dropRelink, listRelinks, listGood }
})
