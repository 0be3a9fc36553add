import type { KeyringEntry } from './keyring-box.ts'

const SERVICE = 'Learning Voice Agent'
const ACCOUNT = 'secrets'
/** A keyring may ask the learner to unlock it; the program does not wait for that longer than this. */
const ANSWER_MS = 20_000

/**
 * Our entry in macOS Keychain, Windows Credential Manager or the Linux Secret Service. The kernel's key store of Linux is left
 * out: it forgets when the machine restarts.
 */
export function systemKeyringEntry(): KeyringEntry {
  const open = async () => {
    const { AsyncEntry } = await import('@napi-rs/keyring')
    return new AsyncEntry(SERVICE, ACCOUNT, { linux: { store: 'secret-service' } })
  }
  return {
    async read() {
      const secret = await inTime((await open()).getSecret())
      return secret ? Uint8Array.from(secret) : null
    },
    async write(secret) {
      await inTime((await open()).setSecret(secret))
    },
  }
}

/** The native call cannot be taken back; its late answer is left alone. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('the keyring did not answer')), ANSWER_MS)
  try {
    return await Promise.race([answer, promise])
  } finally {
    clearTimeout(timer)
  }
}
