import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtProgram } from '../../test/hosts/built-program.ts'
import { testEnvironment } from '../../test/hosts/served-app.ts'
import { makeFolder } from '../../test/portable-sources.ts'

/** `lva export` and `lva import`, each run as its own process on a data folder of its own. */

const CLI = await builtProgram('cli')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-cli-home-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => join(folder, name)

function lva(data: string, ...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [CLI, ...words], { env: testEnvironment(at(data)), cwd: folder })
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
const json = async (data: string, ...words: string[]) => JSON.parse((await lva(data, ...words, '--json')).out)

describe('taking it home', () => {
  it('exports in every format, imports into an empty folder, lists it and takes it back', async () => {
    await lva('old', 'add', 'Photosynthesis makes oxygen.')
    await lva('old', 'add', 'Osmose bewegt Wasser 🌱')
    writeFileSync(at('lecture.txt'), 'Lenses bend light.')
    await lva('old', 'add', at('lecture.txt'))

    const markdown = await lva('old', 'export', '--format', 'md', '--to', 'all.zip')
    expect([markdown.code, markdown.out]).toEqual([
      0,
      expect.stringMatching(/all\.zip: 2 sessions, 2 captures, 0 notes, 1 documents, 1 attachments/),
    ])
    expect(await json('old', 'export', '--format', 'jsonl', '--to', 'all.jsonl')).toMatchObject({
      captures: 2,
      documents: 1,
      attachments: 0,
    })
    expect(await json('old', 'export', '--format', 'csv', '--to', 'folder')).toMatchObject({
      captures: 2,
      attachments: 1,
    })
    expect(readdirSync(at('folder')).sort()).toEqual(['attachments', 'learning-voice-agent.csv'])
    const csv = readFileSync(at('folder/learning-voice-agent.csv'), 'utf8')
    expect(csv.split('\r\n')).toHaveLength(5)
    expect(csv).toContain('Osmose bewegt Wasser 🌱')

    const looked = await lva('new', 'import', 'all.zip')
    expect([looked.code, looked.out, looked.err]).toEqual([
      0,
      expect.stringMatching(/markdown\n {2}new: 2 sessions, 2 captures, 0 notes, 1 documents/),
      expect.stringContaining('Nothing was written'),
    ])
    expect((await json('new', 'list')).items).toEqual([])

    const imported = await lva('new', 'import', 'all.zip', '--execute')
    expect(imported.code).toBe(0)
    const id = /lva import undo (\S+)/.exec(imported.out)?.[1] ?? ''
    const texts = async () =>
      (await json('new', 'list')).items.map((item: { userText: string }) => item.userText).sort()
    expect(await texts()).toEqual(['Osmose bewegt Wasser 🌱', 'Photosynthesis makes oxygen.'])
    expect(await json('new', 'import', 'all.jsonl', '--execute')).toMatchObject({ counts: { captures: 0, present: 3 } })
    expect((await lva('new', 'import', 'list')).out).toMatch(
      /json-lines[\s\S]*markdown {2}all\.zip {2}2 captures, 0 notes, 1 documents {2}complete/,
    )

    const undone = await lva('new', 'import', 'undo', id)
    expect([undone.code, undone.out]).toEqual([0, expect.stringContaining('3 entries were taken back; 0 stay')])
    expect(await texts()).toEqual([])
  })

  it('exports what a filter leaves, and imports a vault of Obsidian with what it could not take', async () => {
    const vault = makeFolder(at('Physics'), {
      '.obsidian/app.json': '{}',
      'Lenses.md': '#optics ![[gone.png]]',
      'Mirrors.md': 'flat',
    })
    const report = await json('vault', 'import', vault, '--execute')
    expect(report).toMatchObject({ executed: true, kind: 'obsidian', counts: { notes: 2 }, problemCount: 1 })
    expect(await json('vault', 'export', '--format', 'jsonl', '--to', 'tagged.jsonl', '--tag', 'optics')).toMatchObject(
      { notes: 1, captures: 0 },
    )
    expect(readFileSync(at('tagged.jsonl'), 'utf8')).not.toContain('Mirrors')
    const shown = await lva('vault', 'import', 'file', vault)
    expect(shown.out).toMatch(/here already: 2[\s\S]*! Lenses\.md: The file gone\.png is not there\./)
  })
})

describe('what cannot be done', () => {
  it.each<[number, RegExp, string[]]>([
    [2, /--format must be md, jsonl or csv/, ['export', '--format', 'pdf', '--to', 'x']],
    [2, /--only must be one of captures, notes, documents/, ['export', '--format', 'md', '--to', 'x', '--only', 'all']],
    [2, /There is no collection Physics/, ['export', '--format', 'md', '--to', 'x', '--collection', 'Physics']],
    [2, /There is something at .*taken\.jsonl already/, ['export', '--format', 'jsonl', '--to', 'taken.jsonl']],
    [3, /There is nothing at .*gone\.zip/, ['import', 'gone.zip']],
    [2, /Choose either --dry-run or --execute/, ['import', 'taken.jsonl', '--dry-run', '--execute']],
    [2, /--kind must be auto or one of/, ['import', 'taken.jsonl', '--kind', 'word']],
    [1, /This is nothing that can be imported/, ['import', 'taken.jsonl']],
    [3, /This import/, ['import', 'undo', 'no-such-import']],
  ])('ends with %i and says %s', async (code, words, command) => {
    writeFileSync(at('taken.jsonl'), 'mine')
    const ran = await lva('errors', ...command)
    expect([ran.code, ran.out]).toEqual([code, ''])
    expect(ran.err).toMatch(words)
    expect(readFileSync(at('taken.jsonl'), 'utf8')).toBe('mine')
    expect(existsSync(at('x'))).toBe(false)
  })
})
