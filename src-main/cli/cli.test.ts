import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { strangersIn } from '../../src-core/store/index.ts'
import { builtProgram } from '../../test/hosts/built-program.ts'
import { allGone, descendants } from '../../test/hosts/processes.ts'
import { type ServedApp, serveApp, testEnvironment } from '../../test/hosts/served-app.ts'
import { screenWith } from '../../test/made-pictures.ts'

const CLI = await builtProgram('cli')
let folder: string
let dataDir: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-cli-'))
  dataDir = join(folder, 'data')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ran {
  code: number | string | null
  out: string
  err: string
}

interface How {
  input?: string
  environment?: Record<string, string>
  /** Called with the process as soon as it has written something. */
  whenSpeaking?: (pid: number) => void
}

function lva(words: string[], { input = '', environment, whenSpeaking }: How = {}): Promise<Ran> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [CLI, ...words], { env: { ...testEnvironment(dataDir), ...environment } })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => {
      if (out === '') whenSpeaking?.(child.pid ?? 0)
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    child.on('close', (code, signal) => done({ code: code ?? signal, out, err }))
    child.stdin.end(input)
  })
}

async function json(words: string[], how?: How) {
  const { code, out, err } = await lva([...words, '--json'], how)
  // How much of what was added is still to be read and indexed depends on how fast this machine is just now.
  expect([
    code,
    err.replace(
      /^(?:(?:(?:Opening|Closing) the data folder|Indexing \d+ entr(?:y|ies)|Reading \d+ documents?(?: \(.*\))?|\d+ files? so far) \.\.\.\n)+/,
      '',
    ),
  ]).toEqual([0, ''])
  return JSON.parse(out)
}

