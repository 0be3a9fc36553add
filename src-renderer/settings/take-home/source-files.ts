import { childrenOf, type Entry, fileOf } from '../../documents/dropped-files.ts'

/** Files that are sent for one import, at most; whoever has more sends an archive. */
export const MOST_SOURCE_FILES = 100_000

/** A file of what is to be imported, and where it lies in it, with slashes. */
export interface SourceFile {
  path: string
  file: File
}

/** Everything in what was dropped, folders walked through. Null when it is more than can be sent one by one. */
export async function sourceFilesIn(entries: readonly (Entry | File)[]): Promise<SourceFile[] | null> {
  const found: SourceFile[] = []
  const waiting = [...entries].reverse().map((entry) => ({ entry, folder: '' }))
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { entry, folder } = next
    const path = `${folder}${entry.name}`
    if (isLeftOut(path, found)) continue
    if (entry instanceof File) found.push({ path, file: entry })
    else if (entry.isDirectory) {
      const children = await childrenOf(entry, MOST_SOURCE_FILES)
      waiting.push(...children.reverse().map((child) => ({ entry: child, folder: `${path}/` })))
    } else {
      const file = await fileOf(entry)
      if (file) found.push({ path, file })
    }
    if (found.length > MOST_SOURCE_FILES) return null
  }
  return found
}

/** What was chosen in the system's dialog; files of a chosen folder know their place in it. */
export function chosenFiles(files: Iterable<File>): SourceFile[] | null {
  const found: SourceFile[] = []
  for (const file of files) {
    const path = file.webkitRelativePath === '' ? file.name : file.webkitRelativePath
    if (!isLeftOut(path, found)) found.push({ path, file })
    if (found.length > MOST_SOURCE_FILES) return null
  }
  return found
}

/** Hidden files belong to programs. One of `.obsidian` goes along: it tells what the folder is. */
function isLeftOut(path: string, found: readonly SourceFile[]): boolean {
  const hidden = /(?:^|\/)(\.[^/]*)/.exec(path)?.[1]
  if (hidden === undefined) return false
  if (hidden !== '.obsidian') return true
  return found.at(-1)?.path.includes('.obsidian/') === true
}
