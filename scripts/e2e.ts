import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { findChromium } from './chromium.ts'

/** Runs the end-to-end tests on the built app in a real Chromium: `npm run test:e2e [-- PLAYWRIGHT ARGUMENTS]`. */
const root = path.resolve(import.meta.dirname, '..')
const chromium = findChromium()
const run = (args: string[]) =>
  spawnSync(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, LVA_TEST_CHROMIUM: chromium },
  }).status ?? 1

process.exitCode =
  run(['scripts/build.ts', '--if-stale']) ||
  run(['node_modules/@playwright/test/cli.js', 'test', ...process.argv.slice(2)])
