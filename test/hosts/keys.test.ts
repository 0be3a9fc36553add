import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { errorToWire } from '../../src-core/kernel/index.ts'
import { type ScriptedProvider, startScriptedProvider } from '../scripted-provider.ts'
import { type ServedApp, serveApp } from './served-app.ts'

/** Keys in the browser host. With a keyring or without, they are found nowhere in clear. */

const TYPED = 'sk-canary-typed-7d0e4b'
const CONFIGURED = 'sk-canary-environment-51aa'
let app: ServedApp | undefined
let provider: ScriptedProvider | undefined
afterEach(async () => {
  await app?.stop()
  await provider?.close()
})

function spellings(key: string): string[] {
  const bytes = Buffer.from(key)
  return [key, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex'), encodeURIComponent(key)]
}

function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text))
}

describe('keys', () => {
  it('typed or from the environment, used and refused, reach no file, no log and no error', async () => {
    provider = await startScriptedProvider()
    app = await serveApp({
      environment: {
        LVA_LOG_LEVEL: 'debug',
        OPENAI_API_KEY: CONFIGURED,
        LVA_LANGUAGE_OPENAI_BASE_URL: `${provider.url}/v1`,
        LVA_LANGUAGE_ANTHROPIC_BASE_URL: provider.url,
      },
    })
    const { client, carrier } = await app.connect()
    const answers: unknown[] = []
    await client.providers.setKey({ provider: 'anthropic', key: TYPED })
    answers.push(await client.providers.list(), await client.providers.test({ provider: 'anthropic' }))
    answers.push(await client.providers.test({ provider: 'openai' }))
    await client.providers.setKey({ provider: 'anthropic', key: `${TYPED}-scripted-unauthorized` })
    answers.push(await client.providers.test({ provider: 'anthropic' }))
    const turn = async () => {
      const request = { sessionId: null, text: 'Use the keys.', source: 'text' as const }
      for await (const event of await client.turns.send(request)) answers.push(event)
    }
    const refusal = await turn().catch((error) => error)
    expect(refusal).toMatchObject({ code: 'provider-key-refused' })
    answers.push(errorToWire(refusal))
    answers.push(await client.app.info(), await client.app.doctor(), await client.providers.usage())
    carrier.close()
    const { dataDir } = app
    for (const spelling of [...spellings(TYPED), ...spellings(CONFIGURED)]) {
      expect(filesWith(dataDir, spelling)).toEqual([])
      expect(app.printed()).not.toContain(spelling)
      expect(JSON.stringify(answers)).not.toContain(spelling)
    }
    expect(provider.requests.length).toBeGreaterThan(2)
  })
})
