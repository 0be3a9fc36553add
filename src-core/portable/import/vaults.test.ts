import { mkdtempSync, rmSync, symlinkSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  CHANGED,
  type Files,
  makeFolder,
  makeZip,
  readWhole,
  type WhatWasRead,
} from '../../../test/portable-sources.ts'

/** Folders of Markdown: plain ones, vaults of Obsidian (help.obsidian.md), graphs of Logseq (docs.logseq.com). */

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-vaults-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const vault = (files: Files) => makeFolder(join(folder, 'Physics'), files)
const noteAt = ({ notes }: WhatWasRead, path: string) => notes.find(({ metadata }) => metadata?.path === path)

describe('an Obsidian vault', () => {
  const FILES: Files = {
    '.obsidian/app.json': '{}',
    '.trash/Old.md': 'thrown away',
    'Start.md':
      'See [[Lenses]], [[optics/mirrors|mirrors]], [[Lenses#Focus]], [[Lenses^block]] and [[Not yet]].\n#physics #2024 `#code`',
    'Optics/Lenses.md': '![[lens.PNG]] and ![[missing.png]] and [page](Mirrors.md) [web](https://example.org)',
    'Optics/Mirrors.md': '![](<../Files/a b.pdf>) ![alt](../Files/sound%20one.mp3 "title") [[Start]]',
    'Deep/Er/Lenses.md': 'another of the same name',
    'Files/lens.png': 'PNG',
    'Files/a b.pdf': 'PDF',
    'Files/sound one.mp3': 'MP3',
    'Board.canvas': '{"nodes":[]}',
  }

  it('resolves wikilinks and embeds as Obsidian does, and leaves settings and the trash out', async () => {
    const read = await readWhole(vault(FILES))
    expect(read.kind).toBe('obsidian')
    expect(read.notes.map(({ title }) => title).sort()).toEqual(['Lenses', 'Lenses', 'Mirrors', 'Start'])
    expect(noteAt(read, 'Start.md')?.metadata).toMatchObject({
      from: 'obsidian',
      links: ['Optics/Lenses.md', 'Optics/Mirrors.md'],
      tags: ['physics'],
    })
    expect(noteAt(read, 'Optics/Lenses.md')?.metadata?.links).toEqual(['Optics/Mirrors.md'])
    expect(read.attachments.sort()).toEqual(['../Files/a b.pdf', '../Files/sound one.mp3', 'lens.PNG'])
    expect(read.problems).toEqual([['missing-attachment', 'Optics/Lenses.md']])
  })

  it('is the same as an archive, whatever folder is around it', async () => {
    const inFolder = await readWhole(vault(FILES))
    const wrapped = Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`Physics/${path}`, text]))
    const inZip = await readWhole(await makeZip(join(folder, 'vault.zip'), wrapped))
    expect(inZip.kind).toBe('obsidian')
    expect(inZip.notes.map(({ title, body }) => [title, body]).sort()).toEqual(
      inFolder.notes.map(({ title, body }) => [title, body]).sort(),
    )
    expect(inZip.attachments.sort()).toEqual(inFolder.attachments.sort())
  })

  it('keeps front matter of every type, and text that is no front matter as text', async () => {
    const matter = [
      '---',
      'title: "My: title"',
      'tags: [a, "#b", 3]',
      'aliases:',
      '  - One',
      '  - Zwei',
      'created: 2023-01-02T03:04:05Z',
      'modified: 2023-02-03',
      'rating: 4.5',
      'done: true',
      'empty:',
      'nested: {deep: [1, {x: y}]}',
      'long: |',
      '  line one',
      '  line two',
      '---',
      'The body #c',
    ].join('\n')
    const read = await readWhole(
      vault({
        '.obsidian/app.json': '',
        'a.md': matter,
        'b.md': '---\nkey: [unclosed\n---\ntext',
        'c.md': '---\n---\n',
      }),
    )
    expect(noteAt(read, 'a.md')).toMatchObject({
      title: 'My: title',
      body: 'The body #c',
      createdAt: '2023-01-02T03:04:05.000Z',
      updatedAt: '2023-02-03T00:00:00.000Z',
      metadata: {
        tags: ['a', 'b', '3', 'c'],
        properties: {
          aliases: ['One', 'Zwei'],
          rating: 4.5,
          done: true,
          empty: null,
          nested: { deep: [1, { x: 'y' }] },
          long: 'line one\nline two\n',
        },
      },
    })
    expect(noteAt(read, 'b.md')?.body).toBe('---\nkey: [unclosed\n---\ntext')
    expect(noteAt(read, 'c.md')).toBeUndefined()
  })
})