describe('lva', () => {
  it('adds from words, standard input and a text file, and lists them', async () => {
    const words = await json(['add', "I'm", 'learning', 'how', 'attention', 'works'])
    expect(words).toMatchObject({ userText: "I'm learning how attention works", source: 'cli', answer: null })
    const piped = await json(['add', '-'], { input: 'Kirchhoff: what flows in flows out.\n' })
    expect(piped.userText).toContain('Kirchhoff')
    const file = join(folder, 'cells.md')
    writeFileSync(file, '# Cells\n\nMitochondria make ATP.')
    const added = await json(['add', file])
    expect(added).toMatchObject({ items: [{ state: 'ready' }] })
    expect(await json(['show', added.items[0].id])).toMatchObject({ format: 'markdown', state: 'ready' })
    const other = join(folder, 'circuits.txt')
    writeFileSync(other, 'What flows into a node flows out of it.')
    expect(await json(['add', file, other])).toMatchObject({ items: [{ state: 'ready' }, { state: 'ready' }] })
    expect((await json(['list', '--documents'])).items).toHaveLength(2)
    expect(await json(['add', '--text', file])).toMatchObject({ source: 'cli', userText: file })
    const { items } = await json(['list', '--oldest', '--limit', '2'])
    expect(items.map(({ id }: { id: string }) => id)).toEqual([words.id, piped.id])
    expect((await json(['list', '--sessions'])).items).toHaveLength(3)
    const { out } = await lva(['show', words.id])
    expect(out).toContain("I'm learning how attention works")
  })

  it('shows what a link names, stores nothing for one, and refuses what is none', async () => {
    const [{ id, sessionId }] = (await json(['list', '--limit', '1'])).items
    const before = (await json(['list'])).items.length
    expect(await json(['open', `lva://capture/${id}`])).toMatchObject({ id })
    expect((await json(['open', `lva://session/${sessionId}`])).items).toMatchObject([{ id }])
    expect((await json(['open', 'lva://search?q=attention'])).hits.length).toBeGreaterThan(0)
    expect(await lva(['open', 'lva://capture/none'])).toMatchObject({ code: 3 })
    expect(await lva(['open', 'lva://quick?text=hostile'])).toMatchObject({ code: 2 })
    for (const link of ['lva://delete/1', 'https://example.org/', `lva://app/${id}`])
      expect(await lva(['open', link])).toMatchObject({ code: 1, err: expect.stringContaining('leads nowhere') })
    expect((await json(['list'])).items).toHaveLength(before)
  })

  it('finds by meaning, and answers with its sources', async () => {
    const { hits } = await json(['search', 'neural nets focusing on parts of the input'])
    expect(hits[0].text).toContain('attention')
    const { code, out, err } = await lva(['ask', 'What makes ATP in a cell?'])
    expect(code).toBe(0)
    expect(out).toMatch(/Mitochondria make ATP[\s\S]*\[1\] /)
    expect(err).toContain('offline')
    const [asked] = (await json(['list', '--limit', '1'])).items
    expect((await lva(['show', asked.id])).out).toContain('Read as: question, neutral, easy, on this device')
  })

  it('asks about a picture, which is read on this device, and refuses what is none', async () => {
    const plan = join(folder, 'plan.png')
    writeFileSync(plan, screenWith(['The exam of Professor Lindqvist is on 12 December.']))
    const { answer, pictures } = await json(['ask', '--picture', plan, 'When is the exam of Lindqvist?'])
    expect(answer.text).toContain('is on 12 December')
    expect(answer).toMatchObject({ kind: 'visual', agentsUsed: [{ agent: 'vision', outcome: 'done' }] })
    expect(answer.citations[0].place).toMatchObject({ picture: 1 })
    expect(pictures[0]).toMatchObject({ mediaType: 'image/png', reading: { language: 'eng' } })
    // Another process, another day: the place comes from what was kept.
    const later = await json(['ask', 'On which day is the exam of Professor Lindqvist?'])
    const cited = later.answer.citations.find(({ field }: { field: string }) => field === 'pictureText')
    expect(cited).toMatchObject({ text: expect.stringContaining('12 December'), place: { picture: 1 } })
    expect(cited.place.box).toHaveLength(4)
    const words = join(folder, 'words.png')
    writeFileSync(words, 'no picture, whatever its name says')
    const refused = await lva(['ask', '--picture', plan, '--picture', words, 'And this?'])
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('no picture that can be looked at') })
  })

  it('says plainly that something is not in memory, and what it made of the words', async () => {
    const absent = await lva(['search', 'the capital of Peru'])
    expect(absent.err).toMatch(/This is not in your memory|Nothing was found/)
    expect((await json(['search', 'the capital of Peru'])).known).toBe(false)
    const { out } = await lva(['ask', 'What is the capital of Peru?'])
    expect(out).toMatch(/nothing about .* in your memory/)
    expect(out).not.toMatch(/\[\d\]/)
    const today = await lva(['search', 'mitochondria', 'today'])
    expect(today.err).toMatch(/"today" was read as .* to /)
    const elsewhen = await lva(['search', 'mitochondria', 'in', '2019'])
    expect(elsewhen.err).toMatch(/Nothing that fits is from "in 2019" \(.* to .*\): this is from other times/)
    const asked = await lva(['ask', 'What did I say about attention in 2019?'])
    expect(asked.out).toMatch(/^For the time you name, “in 2019”, I find nothing on this\. /)
    const typed = await lva(['search', 'mitochndria'])
    expect(typed.err).toMatch(/Searched also for mitochondria, because no text has "mitochndria"/)
    expect((await lva(['search', 'mitochndria', '--as-typed', '--mode', 'lexical'])).err).toContain(
      'Nothing was found.',
    )
  })

  it('filters by everything that can be named, and explains the result', async () => {
    const texts = async (...flags: string[]) =>
      (await json(['search', 'mitochondria cells attention', ...flags])).hits.map(({ text }: { text: string }) => text)
    expect(await texts('--document', 'Cells')).toEqual([expect.stringContaining('Mitochondria')])
    expect(await texts('--source', 'note')).toEqual([])
    expect((await texts('--concept', 'mitochondria')).join()).toContain('Mitochondria')
    expect(await texts('--language', 'fi')).toEqual([])
    expect(await texts('--from', '2999-01-01')).toEqual([])
    const { code, out } = await lva(['search', 'mitochondria', '--explain'])
    expect(code).toBe(0)
    expect(out).toMatch(/words .* \+ meaning .* \+ neighbours/)
    expect(out).toMatch(/by words \(BM25\):\n {2}\d.*Mitochondria/)
    expect(out).toMatch(/shares: words .*\nms: embed/)
  })

  it('proposes what was said of oneself, and accepts, adds and forgets it', async () => {
    const said = await json(['add', 'I prefer examples from music. What is a chord?'])
    const { items } = await json(['memory', 'list', '--state', 'proposed'])
    expect(items).toMatchObject([
      { text: 'I prefer examples from music', receipt: { captureId: said.id, holds: true } },
    ])
    expect((await json(['memory', 'accept', '--all'])).items).toMatchObject([{ state: 'accepted' }])
    const added = await json(['memory', 'add', 'I', 'play', 'the', 'cello'])
    expect(added).toMatchObject({ state: 'accepted', kind: 'fact', receipt: null })
    expect((await json(['memory', 'list', '--query', 'cello'])).items).toMatchObject([{ id: added.id }])
    expect(await json(['memory', 'forget', added.id])).toEqual({ memories: 1, cards: 0 })
    expect((await lva(['memory', 'forget', added.id])).code).toBe(3)
    expect((await lva(['memory', 'list', '--state', 'guessed'])).code).toBe(2)
    expect((await json(['cards', 'list'])).items).toEqual([])
  })

  it('rebuilds everything', async () => {
    const before = await json(['concepts', 'list'])
    const { documents, entries } = await json(['rebuild'])
    expect(documents).toBeGreaterThan(0)
    expect(entries).toBeGreaterThan(3)
    expect(before.items.length).toBeGreaterThan(3)
    expect(await json(['concepts', 'list'])).toEqual(before)
    const { hits } = await json(['search', 'cells'])
    expect(hits.map(({ text }: { text: string }) => text).join()).toContain('Mitochondria')
  })

  it.each([
    [2, ['frobnicate'], /unknown command/],
    [2, ['list', '--limit', 'many'], /--limit must be a whole number/],
    [2, ['search', 'x', '--from', 'yesterday-ish'], /--from must be a date/],
    [2, ['search', 'x', '--mode', 'clever'], /--mode must be one of hybrid/],
    [2, ['search', 'x', '--language', 'xx'], /there is no language "xx"/],
    [2, ['search', 'x', '--source', 'dream'], /--source must be one of/],
    [3, ['search', 'x', '--session', 'nowhere'], /There is no session "nowhere"/],
    [3, ['search', 'x', '--document', 'nowhere'], /There is no document "nowhere"/],
    [3, ['search', 'x', '--collection', 'nowhere'], /There is no collection "nowhere". There is none yet/],
    [3, ['search', 'x', '--tag', 'nowhere'], /There is no tag "nowhere"/],
    [3, ['search', 'x', '--concept', 'no such concept'], /This concept does not exist/],
    [2, ['add', ' '], /./],
    [2, ['add', 'words', '--collection', 'Biology'], /--collection and --tag are for documents/],
    [3, ['show', 'nothing-has-this-id'], /no capture, no note and no document/],
    [5, ['ask', 'anything'], /no key for Anthropic/],
  ] as [number, string[], RegExp][])('ends with %i for %j', async (code, words, message) => {
    const ran = await lva(words, { environment: { LVA_LANGUAGE_PROVIDER: 'anthropic' } })
    expect([ran.code, ran.out]).toEqual([code, ''])
    expect(ran.err).toMatch(message)
  })

  it('puts documents into a collection, which is made once, and gives them a tag', async () => {
    const file = join(folder, 'leaves.txt')
    writeFileSync(file, 'Leaves are green.')
    const { code, err } = await lva(['add', file, '--collection', 'Biology', '--tag', 'term'])
    expect([code, err]).toEqual([0, expect.stringContaining('Made the collection Biology.')])
    await json(['add', file, '--collection', 'biology'])
    const { hits } = await json(['search', 'green leaves', '--collection', 'Biology', '--tag', 'term'])
    expect(hits[0].text).toContain('Leaves')
  })

  it('says errors as JSON on standard error when it is asked for JSON', async () => {
    const { code, out, err } = await lva(['show', 'nothing-has-this-id', '--json'])
    expect([code, out]).toEqual([3, ''])
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'not-found' } })
  })

  it('explains itself: every command has help, and config shows where each setting comes from', async () => {
    const { out } = await lva(['--help'])
    const commands = ['ask', 'add', 'search', 'list', 'show', 'rebuild', 'config', 'doctor']
    for (const command of commands) {
      expect(out).toContain(`  ${command} `)
      const help = await lva([command, '--help'])
      expect(help.code).toBe(0)
      expect(help.out).toMatch(/--json[\s\S]*Exit codes/)
    }
    const environment = { OPENAI_API_KEY: 'sk-canary-91', LVA_HOST_PORT: '4711' }
    const shown = await lva(['config', '--data-dir', join(folder, 'other')], { environment })
    expect(shown.out).toContain(`dataDir = ${JSON.stringify(join(folder, 'other'))}`)
    expect(shown.out).toContain('host.port = 4711  # LVA_HOST_PORT')
    expect(shown.out + shown.err).not.toContain('canary')
  })

  it('says what is wrong with an installation, and ends with 1', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    const { code, out } = await lva(['doctor', '--data-dir', join(file, 'data')])
    expect(code).toBe(1)
    expect(out).toMatch(/FAILED.*cannot be written to/)
  })

  it.skipIf(process.platform !== 'linux')('stops on Ctrl-C with 130 and leaves no process', async () => {
    let processes: ReturnType<typeof descendants> = []
    const { code, out } = await lva(['ask', 'What makes ATP in a cell?'], {
      whenSpeaking(pid) {
        processes = descendants(pid)
        process.kill(pid, 'SIGINT')
      },
    })
    // An answer that was complete already may be printed whole.
    expect([0, 130]).toContain(code)
    expect(out).not.toBe('')
    await allGone(processes, 3_000)
  })
})

