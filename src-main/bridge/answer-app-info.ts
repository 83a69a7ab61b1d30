import { availableParallelism } from 'node:os'
import * as zlib from 'node:zlib'
import { app } from 'electron'
import type { AppInfo } from '../../src-preload/contract.ts'
import { VERSION } from '../version.ts'
import { handle } from './handle.ts'

/** Answers `weir:read-app-info`. */
export function answerAppInfo(): void {
  handle('weir:read-app-info', () => ({
    version: VERSION,
    platform: namePlatform(process.platform),
    electron: process.versions.electron,
    startedFrom: app.isPackaged ? 'installed' : 'checkout',
    cores: availableParallelism(),
    // Jobs run on this Node as well; without its own zstd they take the addon's.
    tunesZstd: 'zstdCompressSync' in zlib,
  }))
}

function namePlatform(platform: NodeJS.Platform): AppInfo['platform'] {
  return platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other'
}
