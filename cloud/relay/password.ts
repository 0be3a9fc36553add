import { argon2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { LvaError, type Random } from '../../src-core/kernel/index.ts'

/** RFC 9106, §4, the second recommended option: 64 MiB of memory, three passes, four lanes, a tag of 256 bits, a salt of 128. */
const COST = { memory: 64 * 1_024, passes: 3, parallelism: 4, tagLength: 32 } as const
const SALT_BYTES = 16
const SHORTEST = 10
const LONGEST = 256

const hash = promisify(argon2)

/** Work on one password takes 64 MiB; more than so many wait for their turn. */
const AT_ONCE = 4

export interface Passwords {
  /** The password in PHC form, as `$argon2id$v=19$m=65536,t=3,p=4$salt$tag`. */
  sealed(password: string): Promise<string>
  /** Whether it is the password. Takes as long for an account that is not there (`kept` undefined). */
  fits(password: string, kept: string | undefined): Promise<boolean>
}

/** @throws LvaError bad-input for one that is too short or too long */
export function checkPassword(password: string): void {
  const { length } = Array.from(password)
  if (length >= SHORTEST && length <= LONGEST) return
  throw new LvaError('bad-input', `A password has ${SHORTEST} to ${LONGEST} characters.`, {
    advice: 'Choose a longer one; four random words are good.',
  })
}

export function createPasswords(random: Random): Passwords {
  let running = 0
  const waiting: (() => void)[] = []
  // What nobody's password gives, so that asking for an account that is not there takes as long.
  const nobody = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${b64(random.bytes(SALT_BYTES))}$${b64(random.bytes(COST.tagLength))}`

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }

  const tagOf = (password: string, salt: Uint8Array) =>
    inTurn(() => hash('argon2id', { ...COST, message: password.normalize('NFKC'), nonce: salt }))

  return {
    async sealed(password) {
      const salt = random.bytes(SALT_BYTES)
      const tag = await tagOf(password, salt)
      return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${b64(salt)}$${b64(tag)}`
    },
    async fits(password, kept) {
      const [salt = '', tag = ''] = (kept ?? nobody).split('$').slice(-2)
      const made = await tagOf(password, Buffer.from(salt, 'base64'))
      return timingSafeEqual(made, Buffer.from(tag, 'base64')) && kept !== undefined
    },
  }
}

/** Base 64 without padding, as PHC strings have it. */
function b64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
