/** What was dropped, pasted or picked holds at most this many files for one go; a folder of more is better watched than carried. */
export const MOST_FILES = 20_000

/** A file system entry as browsers give it for what is dropped. */
export interface Entry {
  readonly isFile: boolean
  readonly isDirectory: boolean
  readonly name: string
  file?(found: (file: File) => void, failed: (error: unknown) => void): void
  createReader?(): { readEntries(found: (entries: Entry[]) => void, failed: (error: unknown) => void): void }
}

/** The entries must be taken while the drop event lasts; browsers empty the transfer afterwards. */
export function entriesOf(transfer: DataTransfer): (Entry | File)[] {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file')
  if (items.length === 0) return [...transfer.files]
  return items.flatMap((item): (Entry | File)[] => {
    const entry = item.webkitGetAsEntry?.() as Entry | null | undefined
    const file = entry ? null : item.getAsFile()
    return entry ? [entry] : file ? [file] : []
  })
}

/**
 * All files in what was dropped, folders walked through. Hidden files (those whose name begins with a dot) belong to programs, not to the
 * learner, and are left out; so is what cannot be read.
 */
export async function filesIn(entries: readonly (Entry | File)[]): Promise<File[]> {
  const files: File[] = []
  const waiting = [...entries].reverse()
  for (let entry = waiting.pop(); entry && files.length < MOST_FILES; entry = waiting.pop()) {
    if (entry.name.startsWith('.')) continue
    if (entry instanceof File) files.push(entry)
    else if (entry.isDirectory) waiting.push(...(await childrenOf(entry)).reverse())
    else {
      const file = await fileOf(entry)
      if (file) files.push(file)
    }
  }
  return files
}

/** Browsers answer a folder in parts, and an empty part at its end. */
export async function childrenOf(folder: Entry, most = MOST_FILES): Promise<Entry[]> {
  const reader = folder.createReader?.()
  const children: Entry[] = []
  while (reader && children.length < most) {
    const part = await new Promise<Entry[]>((resolve) => reader.readEntries(resolve, () => resolve([])))
    if (part.length === 0) break
    children.push(...part)
  }
  return children.sort((a, b) => a.name.localeCompare(b.name))
}

/** Null for what cannot be read. */
export function fileOf(entry: Entry): Promise<File | null> {
  return new Promise((resolve) => (entry.file ? entry.file(resolve, () => resolve(null)) : resolve(null)))
}
