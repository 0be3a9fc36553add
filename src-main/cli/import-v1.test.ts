import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { builtProgram } from '../../test/hosts/built-program.ts'
import { testEnvironment } from '../../test/hosts/served-app.ts'
import { fingerprint, makeV1, manyRows } from '../../test/v1-fixtures.ts'

/** The command, with the real index behind it. */

const CLI = await builtProgram('cli')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-cli-v1-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function lva(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [CLI, ...words], { env: testEnvironment(join(folder, 'data')) })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    child.on('close', (code) => done({ code, out, err }))
    child.stdin.end()
  })
}

it('looks, imports, compares and takes back, from the command line', async () => {
  const file = join(folder, 'v1', 'data', 'learning_captures.db')
  makeV1(file, [...manyRows(60)])
  const before = fingerprint(file)
  const v1 = (...words: string[]) => lva('import', 'v1', join(folder, 'v1'), ...words)

  const looked = await v1()
  expect([looked.code, looked.err]).toEqual([0, expect.stringContaining('Reading')])
  expect(looked.out).toMatch(/60 rows, 6 sessions[\s\S]*Nothing was written/)
  expect(JSON.parse((await v1('--dry-run', '--json')).out)).toMatchObject({ rows: 60, fresh: 60, known: 0 })

  const executed = await v1('--execute')
  expect([executed.code, executed.out]).toEqual([0, expect.stringMatching(/before-import-v1[\s\S]*Imported 60;/)])
  expect(JSON.parse((await v1('--execute', '--json')).out)).toMatchObject({ added: 0, known: 60, dump: null })

  const report = join(folder, 'report.json')
  const verified = await v1('--verify', '--report', report)
  expect([verified.code, verified.out]).toEqual([0, expect.stringContaining('Everything is there, and nothing else.')])
  const { checked, search, counts } = JSON.parse(readFileSync(report, 'utf8'))
  expect(checked).toMatchObject({ documents: 60, tables: 60, captures: 60 })
  expect(checked.vectors).toBe(checked.chunks)
  expect(checked.concepts).toBe(60)
  expect(checked.chunks).toBeGreaterThanOrEqual(120)
  expect(search.queries).toBeGreaterThan(10)
  expect(search.found).toBe(search.expected)
  expect(counts).toEqual({})

  const found = JSON.parse((await lva('search', 'number17', '--json')).out)
  expect(found.hits[0].text).toContain('number17')
  expect(fingerprint(file)).toEqual(before)

  const newer = new DatabaseSync(file)
  newer.exec("update captures set user_text = 'changed by hand' where id = 7")
  newer.close()
  const differs = await v1('--verify')
  expect([differs.code, differs.out]).toEqual([1, expect.stringContaining('DIFFERENCE document-missing: 1')])

  const { id } = { id: JSON.parse((await v1('--json')).out).importId }
  expect((await lva('import', 'v1', id, '--rollback')).code).toBe(3)
  const first = JSON.parse(readFileSync(report, 'utf8')).importId
  const rolledBack = await lva('import', 'v1', first, '--rollback')
  expect([rolledBack.code, rolledBack.out]).toEqual([0, 'Took back 60.\n'])
  expect(JSON.parse((await lva('list', '--json')).out).items).toEqual([])
})

it.each([
  [3, ['missing.db'], /There is no .*missing\.db/],
  [2, ['x.db', '--execute', '--verify'], /Only one of/],
] as [number, string[], RegExp][])('ends with %i for %j', async (code, words, message) => {
  const ran = await lva('import', 'v1', ...words)
  expect([ran.code, ran.out]).toEqual([code, ''])
  expect(ran.err).toMatch(message)
})
