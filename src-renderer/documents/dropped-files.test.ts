import { expect, test } from 'vitest'
import { type Entry, filesIn } from './dropped-files.ts'

const file = (name: string): Entry => ({
  isFile: true,
  isDirectory: false,
  name,
  file: (found) => found(new File(['x'], name)),
})
const unreadable = (name: string): Entry => ({
  isFile: true,
  isDirectory: false,
  name,
  file: (_, failed) => failed(new Error('gone')),
})
/** Answers its children two at a time, as browsers answer a hundred at a time. */
const folder = (name: string, children: Entry[]): Entry => ({
  isFile: false,
  isDirectory: true,
  name,
  createReader() {
    const rest = [...children]
    return { readEntries: (found) => found(rest.splice(0, 2)) }
  },
})
const names = async (entries: (Entry | File)[]) => (await filesIn(entries)).map(({ name }) => name)

test('folders are walked through, however many parts they come in', async () => {
  const thesis = folder('thesis', [file('b.pdf'), file('a.pdf'), folder('notes', [file('n.md')]), file('c.pdf')])
  expect(await names([file('first.txt'), thesis, new File(['x'], 'last.txt')])).toEqual([
    'first.txt',
    'a.pdf',
    'b.pdf',
    'c.pdf',
    'n.md',
    'last.txt',
  ])
})

test('hidden files and folders are left out, and what cannot be read holds nothing up', async () => {
  const dropped = [file('.DS_Store'), folder('.git', [file('config')]), unreadable('gone.pdf'), file('kept.pdf')]
  expect(await names(dropped)).toEqual(['kept.pdf'])
})
