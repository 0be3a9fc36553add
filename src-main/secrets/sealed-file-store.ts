import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { type Clock, LvaError } from '../../src-core/kernel/index.ts'
import type { KeyStorage, SecretStore, Secrets } from './secret-store.ts'

/** Turns text into bytes that only this learner on this machine can turn back. */
export interface SecretBox {
  readonly kind: Exclude<KeyStorage, 'session'>
  seal(plain: string): Promise<Uint8Array>
  /** @throws when the bytes are damaged or were sealed elsewhere */
  open(sealed: Uint8Array): Promise<string>
}

const secretsSchema = z.record(z.string(), z.string())

/**
 * Keeps secrets in one file that `box` has sealed. A file that cannot be opened is never overwritten: the next `save` first moves it
 * aside, so that a keyring which comes back still finds it.
 */
export function createSealedFileStore(path: string, box: SecretBox, clock: Clock): SecretStore {
  const load = async (): Promise<Secrets> => {
    const sealed = await readIfThere(path)
    if (!sealed) return {}
    try {
      return secretsSchema.parse(JSON.parse(await box.open(sealed)))
    } catch (error) {
      throw new LvaError('secrets-unreadable', 'The stored keys cannot be opened on this machine.', {
        advice: 'Type them again in Settings; the old file is kept beside the new one.',
        params: { file: path },
        cause: error,
      })
    }
  }
  return {
    kind: box.kind,
    load,
    async save(secrets) {
      const readable = await load().then(
        () => true,
        () => false,
      )
      const sealed = await box.seal(JSON.stringify(secrets))
      if (!readable) await rename(path, `${path}.unreadable-${new Date(clock.now()).toISOString().replaceAll(':', '')}`)
      await replaceFile(path, sealed)
    },
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Either the old or the new content stands there after a crash, never half of one. */
async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  const draft = `${path}.new`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  if (process.platform === 'win32') return
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
