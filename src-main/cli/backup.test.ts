import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { builtProgram } from '../../test/hosts/built-program.ts'
import { testEnvironment } from '../../test/hosts/served-app.ts'

/** A learner on the command line of a machine without a keyring: sets up, backs up, restores, exchanges, takes it back, deletes. */

const CLI = await builtProgram('cli')
let folder: string
let dataDir: string
let backups: string
let phraseFile: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-cli-backup-'))
  dataDir = join(folder, 'data')
  backups = join(folder, 'backups')
  phraseFile = join(folder, 'phrase.txt')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ran {
  code: number | null
  out: string
  err: string
}

/** `reply` is asked after every output, until it has something to type. */
function lva(words: string[], reply: (ran: Ran) => string | undefined = () => ''): Promise<Ran> {
  return new Promise((done) => {
    const environment = {
      ...testEnvironment(dataDir),
      LVA_BACKUP_FOLDER: backups,
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
    }
    const child = spawn(process.execPath, [CLI, ...words], { env: environment })
    const ran: Ran = { code: null, out: '', err: '' }
    let isAnswered = false
    const look = () => {
      const typed = isAnswered ? undefined : reply(ran)
      if (typed === undefined) return
      isAnswered = true
      child.stdin.end(typed)
    }
    child.stdout.on('data', (text) => {
      ran.out += text
      look()
    })
    child.stderr.on('data', (text) => {
      ran.err += text
      look()
    })
    child.on('close', (code) => done({ ...ran, code }))
    look()
  })
}

async function json(words: string[], reply?: (ran: Ran) => string | undefined) {
  const { code, out, err } = await lva([...words, '--json'], reply)
  expect(code, err).toBe(0)
  return JSON.parse(out)
}
const said = async () => (await json(['list', '--oldest'])).items.map(({ userText }: { userText: string }) => userText)
const withPhrase = () => ['--phrase-file', phraseFile]

it('makes a phrase, and takes it when the words that it asks for come back', async () => {
  await json(['add', 'the first thing'])
  expect((await lva(['backup'])).err).toContain('lva backup init')
  let words: string[] = []
  const { code, err } = await lva(['backup', 'init', '--json'], ({ out }) => {
    if (!out.endsWith('}\n')) return undefined
    const shown = JSON.parse(out)
    words = shown.words
    return shown.positions.map((position: number) => `${words[position - 1]}\n`).join('')
  })
  expect(code, err).toBe(0)
  expect(words).toHaveLength(24)
  writeFileSync(phraseFile, `${words.join(' ')}\n`)
  expect((await lva(['backup', 'init'])).err).toContain('There is a recovery phrase already')
})

it('makes a backup, verifies it, and restores it into a new folder', async () => {
  const made = await json(['backup', ...withPhrase()])
  expect(made.backups).toMatchObject([{ place: backups, standing: 'good', content: { captures: 1, full: true } }])
  const { code, out } = await lva(['backup', 'verify', ...withPhrase()])
  expect([code, out.trim()]).toEqual([0, `${backups}  ${made.backups[0].name}  good`])
  const file = join(backups, made.backups[0].name)
  const target = join(folder, 'new')
  expect(await json(['restore', file, '--to', target, ...withPhrase()])).toMatchObject({ counts: { captures: 1 } })
  expect((await json(['list', '--data-dir', target])).items).toMatchObject([{ userText: 'the first thing' }])
  const again = await lva(['restore', file, '--to', target, ...withPhrase()])
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('is not empty')])
  const wrong = await lva(['restore', phraseFile, '--to', join(folder, 'other'), ...withPhrase()])
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('is not a backup')])
  expect((await lva(['restore', file])).code).toBe(2)
})

it('exchanges a backup for the present data once that is confirmed, and takes that back', async () => {
  await json(['add', 'the second thing'])
  const [name = ''] = readdirSync(backups)
  const refused = await lva(['restore', join(backups, name), '--swap', ...withPhrase()], ({ err }) =>
    err.includes('Type SWAP') ? 'no\n' : undefined,
  )
  expect(refused.code).toBe(2)
  expect(refused.err).toMatch(/The copy: +1 captures[\s\S]*The present data: 2 captures[\s\S]*Nothing was exchanged/)
  const { copies } = await json(['restore', 'list'])
  expect(copies).toMatchObject([{ kind: 'restored', content: { captures: 1 } }])
  expect((await lva(['restore', 'undo'])).err).toContain('There is no exchange to take back')
  await json(['restore', 'swap', copies[0].id])
  expect(await said()).toEqual(['the first thing'])
  const put = await lva(['restore', 'undo'])
  expect(put.out).toContain('In place: 2 captures')
  expect(await said()).toEqual(['the first thing', 'the second thing'])
  const after = await json(['restore', 'list'])
  expect(after.copies).toMatchObject([{ kind: 'before', undoes: true, content: { captures: 1 } }])
  await json(['restore', 'discard', after.copies[0].id])
  expect((await json(['restore', 'list'])).copies).toEqual([])
  expect((await lva(['restore', 'discard', after.copies[0].id])).code).toBe(3)
})

it('is told where backups go, and keeps no storage that does not answer', async () => {
  const other = join(folder, 'other place')
  expect((await json(['backup', 'place', 'folder', other])).places).toMatchObject([{ label: other, lastGoodAt: null }])
  const inside = await lva(['backup', 'place', 'folder', join(dataDir, 'inside')])
  expect([inside.code, inside.err]).toEqual([2, expect.stringContaining('outside of the data folder')])
  const storage = ['--endpoint', 'http://127.0.0.1:9', '--bucket', 'mine', '--access-key', 'AKID']
  const refused = await lva(['backup', 'place', 's3', ...storage], ({ err }) =>
    err.includes('Secret key') ? 'canary-secret\n' : undefined,
  )
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('cannot be reached')])
  expect(refused.err).not.toContain('canary')
  expect(await json(['backup', 'place'])).toMatchObject({ s3: null })
})

it('deletes everything once the word is typed, and leaves the backups unless they are named', async () => {
  const wrong = await lva(['delete-everything'], ({ err }) => (err.includes('Type DELETE') ? 'delete\n' : undefined))
  expect(wrong.code).toBe(2)
  expect(await said()).toHaveLength(2)
  expect(await json(['delete-everything', '--confirm', 'DELETE'])).toMatchObject({ keptBackups: true })
  expect(existsSync(join(dataDir, 'pg'))).toBe(false)
  expect(readdirSync(backups)).toHaveLength(1)
  expect(await said()).toEqual([])
})
