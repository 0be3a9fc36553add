import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LvaError, type NewId } from '../kernel/index.ts'
import { withFileErrors } from '../store/index.ts'

/** Bytes of one piece that a page asks for. */
const PIECE = 2 ** 20
const MOST_UPLOADED = 64 * 2 ** 30

/**
 * Where files wait between a page and the core: what a page sends to be imported, and what was exported for it. A page cannot name a path
 * of this machine; here it names ids that it was given, and paths below them. Emptied when it is opened.
 */
export class ExchangeFolder {
  readonly #root: string
  readonly #newId: NewId

  private constructor(root: string, newId: NewId) {
    this.#root = root
    this.#newId = newId
  }

  static async open(root: string, newId: NewId): Promise<ExchangeFolder> {
    await rm(root, { recursive: true, force: true })
    return new ExchangeFolder(root, newId)
  }

  async begin(): Promise<string> {
    const id = this.#newId()
    await mkdir(join(this.#root, id), { recursive: true, mode: 0o700 })
    return id
  }

  /** Adds a piece to a file, which grows from its beginning. @throws LvaError bad-input, not-found, disk-full */
  async add(id: string, path: string, offset: number, bytes: Uint8Array): Promise<void> {
    const file = join(await this.place(id), ...safeParts(path))
    await withFileErrors(this.#root, () => append(file, offset, bytes))
  }

  /** What was sent: the one file or folder, or the folder of them. @throws LvaError not-found */
  async content(id: string): Promise<string> {
    const place = await this.place(id)
    const names = await readdir(place)
    return names.length === 1 ? join(place, names[0] as string) : place
  }

  /** The next bytes of the one file; empty at its end. @throws LvaError not-found */
  async read(id: string, offset: number): Promise<Uint8Array<ArrayBuffer>> {
    const file = await open(await this.content(id), 'r')
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(PIECE), 0, PIECE, offset)
      return buffer.slice(0, bytesRead)
    } finally {
      await file.close()
    }
  }

  /** The folder of an id that was given out. @throws LvaError not-found */
  async place(id: string): Promise<string> {
    const place = /^[0-9a-f-]{36}$/.test(id) ? join(this.#root, id) : ''
    const facts = place === '' ? undefined : await stat(place).catch(() => undefined)
    if (facts?.isDirectory()) return place
    throw new LvaError('not-found', 'These files are not here any more.', { advice: 'Choose them again.' })
  }

  async forget(id: string): Promise<void> {
    const place = await this.place(id).catch(() => undefined)
    if (place !== undefined) await rm(place, { recursive: true, force: true })
  }

  async clear(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true })
  }
}

async function append(file: string, offset: number, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  if (offset + bytes.length > MOST_UPLOADED) throw badPath('The file is too large.')
  const handle = await open(file, offset === 0 ? 'w' : 'a', 0o600)
  try {
    const { size } = await handle.stat()
    if (size !== offset) throw badPath('A piece of the file is missing.')
    await handle.writeFile(bytes)
  } finally {
    await handle.close()
  }
}

function safeParts(path: string): string[] {
  const parts = path.split('/')
  const isBad = (part: string) =>
    part === '' || part === '.' || part === '..' || /[\p{Cc}\\:]/u.test(part) || part.length > 255
  if (parts.length > 100 || parts.some(isBad)) throw badPath('The name of the file cannot be used.')
  return parts
}

function badPath(message: string): LvaError {
  return new LvaError('bad-input', message, { advice: 'Give the file another name and choose it again.' })
}
