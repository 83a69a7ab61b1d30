import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import { expect, test } from 'vitest'

const projectFolder = fileURLToPath(new URL('../..', import.meta.url))
const eslint = new ESLint({ cwd: projectFolder })

async function listRules(path: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath: path })
  return (result?.messages ?? []).map((message) => message.ruleId)
}

/** Where the code stands in for the file's own, what it is, and the rule that must report it. */
const broken: readonly (readonly [path: string, code: string, rule: string])[] = [
  ['src-main/errors.ts', 'export enum Colour { Red }\n', 'no-restricted-syntax'],
  ['src-main/errors.ts', 'export const value: any = 1\n', '@typescript-eslint/no-explicit-any'],
  ['src-main/errors.ts', "console.log('hello')\nexport {}\n", 'no-console'],
  ['src-main/errors.ts', 'try { JSON.parse("") } catch {}\nexport {}\n', 'no-restricted-syntax'],
  ['src-main/errors.ts', `export const lines = [\n${'  1,\n'.repeat(400)}]\n`, 'max-lines'],
  [
    'src-main/errors.ts',
    `export function run(): number {\n${'\n'.repeat(60)}  return 1\n}\n`,
    'max-lines-per-function',
  ],
  [
    'src-main/errors.ts',
    'export const add = (a: number, b: number, c: number, d: number) => a + b + c + d\n',
    'no-restricted-syntax',
  ],
  [
    'src-main/hdf5/model.ts',
    "import { readFileSync } from 'node:fs'\nexport const text = readFileSync('x')\n",
    '@typescript-eslint/no-restricted-imports',
  ],
  [
    'src-main/hdf5/model.ts',
    "import { app } from 'electron'\nexport const name = app.name\n",
    '@typescript-eslint/no-restricted-imports',
  ],
  [
    'src-main/shell/create-window.ts',
    "import { ipcMain } from 'electron'\nipcMain.on('x', () => 1)\n",
    'no-restricted-syntax',
  ],
  ['src-renderer/main.ts', "document.body.innerHTML = 'x'\nexport {}\n", 'no-restricted-syntax'],
  [
    'src-renderer/App.vue',
    '<script setup lang="ts">\nconst text = "x"\n</script>\n<template><p v-html="text" /></template>\n',
    'vue/no-v-html',
  ],
]

test.each(broken)('in %s, %j breaks %s', async (path, code, rule) => {
  expect(await listRules(path, code)).toContain(rule)
})

const sound: readonly (readonly [path: string, code: string])[] = [
  [
    'src-main/errors.ts',
    'export const run = (a: number, b: number, c: number, options: object) => [a, b, c, options]\n',
  ],
  [
    'src-main/hdf5/disk/disk-port.ts',
    "import { readFileSync } from 'node:fs'\nexport const text = readFileSync('x')\n",
  ],
  ['src-main/bridge/handle.ts', "import { ipcMain } from 'electron'\nipcMain.handle('x', () => 1)\n"],
]

test.each(sound)('in %s, %j passes', async (path, code) => {
  expect(await listRules(path, code)).toEqual([])
})
