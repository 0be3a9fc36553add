import { startScriptedProvider } from '../test/scripted-provider.ts'
import { startScriptedWeb } from '../test/scripted-web/server.ts'
import { type EvalCase, readCases } from './case.ts'
import { check } from './check.ts'
import { type ScriptedModel, scriptedModel } from './scripted-model.ts'
import { openWorld } from './world.ts'

/**
 * Holds the whole program against the cases in `cases/`: first with a scripted model, which always says the same; then, where a key is in
 * the environment, with the real one. `node eval/run.ts [part of a case's name]`
 */
interface Result {
  one: EvalCase
  complaints: string[]
  ms: number
  costUsd: number | null
  /** Why it was not run. */
  waits?: string
}

type Environment = Record<string, string>

/** The provider that the environment has a key or an address for, with the configuration that goes with it. */
function realProvider(): { name: string; environment: Environment } | undefined {
  const { ANTHROPIC_API_KEY, OPENAI_API_KEY, LVA_LANGUAGE_COMPATIBLE_BASE_URL } = process.env
  const settings = Object.entries(process.env).filter(([name]) => name.startsWith('LVA_LANGUAGE_'))
  const environment = Object.fromEntries(settings) as Environment
  if (ANTHROPIC_API_KEY) return { name: 'Anthropic', environment: { ...environment, ANTHROPIC_API_KEY } }
  if (OPENAI_API_KEY) return { name: 'OpenAI', environment: { ...environment, OPENAI_API_KEY } }
  if (LVA_LANGUAGE_COMPATIBLE_BASE_URL) return { name: LVA_LANGUAGE_COMPATIBLE_BASE_URL, environment }
  return undefined
}

/** One data folder for all cases of one configuration, so that the program is opened once for them. */
async function runAll(cases: readonly EvalCase[], environment: Environment, model?: ScriptedModel): Promise<Result[]> {
  const results: Result[] = []
  for (const group of Map.groupBy(cases, ({ configuration }) => JSON.stringify(configuration)).values()) {
    const world = await openWorld({ ...environment, ...group[0]?.configuration }, web)
    try {
      for (const one of group) {
        model?.follow(one)
        const seen = await world.run(one)
        const offered = new Set(model?.asked.flatMap(({ tools }) => tools))
        const missing = model ? one.needs.filter((name) => !offered.has(name)) : []
        const answer = seen.capture?.answer
        const watched = model && { asked: model.asked.length, calls: model.calls }
        results.push({
          one,
          complaints: check(one.expect, seen, watched),
          ms: seen.ms,
          costUsd: answer ? answer.costUsd : 0,
          ...(missing.length > 0 && { waits: `the program does not offer ${missing.join(', ')} yet` }),
        })
        print(results.at(-1) as Result)
      }
    } finally {
      await world.close()
    }
  }
  return results
}

function print({ one, complaints, ms, costUsd, waits }: Result): void {
  const state = waits ? 'waits ' : complaints.length === 0 ? 'ok    ' : 'FAILED'
  const cost = costUsd === null ? '      ?' : `$${costUsd.toFixed(5)}`
  console.log(`${state} ${one.file.padEnd(18)} ${one.name.padEnd(64)} ${String(ms).padStart(6)} ms ${cost}`)
  if (waits) console.log(`         ${waits}`)
  else for (const complaint of complaints) console.log(`         ${complaint}`)
}

function sumUp(what: string, results: readonly Result[]): boolean {
  const ran = results.filter(({ waits }) => !waits)
  const failed = ran.filter(({ complaints }) => complaints.length > 0).length
  const waiting = results.length - ran.length
  console.log(
    `${what}: ${ran.length - failed} of ${ran.length} passed${waiting > 0 ? `, ${waiting} wait for what they need` : ''}\n`,
  )
  return failed === 0
}

const wanted = process.argv[2] ?? ''
const cases = readCases().filter(({ name, file }) => name.includes(wanted) || file.includes(wanted))
if (cases.length === 0) throw new Error(`there is no case named like "${wanted}"`)

/** What research finds, also where the model is a real one. */
const web = await startScriptedWeb()
const model = scriptedModel()
const server = await startScriptedProvider({ reply: model.reply, delayMs: 0 })
let isWell = true
/** What the program does not offer yet, no model can use. */
let waiting = new Set<EvalCase>()
try {
  const environment = {
    LVA_LANGUAGE_PROVIDER: 'anthropic',
    LVA_LANGUAGE_ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: 'sk-eval',
    LVA_LANGUAGE_RETRY_BASE_MS: '1',
  }
  const results = await runAll(cases, environment, model)
  waiting = new Set(results.flatMap(({ one, waits }) => (waits ? [one] : [])))
  isWell = sumUp('scripted model', results)
} finally {
  await server.close()
}

const real = realProvider()
if (real) {
  const asked = cases.filter((one) => !one.scriptedOnly && !waiting.has(one))
  isWell = sumUp(real.name, await runAll(asked, real.environment)) && isWell
} else {
  console.log(
    'real provider: skipped. Put ANTHROPIC_API_KEY, OPENAI_API_KEY or LVA_LANGUAGE_COMPATIBLE_BASE_URL into the environment to ask one.',
  )
}
await web.close()
process.exitCode = isWell ? 0 : 1
