import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from '../scripts/ensure-built.ts'
import { MODEL_CACHE } from '../test/model-cache.ts'
import { bench, REPOSITORY, rounded } from './harness.ts'
import { peakMb } from './process-cost.ts'
import { sentences } from './sentences.ts'

const FILES = 20_000
const FOLDERS = 10
const SAMPLE_MS = 200
/** Nobody is left without a word for longer, in seconds. */
const LONGEST_SILENCE = 10

/** Half of the files in the folder itself, half in folders inside; every one of them different. */
function writeFiles(folder: string, count: number): void {
  for (let part = 0; part < FOLDERS; part += 1) mkdirSync(join(folder, `part ${part}`), { recursive: true })
  const said = sentences(count, 7)
  for (let file = 0; file < count; file += 1) {
    const place = file % 2 === 0 ? folder : join(folder, `part ${file % FOLDERS}`)
    writeFileSync(join(place, `note ${file}.txt`), `Note ${file}. ${said[file]}`)
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return [] // it has just ended
  }
}

/** Which of ours a process is: `core`, or the entry that it runs. */
function nameOf(pid: number, core: number): string {
  if (pid === core) return 'core'
  try {
    return /out\/main\/(\w+)\.js/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1] ?? 'other'
  } catch {
    return 'other'
  }
}

interface Run {
  seconds: number
  /** Longest time without a word on standard error, in seconds. */
  silence: number
  states: Map<string, number>
  peaks: Map<string, number>
}

/** `lva add FOLDER` from its start to its end. */
async function addFolder(folder: string, dataDir: string): Promise<Run> {
  const begun = performance.now()
  const child = spawn(process.execPath, [join(REPOSITORY, 'out/main/cli.js'), 'add', folder, '--json'], {
    env: { ...process.env, LVA_DATA_DIR: dataDir, LVA_CACHE_DIR: MODEL_CACHE },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, silence, told] = ['', 0, begun]
  child.stdout.on('data', (part) => {
    out += part
  })
  const tell = () => {
    silence = Math.max(silence, performance.now() - told)
    told = performance.now()
  }
  child.stderr.on('data', tell)
  const peaks = new Map<string, number>()
  const core = child.pid ?? 0
  const watch = setInterval(() => {
    for (const pid of [core, ...childrenOf(core)]) {
      const name = nameOf(pid, core)
      peaks.set(name, Math.max(peaks.get(name) ?? 0, peakMb(pid)))
    }
  }, SAMPLE_MS)
  const code = await new Promise((resolve) => child.on('close', resolve))
  clearInterval(watch)
  tell()
  if (code !== 0) throw new Error(`"lva add" ended with ${code}`)
  const { items } = JSON.parse(out) as { items: { state: string }[] }
  const states = new Map<string, number>()
  for (const { state } of items) states.set(state, (states.get(state) ?? 0) + 1)
  return { seconds: (performance.now() - begun) / 1_000, silence: silence / 1_000, states, peaks }
}

await bench({
  name: 'add-folder',
  about:
    'Files that `lva add FOLDER` takes in and reads each second, from its start to its end, and what it says and needs.',
  options: { files: `how many files the folder has (default ${FILES})` },
  async run({ options }) {
    ensureBuilt()
    const files = Number(options.files ?? FILES)
    const root = mkdtempSync(join(tmpdir(), 'lva-add-folder-'))
    try {
      writeFiles(join(root, 'files'), files)
      const first = await addFolder(join(root, 'files'), join(root, 'data'))
      const again = await addFolder(join(root, 'files'), join(root, 'data'))
      for (const { states } of [first, again])
        if (states.get('ready') !== files) throw new Error(`not all were read: ${JSON.stringify([...states])}`)
      const row = (what: string, { seconds, silence, peaks }: Run) => ({
        what,
        files,
        'a second': rounded(files / seconds, 1),
        seconds: rounded(seconds, 1),
        'longest silence s': rounded(silence, 1),
        'core MB': peaks.get('core') ?? 0,
        'models MB': peaks.get('models') ?? 0,
        'documents MB': peaks.get('documents') ?? 0,
      })
      return {
        figures: {
          filesPerSecond: rounded(files / first.seconds, 1),
          againPerSecond: rounded(files / again.seconds, 1),
          silence: rounded(Math.max(first.silence, again.silence), 1),
          peakMb: Math.max(...first.peaks.values(), ...again.peaks.values()),
        },
        table: [row('added', first), row('added again', again)],
        targets: [{ figure: 'silence', atMost: LONGEST_SILENCE }],
      }
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  },
})
