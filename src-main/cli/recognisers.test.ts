import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SPEECH_RATE, writeWav } from '../../src-core/models/index.ts'
import { hum, smallWhisper, writeSmallWhisper } from '../../test/models/small-whisper.ts'
import { spoken } from '../../test/spoken.ts'
import { allRead, openWholeProgram } from '../../test/whole-program.ts'
import type { CommandContext } from './command.ts'
import { chooseRecogniser, downloadRecogniser, listRecognisers, removeRecogniser } from './commands/recognisers.ts'
import { transcribe } from './commands/transcribe.ts'
import type { Terminal } from './terminal.ts'

/** A learner who downloads a recogniser on the command line, lets it hear, and finds what it heard when the server is gone. */

let folder: string
let server: Server
let environment: Record<string, string>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lva-cli-recognisers-'))
  const files = await smallWhisper()
  const { files: sums } = await writeSmallWhisper(join(folder, 'made'))
  server = createServer((request, response) => {
    const bytes = files.get(request.url?.replace('/me/small/resolve/v1/', '') ?? '')
    response.writeHead(bytes ? 200 : 404).end(bytes)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const about = { id: 'small-test', name: 'Small test', repository: 'me/small', revision: 'v1', licence: 'MIT' }
  const list = sums.map(({ path, sha256 }) => ({ path, sha256, bytes: files.get(path)?.length }))
  writeFileSync(
    join(folder, 'catalogue.json'),
    JSON.stringify({ recognisers: [{ ...about, languages: ['en', 'de', 'es'], files: list }] }),
  )
  environment = {
    LVA_MODELS_HUB_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    LVA_MODELS_CATALOGUE: join(folder, 'catalogue.json'),
  }
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

it('is downloaded, chosen, and hears without the server', async () => {
  const program = await openWholeProgram(environment)
  try {
    const { client } = program
    const lines: string[] = []
    const say = (text = '') => void lines.push(text)
    const terminal: Terminal = {
      write: say,
      line: say,
      remark: say,
      strong: (text) => text,
      json: () => undefined,
      error: () => undefined,
    }
    const signal = new AbortController().signal
    const context = { client: async () => client, terminal, json: false, signal } as unknown as CommandContext

    await listRecognisers(context)
    expect(lines.join('\n')).toMatch(/\* packaged +ready[\s\S]* small-test +absent/)
    const using = chooseRecogniser(context, 'small-test')
    await expect(using).rejects.toMatchObject({
      code: 'model-not-there',
      advice: expect.stringContaining('lva recognisers download'),
    })
    await expect(downloadRecogniser(context, 'nothing')).rejects.toMatchObject({ code: 'not-found' })
    await downloadRecogniser(context, 'small-test')
    expect(lines.at(-1)).toContain('is here')
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
    await chooseRecogniser(context, 'small-test')

    const sound = writeWav({ samples: hum(5_000, 3), sampleRate: SPEECH_RATE })
    const heard = await client.speech.transcribe({ audio: new Blob([sound]) })
    expect(heard).toMatchObject({ text: 'ok alto', model: 'small-test', language: 'es' })
    const { language } = heard
    await client.captures.add({
      sessionId: null,
      text: heard.text,
      source: 'voice',
      ...(language && { spokenLanguage: language }),
    })
    const { document } = await client.documents.add({ file: new Blob([sound]), name: 'high.wav' })
    await allRead(client)
    expect((await client.documents.text({ id: document.id })).blocks).toMatchObject([{ text: 'ok alto' }])
    // By the packaged one there are no words in a tone.
    const again = transcribe(context, document.id, { model: 'packaged' })
    await expect(again).rejects.toMatchObject({ code: 'document-no-speech' })
    await expect(transcribe(context, document.id, { model: 'openai' })).rejects.toMatchObject({
      code: 'model-not-there',
    })
    await transcribe(context, document.id, { model: 'small-test' })
    expect(lines.join('\n')).toContain('ok alto')
    // Heard in another language, it says other words; those of before can be put back.
    await expect(transcribe(context, document.id, { undo: true })).rejects.toMatchObject({ code: 'not-found' })
    await client.settings.set({ spokenLanguage: 'de' })
    await transcribe(context, document.id, { model: 'small-test' })
    const said = async () => (await client.documents.text({ id: document.id })).blocks.map(({ text }) => text)
    expect(await said()).toEqual(['ok tief'])
    await transcribe(context, document.id, { undo: true })
    expect(await said()).toEqual(['ok alto'])
    await client.settings.set({ spokenLanguage: '' })
    await allRead(client)
    // Two words do not say their language: the sound did.
    const { hits } = await client.search.query({ query: 'alto', mode: 'lexical' })
    expect(hits.find(({ kind }) => kind === 'capture')).toMatchObject({ text: 'ok alto', language: 'es' })

    await removeRecogniser(context, 'small-test')
    const instead = await client.speech.transcribe({
      audio: new Blob([writeWav({ samples: await spoken('Plants turn light into sugar.'), sampleRate: SPEECH_RATE })]),
    })
    expect(instead).toMatchObject({ model: 'moonshine-tiny/en', instead: { error: { code: 'model-not-there' } } })
  } finally {
    await program.close()
  }
}, 300_000)
