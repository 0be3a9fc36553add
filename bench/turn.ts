import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import OpenAI from 'openai'
import { ensureBuilt } from '../scripts/ensure-built.ts'
import { seededRandom } from '../src-core/kernel/index.ts'
import { MODEL_CACHE } from '../test/model-cache.ts'
import { startScriptedProvider } from '../test/scripted-provider.ts'
import { type BuiltCore, indexed, startBuiltCore } from './built-core.ts'
import { filledFolder } from './filled-folder.ts'
import { bench, quantile, rounded } from './harness.ts'
import { sentences } from './sentences.ts'

const CHUNKS = 10_000
const DIMENSIONS = 384
const TURNS = 200
const WARM_UP = 20
/** A session goes on for a while, so that turns carry its history along. */
const TURNS_IN_A_SESSION = 10
const MODEL = 'scripted-ok'

type ChatRequest = OpenAI.ChatCompletionCreateParamsStreaming

/** One call of the SDK, read to the end, with exactly what a turn has sent: then both get the same answer. @returns milliseconds */
async function bareCall(client: OpenAI, body: ChatRequest): Promise<number> {
  const begun = performance.now()
  const stream = await client.chat.completions.create(body)
  for await (const _chunk of stream);
  return performance.now() - begun
}

/** One whole turn through the contract: stored, retrieved, answered, stored. @returns milliseconds and the session */
async function wholeTurn({ client }: BuiltCore, text: string, sessionId: string | null) {
  const begun = performance.now()
  let session = sessionId
  for await (const event of await client.turns.send({ sessionId, text, source: 'text' })) {
    if (event.type === 'done') session = event.capture.sessionId
  }
  return { ms: performance.now() - begun, session }
}

interface BareVectors {
  /** Milliseconds of one exact query over all of them. */
  query(): Promise<number>
  close(): Promise<void>
}

/** As many vectors in PGlite and nothing else, searched exactly. */
async function openBareVectors(): Promise<BareVectors> {
  const random = seededRandom(7)
  const unit = () => {
    const values = Array.from({ length: DIMENSIONS }, () => random.fraction() - 0.5)
    const length = Math.hypot(...values)
    return `[${values.map((value) => (value / length).toFixed(6)).join(',')}]`
  }
  const database = new PGlite({ extensions: { vector } })
  await database.exec(`create extension vector; create table items (id int, embedding vector(${DIMENSIONS}))`)
  for (let from = 0; from < CHUNKS; from += 500) {
    const rows = Array.from({ length: 500 }, (_, index) => `(${from + index}, '${unit()}')`)
    await database.exec(`insert into items values ${rows.join(',')}`)
  }
  return {
    async query() {
      const vector = unit()
      const begun = performance.now()
      await database.query('select id from items order by embedding <=> $1 limit 20', [vector])
      return performance.now() - begun
    },
    close: () => database.close(),
  }
}

await bench({
  name: 'turn',
  about:
    'What a whole turn (contract, retrieval, storing) adds to a bare SDK call to the same server, with 10,000 chunks in memory.',
  async run() {
    ensureBuilt()
    const folder = await filledFolder(CHUNKS)
    const provider = await startScriptedProvider()
    const baseURL = `${provider.url}/v1`
    const core = await startBuiltCore(
      { dataDir: folder.dataDir, cacheDir: MODEL_CACHE },
      {
        LVA_LANGUAGE_PROVIDER: 'compatible',
        LVA_LANGUAGE_COMPATIBLE_BASE_URL: baseURL,
        LVA_LANGUAGE_COMPATIBLE_MODEL: MODEL,
      },
    )
    const vectors = await openBareVectors()
    const turns: number[] = []
    const bare: number[] = []
    const exact: number[] = []
    try {
      const sdk = new OpenAI({ baseURL, apiKey: 'none' })
      await indexed(core.client)
      let session: string | null = null
      for (const [number, text] of sentences(WARM_UP + TURNS, 99).entries()) {
        if (number % TURNS_IN_A_SESSION === 0) session = null
        // Somebody who has just read an answer does not speak before it is indexed.
        await indexed(core.client)
        // By turns, so that all three meet the same machine.
        const query = await vectors.query()
        const turn = await wholeTurn(core, text, session)
        const sent = provider.requests.at(-1)?.body as ChatRequest
        provider.reset()
        const call = await bareCall(sdk, sent)
        session = turn.session
        if (number < WARM_UP) continue
        exact.push(query)
        bare.push(call)
        turns.push(turn.ms)
      }
    } finally {
      await core.close()
      await provider.close()
      await vectors.close()
      folder.remove()
    }
    const added = turns.map((ms, round) => ms - (bare[round] ?? 0))
    const exactMs = quantile(exact, 0.5)
    const at = (values: number[], q: number) => rounded(quantile(values, q), 1)
    const figures = {
      ratio: rounded(quantile(added, 0.95) / exactMs, 2),
      addedP50Ms: at(added, 0.5),
      addedP95Ms: at(added, 0.95),
      addedP99Ms: at(added, 0.99),
      turnP50Ms: at(turns, 0.5),
      turnP95Ms: at(turns, 0.95),
      bareP50Ms: at(bare, 0.5),
      bareP95Ms: at(bare, 0.95),
      exactQueryMs: rounded(exactMs, 2),
      turns: TURNS,
      chunks: CHUNKS,
    }
    const row = (what: string, values: number[]) => ({
      what,
      'p50 ms': at(values, 0.5),
      'p95 ms': at(values, 0.95),
      'p99 ms': at(values, 0.99),
    })
    return {
      figures,
      table: [
        row('whole turn', turns),
        row('bare SDK call', bare),
        row('added by the turn', added),
        row('bare exact pgvector query', exact),
      ],
      targets: [{ figure: 'ratio', atMost: 10 }],
    }
  },
})
