import { open, stat } from 'node:fs/promises'
import { LvaError } from '../../kernel/index.ts'
import { archiveSource } from './archive.ts'
import { fileSource, folderSource } from './folder.ts'
import type { Source } from './types.ts'

/** First bytes of an archive with entries, and of an empty one (APPNOTE 4.3.7, 4.3.16). */
const ZIP_HEADS = ['PK\u0003\u0004', 'PK\u0005\u0006']

/**
 * A folder, an archive or a single file, by what it is and not by its name.
 * @throws LvaError not-found, archive-damaged, archive-unsafe, import-not-understood
 */
export async function openSource(path: string, signal?: AbortSignal): Promise<Source> {
  const facts = await stat(path).catch((cause) => {
    throw new LvaError('not-found', `There is nothing at ${path} that can be read.`, {
      advice: 'Check the name and whether you may read it.',
      cause,
    })
  })
  if (facts.isDirectory()) return folderSource(path)
  if (!facts.isFile()) {
    throw new LvaError('import-not-understood', `${path} is neither a file nor a folder.`, { advice: 'Choose a file.' })
  }
  return ZIP_HEADS.includes(await headOf(path)) ? archiveSource(path, signal) : fileSource(path)
}

async function headOf(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await file.close()
  }
}