it('a Logseq graph has pages and journals with their names, properties and block references', async () => {
  const read = await readWhole(
    vault({
      'logseq/config.edn': '{}',
      'logseq/bak/old.md': 'old',
      'journals/2024_05_01.md': '- Today [[Optics/Lenses]] #light\n  id:: 64f1\n- ((64f1))',
      'pages/Optics___Lenses.md': 'type:: concept\ntags:: optics, glass\n\n- ![lens](../assets/lens.png)',
      'pages/What%3F.md': '- asked',
      'assets/lens.png': 'PNG',
    }),
  )
  expect(read.kind).toBe('logseq')
  expect(noteAt(read, 'journals/2024_05_01.md')).toMatchObject({
    title: '2024_05_01',
    createdAt: '2024-05-01T00:00:00.000Z',
    body: '- Today [[Optics/Lenses]] #light\n  id:: 64f1\n- ((64f1))',
    metadata: { tags: ['light'], links: ['pages/Optics___Lenses.md'] },
  })
  expect(noteAt(read, 'pages/Optics___Lenses.md')).toMatchObject({
    title: 'Optics/Lenses',
    metadata: { tags: ['optics', 'glass'], properties: { type: 'concept', tags: 'optics, glass' } },
  })
  expect(noteAt(read, 'pages/What%3F.md')?.title).toBe('What?')
  expect(read.attachments).toEqual(['../assets/lens.png'])
  expect(read.problems).toEqual([])
})

describe('a folder of Markdown', () => {
  it('reads old encodings, says so, and takes instants from names and files', async () => {
    const path = vault({
      'utf16.txt': Buffer.from('\ufeffÜber Linsen', 'utf16le'),
      'latin.txt': Buffer.from('Über Linsen', 'latin1'),
      'Notes 2022-12-24.md': 'christmas',
      'empty.md': '  \n',
      'picture.png': 'PNG',
    })
    utimesSync(join(path, 'utf16.txt'), CHANGED, CHANGED)
    const read = await readWhole(path)
    expect(read.kind).toBe('markdown')
    expect(noteAt(read, 'utf16.txt')).toMatchObject({ body: 'Über Linsen', createdAt: CHANGED.toISOString() })
    expect(noteAt(read, 'latin.txt')?.body).toBe('Über Linsen')
    expect(noteAt(read, 'Notes 2022-12-24.md')?.createdAt).toBe('2022-12-24T00:00:00.000Z')
    expect(read.notes).toHaveLength(3)
    expect(read.problems).toEqual([['not-utf8', 'latin.txt']])
  })

  it('never leaves the folder through a link, nor turns in circles', async () => {
    makeFolder(join(folder, 'outside'), { 'secret.md': 'secret' })
    const path = vault({ 'inside/a.md': 'here' })
    symlinkSync(join(folder, 'outside'), join(path, 'out'))
    symlinkSync(join(folder, 'outside', 'secret.md'), join(path, 'secret.md'))
    symlinkSync(path, join(path, 'inside', 'circle'))
    symlinkSync(join(path, 'nowhere'), join(path, 'dangling.md'))
    const read = await readWhole(path)
    expect(read.notes.map(({ body }) => body)).toEqual(['here'])
    expect(read.problems.sort()).toEqual([
      ['link-outside', 'inside/circle'],
      ['link-outside', 'out'],
      ['link-outside', 'secret.md'],
      ['unreadable', 'dangling.md'],
    ])
  })

  it('splits what is too long, leaves out what is huge, and has the same ids every time', async () => {
    const path = vault({ 'long.md': 'word '.repeat(5_000), 'huge.md': Buffer.alloc(16 * 2 ** 20 + 1, 'x') })
    const read = await readWhole(path, 10_000)
    expect(read.notes.map(({ title }) => title)).toEqual(['long', 'long (2)', 'long (3)'])
    expect(read.notes.map(({ body }) => body).join('')).toBe('word '.repeat(5_000))
    expect(read.problems).toEqual([['too-large', 'huge.md']])
    expect((await readWhole(path, 10_000)).notes).toEqual(read.notes)
    expect(new Set(read.notes.map(({ id }) => id)).size).toBe(3)
  })
})
