import { watch } from 'node:fs'
import { resolve } from 'node:path'
import { createServer } from 'vite'
import config from '../electron.vite.config.ts'
import { serveApp } from '../src-main/browser-host/serve-app.ts'
import type { CoreHost } from '../src-main/core-host.ts'

/**
 * `npm run dev`: the app in a browser, the page by Vite with changes shown at once, the core from its source and started again when that
 * changes. The host itself is not: start this again after changes to `src-main/browser-host`.
 */
const root = resolve(import.meta.dirname, '..')
const RESTART_AFTER_MS = 200

const { renderer } = await config
const vite = await createServer({
  ...renderer,
  configFile: false,
  root: resolve(root, 'src-renderer'),
  appType: 'spa',
  server: { middlewareMode: true, host: '127.0.0.1' },
})
let core: CoreHost | undefined
let timer: ReturnType<typeof setTimeout> | undefined
const watchers = ['src-core', 'src-main'].map((folder) =>
  watch(resolve(root, folder), { recursive: true }, (_event, file) => {
    if (!file?.endsWith('.ts') || file.endsWith('.test.ts')) return
    clearTimeout(timer)
    timer = setTimeout(() => core?.restart(), RESTART_AFTER_MS)
  }),
)
process.exitCode = await serveApp({
  page: (request, response) => vite.middlewares(request, response),
  note: 'This is the version under development.',
  onCore: (host) => {
    core = host
  },
})
clearTimeout(timer)
for (const watcher of watchers) watcher.close()
await vite.close()
