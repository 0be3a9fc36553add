import { defineConfig } from 'vitest/config'
import { SlowFirst } from './test/slow-first.ts'

export default defineConfig({
  test: {
    include: [
      'src-core/**/*.test.ts',
      'src-main/**/*.test.ts',
      'cloud/**/*.test.ts',
      'src-renderer/**/*.test.{ts,tsx}',
      'test/**/*.test.ts',
      'bench/**/*.test.ts',
      'eval/**/*.test.ts',
    ],
    globalSetup: ['test/memory-folder.ts'],
    // Guards against a hang, far above what a busy machine needs; no test is a measurement.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    sequence: { sequencer: SlowFirst },
    maxWorkers: 2,
    pool: 'forks',
  },
})
