/**
 * A stand-in for Anthropic, OpenAI and OpenAI-compatible servers on the loopback interface, for tests, benches and trying the app by hand.
 *
 *   node test/scripted-provider.ts --port 0 --delay 20
 *
 * prints one line `scripted provider at http://127.0.0.1:PORT` and runs until it is interrupted or its standard input closes (when that
 * is a pipe). A model or key that holds `scripted-NAME` chooses what happens (see `scripted-provider/scenarios.ts`); anything else gets a
 * streamed answer that names the passages in the prompt and cites the first.
 */
import { fstatSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { SCENARIOS } from './scripted-provider/scenarios.ts'
import { startScriptedProvider } from './scripted-provider/server.ts'

export { passagesIn, piecesOf, scriptedAnswer, scriptedTokens } from './scripted-provider/answer.ts'
export { SCENARIOS } from './scripted-provider/scenarios.ts'
export {
  type RecordedRequest,
  SCRIPTED_MODELS,
  type ScriptedProvider,
  type ScriptedProviderOptions,
  startScriptedProvider,
} from './scripted-provider/server.ts'

async function runAsProcess(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      delay: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log('usage: node test/scripted-provider.ts [--port 0] [--delay MILLISECONDS]')
    console.log(`models: scripted-NAME or scripted-NAME-xTIMES, NAME one of ${Object.keys(SCENARIOS).join(', ')}`)
    return
  }
  const provider = await startScriptedProvider({ port: Number(values.port), delayMs: Number(values.delay) })
  console.log(`scripted provider at ${provider.url}`)
  const stop = () => {
    provider.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  // A starter that dies closes the pipe, so that no server is left behind.
  const input = fstatSync(0)
  if (input.isFIFO() || input.isSocket()) process.stdin.once('end', stop).resume()
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await runAsProcess()
