import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { KINDS, type SpokenKind } from '../src-core/agents/orchestrator/kind-cues.ts'
import { createKindReader } from '../src-core/agents/orchestrator/kinds.ts'
import { silentLog, systemClock } from '../src-core/kernel/index.ts'
import { openMiniLm } from '../src-core/models/index.ts'
import { MODEL_CACHE } from '../test/model-cache.ts'
import { bench, quantile, REPOSITORY, rounded } from './harness.ts'

interface Labelled {
  text: string
  kind: SpokenKind
  language: string
  /** Each held-out part was written when the one before had been looked at. */
  part: 'training' | (typeof HELD_OUT)[number]
}

/** The newest first. */
const HELD_OUT = ['held-out-3', 'held-out-2', 'held-out-1'] as const

const WARM_UP = 20

const share = (right: boolean[]) => rounded(right.filter(Boolean).length / right.length, 3)

await bench({
  name: 'turn-kinds',
  about:
    'How many turns of the newest held-out part of the labelled set get their kind on the device, and how long one takes.',
  async run() {
    const all = readFileSync(resolve(REPOSITORY, 'test/sets/turn-kinds.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line): Labelled => JSON.parse(line))
    const training = all.filter((turn) => turn.part === 'training')
    const heldOut = all.filter((turn) => turn.part !== 'training')
    const embedder = await openMiniLm({ cacheDir: MODEL_CACHE, batch: 16, threads: 0, log: silentLog })
    const reader = createKindReader({ embedder, clock: systemClock, log: silentLog })
    const cuesAlone = createKindReader({ clock: systemClock, log: silentLog })
    const { signal } = new AbortController()
    for (const { text } of training.slice(0, WARM_UP)) await reader.read(text, signal)
    const told: { turn: Labelled; read: string; byCues: string; ms: number }[] = []
    for (const turn of heldOut) {
      const begun = performance.now()
      const { kind } = await reader.read(turn.text, signal)
      const ms = performance.now() - begun
      told.push({ turn, read: kind, byCues: (await cuesAlone.read(turn.text, signal)).kind, ms })
    }
    const newest = told.filter(({ turn }) => turn.part === HELD_OUT[0])
    const older = told.filter(({ turn }) => turn.part !== HELD_OUT[0])
    const right = (of: typeof told) => share(of.map(({ turn, read }) => turn.kind === read))
    const languages = [...new Set(heldOut.map(({ language }) => language))]
    const row = (what: string, of: typeof told) => ({ what, turns: of.length, 'right share': right(of) })
    return {
      figures: {
        accuracy: right(newest),
        accuracyBefore: right(older),
        accuracyOfCuesAlone: share(newest.map(({ turn, byCues }) => turn.kind === byCues)),
        p50Ms: rounded(
          quantile(
            told.map(({ ms }) => ms),
            0.5,
          ),
          1,
        ),
        p95Ms: rounded(
          quantile(
            told.map(({ ms }) => ms),
            0.95,
          ),
          1,
        ),
        heldOut: newest.length,
        labelled: all.length,
      },
      table: [
        row('newest', newest),
        ...HELD_OUT.slice(1).map((part) =>
          row(
            part,
            told.filter(({ turn }) => turn.part === part),
          ),
        ),
        ...KINDS.map((kind) =>
          row(
            kind,
            newest.filter(({ turn }) => turn.kind === kind),
          ),
        ),
        ...languages.map((language) =>
          row(
            language,
            newest.filter(({ turn }) => turn.language === language),
          ),
        ),
      ],
      targets: [
        { figure: 'accuracy', atLeast: 0.9 },
        { figure: 'p95Ms', atMost: 20 },
      ],
    }
  },
})
