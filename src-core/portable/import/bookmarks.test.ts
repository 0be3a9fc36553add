import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readWhole } from '../../../test/portable-sources.ts'

/** Bookmarks as Chrome, Firefox and Safari export them (NETSCAPE-Bookmark-file-1; learn.microsoft.com, "Netscape Bookmark File Format"). */

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-bookmarks-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function read(html: string) {
  const path = join(folder, 'bookmarks.html')
  writeFileSync(path, html)
  const { kind, notes, problems } = await readWhole(path)
  expect(kind).toBe('bookmarks')
  return { notes, problems }
}
const HEAD =
  '<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">\n<TITLE>Bookmarks</TITLE>\n'

it('of Chrome: nested folders, instants, and what is no address of the web left out', async () => {
  const { notes } = await read(`${HEAD}<H1>Bookmarks</H1>
<DL><p>
  <DT><H3 ADD_DATE="1600000000" PERSONAL_TOOLBAR_FOLDER="true">Bar</H3>
  <DL><p>
    <DT><A HREF="https://a.example/?q=1&amp;r=2" ADD_DATE="1600000001" ICON="data:image/png;base64,AAAA">A &lt;1&gt; &amp; B</A>
    <DT><H3>Inner</H3>
    <DL><p>
      <DT><A HREF="https://b.example/">Über 😀</A>
    </DL><p>
    <DT><A HREF="javascript:alert(1)">Bookmarklet</A>
  </DL><p>
  <DT><A HREF="https://c.example/" ADD_DATE="99999999999999999999">Out of time</A>
</DL><p>`)
  expect(
    notes.map(({ title, createdAt, metadata }) => [title, createdAt, metadata?.folder, metadata?.address]),
  ).toEqual([
    ['A <1> & B', '2020-09-13T12:26:41.000Z', ['Bar'], 'https://a.example/?q=1&r=2'],
    ['Über 😀', '2026-11-03T09:15:00.000Z', ['Bar', 'Inner'], 'https://b.example/'],
    ['Out of time', '2026-11-03T09:15:00.000Z', undefined, 'https://c.example/'],
  ])
})

it('of Firefox: tags and descriptions', async () => {
  const { notes } = await read(`${HEAD}<H1>Bookmarks Menu</H1>
<DL><p>
    <DT><A HREF="https://a.example/" ADD_DATE="1600000000" TAGS="optics, light">Lenses</A>
    <DD>How they bend
light
    <DT><A HREF="https://b.example/"></A>
</DL>`)
  expect(notes[0]).toMatchObject({ title: 'Lenses', body: '<https://a.example/>\n\nHow they bend\nlight' })
  expect(notes[0]?.metadata?.tags).toEqual(['optics', 'light'])
  expect(notes[1]?.title).toBe('https://b.example/')
})

it('of Safari: folders without instants; cut off in the middle, what is whole', async () => {
  const { notes } = await read(`${HEAD}<H1>Bookmarks</H1>
<DT><H3 FOLDED>Favourites</H3>
<DL><p>
	<DT><A HREF="https://a.example/">One</A>
	<DT><A HREF="https://b.example/">Two`)
  expect(notes.map(({ title, metadata }) => [title, metadata?.folder])).toEqual([
    ['One', ['Favourites']],
    ['Two', ['Favourites']],
  ])
})
