import type { Agent } from '../src-core/agents/orchestrator/agent.ts'
import { type CheckpointRows, checkpointRows } from '../src-core/agents/orchestrator/checkpoint-rows.ts'
import { createOrchestrator } from '../src-core/agents/orchestrator/orchestrate.ts'
import { idMaker, silentLog, systemClock, systemRandom } from '../src-core/kernel/index.ts'
import { openVault } from '../src-core/vault/index.ts'
import { answerOf } from './vault-commands.ts'
import { openStoreIn } from './vault-world.ts'

/**
 * The child of turn-crash.test.ts: begins a turn in the vault of a folder, says on standard output when it stands where the test wants it,
 * and then waits to be killed. With `asked` nobody has answered; with `answered` the conversation has, and research runs on; with `found`
 * research has found something too, and synthesis runs on.
 */
const [dataDir, stand] = process.argv.slice(2) as [string, 'asked' | 'answered' | 'found']

const store = await openStoreIn(dataDir)
const newId = idMaker(systemClock, systemRandom)
const vault = await openVault({
  db: store.database,
  clock: systemClock,
  newId,
  log: silentLog,
  limits: { textLength: 100_000 },
})
const capture = await vault.captures.add({ sessionId: 's', source: 'text', userText: 'Why is the sky blue?' })
const rows = checkpointRows(store.database, vault.id, () => systemClock.now())
const say = (text: string) => process.stdout.write(`${text}\n`)

/** Tells when the tables hold what the test waits for: of the agents that have ended, the outcome of each. */
const awaited = stand === 'found' ? 2 : 1
let kept = 0
const watched: CheckpointRows = {
  ...rows,
  async putWrites(...given) {
    await rows.putWrites(...given)
    kept += given[3].filter(({ channel }) => channel === 'outcomes').length
    if (stand !== 'asked' && kept === awaited) say(capture.id)
  },
}

const hanging = () => new Promise<never>(() => undefined)
const conversation: Agent = {
  name: 'conversation',
  kinds: ['simple'],
  due: 'whole',
  run: async () => {
    if (stand !== 'asked') return { answer: answerOf('Because of scattering.') }
    say(capture.id)
    return hanging()
  },
}
const research: Agent = {
  name: 'research',
  kinds: ['simple'],
  due: 'whole',
  run: stand === 'found' ? async () => ({ addition: 'Rayleigh explained it.' }) : hanging,
}
const synthesis: Agent = {
  name: 'synthesis',
  kinds: ['simple'],
  afterOthers: ['simple'],
  due: 'whole',
  run: hanging,
}
const FAR = 600_000
const orchestrator = createOrchestrator(
  {
    vault,
    search: hanging,
    languageModel: hanging,
    maxOutputTokens: 100,
    deadlines: { conversation: FAR, analysis: FAR, research: FAR, vision: FAR, synthesis: FAR },
    checkpoints: watched,
    clock: systemClock,
    newId,
    log: silentLog,
  },
  [conversation, research, synthesis],
)
await orchestrator.answer(
  { capture, provider: undefined, isAgain: false },
  () => undefined,
  new AbortController().signal,
)
