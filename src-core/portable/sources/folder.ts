import { createReadStream } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import type { Problem } from '../types.ts'
import { byPath, isLeftOut, markOf } from './left-out.ts'
import type { Source, SourceFile } from './types.ts'

const MOST_FILES = 500_000

/** A folder with all that is below it. Links that lead out of it, or in circles, are not followed. */
export async function folderSource(folder: string): Promise<Source> {
  const root = await realpath(folder)
  const files: SourceFile[] = []
  const problems: Problem[] = []
  const marks = new Set<string>()
  const seen = new Set<string>([root])

  const visit = async (place: string, prefix: string): Promise<void> => {
    for (const name of (await readdir(place)).sort()) {
      const path = `${prefix}${name}`
      const mark = markOf(path)
      if (mark) marks.add(mark)
      if (isLeftOut(path)) continue
      const full = join(place, name)
      try {
        let facts = await lstat(full)
        if (facts.isSymbolicLink()) {
          const target = await realpath(full)
          const inside = relative(root, target)
          if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || seen.has(target)) {
            problems.push({
              code: 'link-outside',
              place: path,
              detail: 'The link leads out of the folder or in a circle.',
            })
            continue
          }
          facts = await stat(target)
        }
        if (facts.isDirectory()) {
          const real = await realpath(full)
          if (seen.has(real)) continue
          seen.add(real)
          await visit(full, `${path}/`)
        } else if (facts.isFile()) {
          if (files.length >= MOST_FILES) return
          files.push({ path, bytes: facts.size, changedAt: facts.mtimeMs })
        }
      } catch (error) {
        const { code = 'unknown' } = error as NodeJS.ErrnoException
        problems.push({ code: 'unreadable', place: path, detail: `It cannot be read (${code}).` })
      }
    }
  }
  await visit(root, '')
  return {
    name: basename(root),
    files: files.sort(byPath),
    problems,
    marks,
    read: (file) => createReadStream(join(root, ...file.path.split('/'))),
    close: async () => undefined,
  }
}

/** One file that is no archive. */
export async function fileSource(path: string): Promise<Source> {
  const { size, mtimeMs } = await stat(path)
  const name = basename(path)
  return {
    name,
    files: [{ path: name, bytes: size, changedAt: mtimeMs }],
    problems: [],
    marks: new Set(),
    read: () => createReadStream(path),
    close: async () => undefined,
  }
}
