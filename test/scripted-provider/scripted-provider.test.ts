import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import {
  passagesIn,
  piecesOf,
  type ScriptedProvider,
  type ScriptedProviderOptions,
  scriptedAnswer,
  startScriptedProvider,
} from '../scripted-provider.ts'
import { scenarioIn } from './scenarios.ts'

describe('the scripted answer', () => {
  it('names the passages of the prompt and cites the first', () => {
    const text =
      'Answer from memory.\n[1] (3 March) Attention weighs tokens.\n  [2] Softmax makes weights.\nsee [9] above'
    expect(passagesIn(text).map(({ number }) => number)).toEqual([1, 2])
    expect(scriptedAnswer({ text, question: 'What is  attention?' })).toBe(
      'You said: What is attention? Your memory holds "(3 March) Attention weighs tokens." [1]. I saw passages 1, 2. What would you like to know next?',
    )
    const prompt = '<passage number="3" date="2026-11-01">\nSoftmax makes weights.\n</passage>'
    expect(passagesIn(prompt)).toEqual([{ number: 3, text: 'Softmax makes weights.' }])
    expect(scriptedAnswer({ text: 'Nothing.', question: 'Hi' })).toContain('I saw no passages')
  })

  it('comes in pieces that are together the whole', () => {
    for (const text of ['You said: Hi!  And\nmore ', '', '   ', 'one'])
      expect(piecesOf(text).join('').trim()).toBe(text.trim())
  })
})

it('finds the scenario in a model or a key', () => {
  expect(scenarioIn('scripted-overloaded-x2')).toEqual({ name: 'overloaded', times: 2 })
  expect(scenarioIn('sk-scripted-rate-limited')).toEqual({ name: 'rate-limited', times: Number.POSITIVE_INFINITY })
  expect(scenarioIn('scripted-no-such-thing')).toBeUndefined()
  expect(scenarioIn('gpt-6-luna')).toBeUndefined()
})

describe('the scripted provider', () => {
  let server: ScriptedProvider | undefined
  afterEach(async () => {
    await server?.close()
    server = undefined
  })
  const start = async (options?: ScriptedProviderOptions) => {
    server = await startScriptedProvider(options)
    return server
  }
  const ask = (url: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(body) })

  it('lets the key choose where the model does not', async () => {
    const { url } = await start()
    const byKey = await ask(
      url,
      { model: 'gpt-6-luna', messages: [] },
      { authorization: 'Bearer scripted-unauthorized' },
    )
    expect(byKey.status).toBe(401)
    const byModel = await ask(url, { model: 'scripted-ok', messages: [] }, { authorization: 'Bearer scripted-error' })
    expect(byModel.status).toBe(200)
    await byModel.text()
  })

  it('records what it was asked, and forgets it when told', async () => {
    const { url, requests } = await start()
    const body = { model: 'scripted-error-x1', messages: [{ role: 'user', content: 'Hello' }] }
    expect((await ask(url, body, { 'x-api-key': 'k' })).status).toBe(500)
    expect((await ask(url, body, { 'x-api-key': 'k' })).status).toBe(200)
    const recorded = await (await fetch(`${url}/requests`)).json()
    expect(recorded).toMatchObject([
      { path: '/v1/chat/completions', apiKey: 'k', scenario: 'error', attempt: 1, state: 'answered', body },
      { attempt: 2 },
    ])
    await fetch(`${url}/reset`, { method: 'POST' })
    expect(requests).toHaveLength(0)
    expect((await ask(url, body, { 'x-api-key': 'k' })).status).toBe(500)
  })

  it('notices a caller that goes away', async () => {
    const { url, waitFor } = await start()
    const stop = new AbortController()
    const call = fetch(`${url}/v1/messages`, {
      method: 'POST',
      body: JSON.stringify({ model: 'scripted-silence', messages: [] }),
      signal: stop.signal,
    }).catch(() => 'gone')
    await waitFor((request) => request.scenario === 'silence')
    stop.abort()
    expect(await call).toBe('gone')
    expect((await waitFor((request) => request.state === 'aborted')).path).toBe('/v1/messages')
  })

  it('closes while it still hangs', async () => {
    const { url, waitFor, close } = await start()
    const call = ask(url, { model: 'scripted-headers-only', messages: [] })
      .then((response) => response.text())
      .catch(() => 'cut')
    await waitFor(() => true)
    await close()
    server = undefined
    expect(await call).toBe('cut')
  })

  it('runs as a process, prints its address, and ends with its starter', async () => {
    const path = fileURLToPath(new URL('../scripted-provider.ts', import.meta.url))
    const child = spawn(process.execPath, [path, '--port', '0', '--delay', '0'], { stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = once(child, 'exit')
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    const url = /^scripted provider at (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1]
    expect(url).toBeDefined()
    const listed = (await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string }[] }
    expect(listed.data.map(({ id }) => id)).toContain('gpt-6-luna')
    child.stdin.end()
    expect(await ended).toEqual([0, null])
  })
})
