import { expect, test } from 'vitest'
import type { Entry } from '../../documents/dropped-files.ts'
import { chosenFiles, sourceFilesIn } from './source-files.ts'

const file = (name: string): Entry => ({
  isFile: true,
  isDirectory: false,
  name,
  file: (found) => found(new File(['x'], name)),
})
const folder = (name: string, children: Entry[]): Entry => ({
  isFile: false,
  isDirectory: true,
  name,
  createReader() {
    const rest = [...children]
    return { readEntries: (found) => found(rest.splice(0, 2)) }
  },
})
const paths = (files: { path: string }[] | null) => files?.map(({ path }) => path)

test('a dropped folder keeps the places of its files, and one file of .obsidian to be known by', async () => {
  const vault = folder('Physics', [
    folder('.obsidian', [file('app.json'), file('workspace.json'), folder('plugins', [file('main.js')])]),
    folder('.git', [file('config')]),
    folder('Optics', [file('Lenses.md'), file('.DS_Store')]),
    file('Start.md'),
  ])
  expect(paths(await sourceFilesIn([vault, new File(['x'], 'loose.md')]))).toEqual([
    'Physics/.obsidian/app.json',
    'Physics/Optics/Lenses.md',
    'Physics/Start.md',
    'loose.md',
  ])
})

test('a chosen folder is the same, and a chosen file has its name', () => {
  const chosen = (path: string) => {
    const made = new File(['x'], path.slice(path.lastIndexOf('/') + 1))
    if (path.includes('/')) Object.defineProperty(made, 'webkitRelativePath', { value: path })
    else Object.defineProperty(made, 'webkitRelativePath', { value: '' })
    return made
  }
  const given = ['V/.obsidian/app.json', 'V/.obsidian/x.json', 'V/a.md', 'V/.trash/b.md', 'c.zip'].map(chosen)
  expect(paths(chosenFiles(given))).toEqual(['V/.obsidian/app.json', 'V/a.md', 'c.zip'])
})