it('keeps nothing in the data folder that deleting everything would leave', () => {
  expect(strangersIn({ root: dataDir })).toEqual([])
})

describe('lva beside a running app', () => {
  let app: ServedApp
  beforeAll(async () => {
    app = await serveApp({ dataDir })
  })
  afterAll(() => app.stop())

  it('works through it', async () => {
    const { client, carrier } = await app.connect()
    const { id } = await json(['add', 'said beside the app'])
    expect((await client.captures.get({ id })).userText).toBe('said beside the app')
    expect((await json(['search', 'said beside the app'])).hits[0].captureId).toBe(id)
    carrier.close()
  })

  it('hears a recording', async () => {
    const { client, carrier } = await app.connect()
    const wav = join(folder, 'spoken.wav')
    const spoken = await client.speech.speak({ text: 'Water boils at one hundred degrees.' })
    writeFileSync(wav, new Uint8Array(await spoken.arrayBuffer()))
    carrier.close()
    const { code, out } = await lva(['add', wav, '--json'])
    expect(code).toBe(0)
    const capture = JSON.parse(out)
    expect(capture).toMatchObject({ source: 'voice', audioSha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(capture.userText.toLowerCase()).toContain('water')
  })

  it('ends with 4 when it cannot be reached', async () => {
    rmSync(join(dataDir, 'core.address'))
    const { code, err } = await lva(['list'])
    expect(code).toBe(4)
    expect(err).toMatch(/in use by the app in a browser .*process \d+.*Close it first/)
  })
})
