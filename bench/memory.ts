import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from '../scripts/ensure-built.ts'
import { configSchema, silentLog } from '../src-core/kernel/index.ts'
import { MINILM_INFO } from '../src-core/models/index.ts'
import { loadMiniLmFile } from '../src-core/models/local/minilm-file.ts'
import { MODEL_CACHE } from '../test/model-cache.ts'
import { type BuiltCore, indexed, startBuiltCore } from './built-core.ts'
import { fill } from './filled-folder.ts'
import { bench, REPOSITORY, rounded } from './harness.ts'

const CHUNKS = 10_000

/** Resident size of a process in MB of 10^6 bytes. */
function residentMb(pid: number | undefined): number {
  if (pid === undefined) return 0
  const kibibytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }))
  return rounded((kibibytes * 1024) / 1e6, 0)
}

const sizes = (core: BuiltCore) => ({ core: residentMb(core.pidOf('core')), models: residentMb(core.pidOf('models')) })

async function bare(script: string, parameters: string[]): Promise<ChildProcess> {
  const child = fork(join(REPOSITORY, 'bench', script), parameters)
  await once(child, 'message')
  return child
}

async function end(child: ChildProcess): Promise<void> {
  child.send('end')
  await once(child, 'exit')
}

/** The app on a new folder: when it is ready, after its first entry, and after the last of many. */
async function measureApp(dataDir: string, chunks: number) {
  const core = await startBuiltCore({ dataDir, cacheDir: MODEL_CACHE })
  try {
    const ready = sizes(core)
    await core.client.captures.add({ sessionId: null, text: 'The first thing that was said.', source: 'text' })
    await indexed(core.client)
    const idle = sizes(core)
    await fill(core, chunks)
    return { ready, idle, filled: sizes(core) }
  } finally {
    await core.close()
  }
}

await bench({
  name: 'memory',
  about:
    'Resident sizes of core and models, idle and after indexing 10,000 chunks, against bare PGlite and a bare ONNX session.',
  options: { chunks: `how many chunks are indexed (default ${CHUNKS})` },
  async run({ options }) {
    ensureBuilt()
    const chunks = Number(options.chunks ?? CHUNKS)
    const folder = mkdtempSync(join(tmpdir(), 'lva-memory-'))
    try {
      const dataDir = join(folder, 'data')
      const model = await loadMiniLmFile(MODEL_CACHE, silentLog)
      const app = await measureApp(dataDir, chunks)
      const pglite = await bare('bare-pglite.ts', [join(dataDir, 'pg')])
      const pgliteMb = residentMb(pglite.pid)
      await end(pglite)
      if (typeof model !== 'string') throw new Error(`the converted model cannot be kept in ${MODEL_CACHE}`)
      const { embeddingBatch } = configSchema.parse({}).models
      const onnx = await bare('bare-onnx.ts', [model, String(embeddingBatch), String(MINILM_INFO.maxTokens)])
      const onnxIdleMb = residentMb(onnx.pid)
      onnx.send('run')
      await once(onnx, 'message')
      const onnxBatchMb = residentMb(onnx.pid)
      await end(onnx)
      const figures = {
        coreReadyMb: app.ready.core,
        coreIdleMb: app.idle.core,
        coreFilledMb: app.filled.core,
        modelsIdleMb: app.idle.models,
        modelsFilledMb: app.filled.models,
        pgliteMb,
        onnxIdleMb,
        onnxBatchMb,
        coreRatio: rounded(app.filled.core / pgliteMb, 2),
        modelsRatio: rounded(app.filled.models / onnxBatchMb, 2),
        chunks,
      }
      return {
        figures,
        table: [
          { process: 'core', when: 'ready, models not started', MB: app.ready.core },
          { process: 'core', when: 'idle after one entry', MB: app.idle.core },
          { process: 'core', when: `after indexing ${chunks} chunks`, MB: app.filled.core },
          { process: 'bare PGlite', when: 'the same folder open', MB: pgliteMb },
          { process: 'models', when: 'idle after one entry', MB: app.idle.models },
          { process: 'models', when: `after indexing ${chunks} chunks`, MB: app.filled.models },
          { process: 'bare onnxruntime', when: 'model loaded', MB: onnxIdleMb },
          { process: 'bare onnxruntime', when: 'after one full batch of the longest texts', MB: onnxBatchMb },
        ],
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})
