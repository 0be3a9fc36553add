import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CHANGED, makeZip, readWhole } from '../../../test/portable-sources.ts'

/** Notion's export as "Markdown & CSV" (notion.so/help/export-your-content): ids of 32 digits in names, large ones in archives inside one. */

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-notion-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const PAGE = '0123456789abcdef0123456789abcdef'
const TABLE = 'fedcba9876543210fedcba9876543210'
const ROW = '00112233445566778899aabbccddeeff'
const FILES = {
  [`Physics ${PAGE}.md`]: `# Physics: the whole title, longer than its file\n\nSee [Lens](Physics%20${PAGE}/Books%20${TABLE}/Lens%20${ROW}.md).\n\n![pic](Physics%20${PAGE}/pic.png)\n`,
  [`Physics ${PAGE}/pic.png`]: 'PNG',
  [`Physics ${PAGE}/Books ${TABLE}.csv`]: '\ufeffName,Read\r\nLens,Yes\r\n',
  [`Physics ${PAGE}/Books ${TABLE}_all.csv`]: '\ufeffName,Read\r\nLens,"Yes, twice | ""loud"""\r\nMirror,\r\n',
  [`Physics ${PAGE}/Books ${TABLE}/Lens ${ROW}.md`]: '# Lens\n\nRead: Yes\n\nBends light.\n',
}

it('reads pages by their ids and databases as tables, each once', async () => {
  const { kind, notes, attachments, problems } = await readWhole(await makeZip(join(folder, 'Export.zip'), FILES))
  expect([kind, problems, attachments]).toEqual(['notion', [], [`Physics ${PAGE}/pic.png`]])
  expect(notes.map(({ title, metadata }) => [title, metadata?.notionId])).toEqual([
    ['Physics: the whole title, longer than its file', PAGE],
    ['Lens', ROW],
    ['Books', TABLE],
  ])
  expect(notes[0]?.metadata?.links).toEqual([`Physics ${PAGE}/Books ${TABLE}/Lens ${ROW}.md`])
  expect(notes[1]).toMatchObject({ body: 'Read: Yes\n\nBends light.\n', createdAt: CHANGED.toISOString() })
  expect(notes[2]?.body).toBe('| Name | Read |\n| --- | --- |\n| Lens | Yes, twice \\| "loud" |\n| Mirror |  |')
})

it('reads the parts of a large export, which are archives inside the archive, and no deeper', async () => {
  const deepest = readFileSync(await makeZip(join(folder, 'deepest.zip'), { [`Deep ${ROW}.md`]: '# Deep\n' }))
  const part = readFileSync(await makeZip(join(folder, 'part.zip'), { ...FILES, 'again.zip': deepest }))
  const whole = await makeZip(join(folder, 'whole.zip'), { 'ExportBlock-0a1b2c3d-Part-1.zip': part })
  const { kind, notes } = await readWhole(whole)
  const flat = await readWhole(await makeZip(join(folder, 'flat.zip'), FILES))
  expect(kind).toBe('notion')
  expect(notes).toEqual(flat.notes)
})

it('gives the rows of a table that are whole, and says that it was cut', async () => {
  const table = { [`Books ${TABLE}.csv`]: 'Name,Read\nLens,Yes\nMirror,"never closed' }
  const { notes, problems } = await readWhole(await makeZip(join(folder, 'cut.zip'), table))
  expect(notes[0]?.body).toContain('| Lens | Yes |')
  expect(problems).toEqual([['malformed', `Books ${TABLE}.csv`]])
})

it('of an inner archive that is damaged says so, and brings the rest', async () => {
  const files = { 'Export-0a1b-Part-1.zip': 'PK\u0003\u0004 cut', ...FILES }
  const { notes, problems } = await readWhole(await makeZip(join(folder, 'damaged.zip'), files))
  expect(notes).toHaveLength(3)
  expect(problems).toEqual([['unreadable', 'Export-0a1b-Part-1.zip']])
})
