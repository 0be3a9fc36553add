import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ManualClock, seededRandom } from '../../src-core/kernel/index.ts'
import { secretStoreSuite } from '../../test/suites/secret-store-suite.ts'
import { type KeyringEntry, openKeyringBox } from './keyring-box.ts'
import { createSealedFileStore, type SecretBox } from './sealed-file-store.ts'
import { createSessionStore } from './secret-store.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lva-secrets-'))
  folders.push(path)
  return path
}

function memoryKeyring(): KeyringEntry & { kept: Uint8Array | null } {
  return {
    kept: null,
    async read() {
      return this.kept
    },
    async write(secret) {
      this.kept = secret
    },
  }
}

async function box(entry: KeyringEntry, seed = 1): Promise<SecretBox> {
  const opened = await openKeyringBox(entry, seededRandom(seed))
  if (!opened) throw new Error('the keyring of this test did not open')
  return opened
}

secretStoreSuite('memory', async () => {
  const store = createSessionStore()
  return { open: async () => store }
})

secretStoreSuite('a file sealed by the keyring', async () => {
  const path = join(await folder(), 'secrets.keyring')
  const entry = memoryKeyring()
  return { open: async () => createSealedFileStore(path, await box(entry), new ManualClock()) }
})

describe('a file sealed by the keyring', () => {
  it('is found again after a restart, is readable by its owner alone, and shows nothing', async () => {
    const path = join(await folder(), 'secrets.keyring')
    const entry = memoryKeyring()
    await createSealedFileStore(path, await box(entry), new ManualClock()).save({ openai: 'canary-5d1f' })
    expect(await createSealedFileStore(path, await box(entry, 2), new ManualClock()).load()).toEqual({
      openai: 'canary-5d1f',
    })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const bytes = await readFile(path)
    for (const spelling of ['canary-5d1f', Buffer.from('canary-5d1f').toString('base64'), 'openai'])
      expect(bytes.includes(spelling)).toBe(false)
  })

  it.each([
    [
      'was changed',
      (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))),
    ],
    ['was cut', (bytes: Buffer) => bytes.subarray(0, 5)],
    ['is empty', () => Buffer.alloc(0)],
  ])('that %s is reported, kept, and does not stop new keys', async (_name, damage) => {
    const place = await folder()
    const path = join(place, 'secrets.keyring')
    const store = createSealedFileStore(path, await box(memoryKeyring()), new ManualClock())
    await store.save({ a: '1' })
    const damaged = damage(await readFile(path))
    await writeFile(path, damaged)
    await expect(store.load()).rejects.toMatchObject({ code: 'secrets-unreadable' })
    expect(await readFile(path)).toEqual(damaged)
    await store.save({ b: '2' })
    expect(await store.load()).toEqual({ b: '2' })
    const aside = (await readdir(place)).find((name) => name.includes('unreadable'))
    expect(await readFile(join(place, String(aside)))).toEqual(damaged)
  })

  it('sealed under another key is not opened', async () => {
    const path = join(await folder(), 'secrets.keyring')
    await createSealedFileStore(path, await box(memoryKeyring(), 1), new ManualClock()).save({ a: '1' })
    const other = createSealedFileStore(path, await box(memoryKeyring(), 2), new ManualClock())
    await expect(other.load()).rejects.toMatchObject({ code: 'secrets-unreadable' })
  })
})

describe('openKeyringBox', () => {
  it.each([
    [
      'has no keyring',
      { read: () => Promise.reject(new Error('no D-Bus')), write: () => Promise.reject(new Error('no')) },
    ],
    ['has a keyring that forgets', { read: async () => null, write: async () => undefined }],
  ])('answers null on a machine that %s', async (_name, entry: KeyringEntry) => {
    expect(await openKeyringBox(entry, seededRandom(1))).toBeNull()
  })
})
