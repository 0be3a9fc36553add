import { resolve } from 'node:path'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const here = (path: string) => resolve(import.meta.dirname, path)

/**
 * Packages that are built into our files, because every command and every start reads them: one file opens faster than a hundred. All
 * other dependencies stay in node_modules; most of them bring native code, WebAssembly or data, and are loaded on first use.
 */
const BUNDLED = [
  '@orpc/client',
  '@orpc/contract',
  '@orpc/server',
  '@orpc/standard-server-peer',
  'commander',
  'env-paths',
  'pino',
  'ws',
  'yjs',
  'zod',
]

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: { exclude: BUNDLED },
      sourcemap: true,
      minify: false,
      target: 'node22',
      rolldownOptions: {
        input: {
          index: here('src-main/index.ts'),
          core: here('src-main/core/entry.ts'),
          models: here('src-main/models/entry.ts'),
          documents: here('src-main/documents/entry.ts'),
          mcp: here('src-main/mcp/entry.ts'),
          'concepts-worker': here('src-core/memory/concepts/worker.ts'),
          'pglite-worker': here('src-core/store/pglite/worker.ts'),
          'v1-reader': here('src-core/legacy/sqlite/worker.ts'),
          serve: here('src-main/serve.ts'),
          cli: here('src-main/cli.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      sourcemap: false,
      rolldownOptions: {
        input: here('src-main/preload.ts'),
        output: { format: 'cjs', entryFileNames: 'preload.cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    // Addresses from the root: the page is served at `/` by every host, and its places have paths of their own.
    base: '/',
    plugins: [react(), tailwind()],
    build: {
      outDir: here('out/renderer'),
      sourcemap: false,
      minify: true,
      // One page for one machine: it is read from the disk, not over a network.
      chunkSizeWarningLimit: 1_500,
      // Nothing as a data: address, which the page's policy forbids for scripts.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: here('src-renderer/index.html'),
        // The kernel's logger is for processes; what the page does not call must not come along.
        treeshake: { moduleSideEffects: (id) => !id.includes('/src-core/') },
      },
    },
  },
})
