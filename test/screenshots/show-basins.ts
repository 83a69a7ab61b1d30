import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { answerDialogs } from '../e2e/answer-dialogs.ts'
import type { Album } from './album.ts'

/** Names of the measurements that the pictures show. */
const BLOOD = '2026-11-20 blood donor 3.rtdc'
const OTHER = 'M002_data.rtdc'

/** The form for a basin file, the graph of what a file refers to, and relinking. Leaves the queue as it was. */
export async function showBasins(album: Album, folder: string): Promise<void> {
  const { window, weir } = album
  const before = await window.listIds()
  await window.select(before[0]!)
  const form = await window.openBasinForm()
  await form.getByRole('button', { name: 'Type an alternative' }).first().click()
  await form.getByLabel('Path of the alternative').fill('P:\\measurements\\2026-11-20 blood donor 3.rtdc')
  await form.getByLabel('Path of the alternative').press('Enter')
  await form.getByText('Missing').waitFor()
  await album.take('17-basin-file')
  await form.getByRole('radio', { name: 'A range' }).click()
  await form.getByLabel('Every n-th').fill('10')
  await form.getByLabel('Name', { exact: true }).scrollIntoViewIfNeeded()
  await album.take('18-basin-file-events', { isForDocs: false })
  await form.getByRole('radio', { name: /^Relative/ }).click()
  await form.getByRole('button', { name: 'Start', exact: true }).click()
  const made = await waitForNew(album, before)
  await window.expectState(made, 'done')
  const panel = await window.openTab('Basins')
  await panel.getByRole('button', { name: /Found/ }).waitFor()
  await album.take('19-basins')
  const elsewhere = join(folder, 'archive')
  await mkdir(elsewhere)
  const moved = join(elsewhere, 'blood donor 3, every tenth.rtdc')
  await rename(join(folder, '2026-11-20 blood donor 3_basins.rtdc'), moved)
  const id = await window.addFile(moved)
  await window.select(id)
  await panel.getByRole('button', { name: /Broken/ }).waitFor()
  await album.take('20-basins-broken')
  await choose(album, join(folder, OTHER))
  await panel.getByText('Not the right file').waitFor()
  await album.take('21-relink-wrong', { isForDocs: false })
  await choose(album, join(folder, BLOOD))
  await panel.getByText('The right measurement').waitFor()
  await album.take('22-relink')
  await window.remove(id)
  await window.remove(made)
  expect(await window.listIds()).toEqual(before)
  expect(weir.complaints).toEqual([])
}

async function choose({ weir, window }: Album, path: string): Promise<void> {
  await answerDialogs(weir.app, { paths: [path] })
  await window.page.getByRole('button', { name: /^Choose (the|another) file/ }).click()
}

async function waitForNew({ window }: Album, before: readonly string[]): Promise<string> {
  await expect(window.rows).toHaveCount(before.length + 1)
  return (await window.listIds()).find((id) => !before.includes(id))!
}
