import { LvaError } from '../../kernel/index.ts'

/** What a device is told of its relay, by whichever way it asked. */

/** @param address the relay's origin */
export function relayUnreachable(address: string, cause?: unknown): LvaError {
  const { host } = new URL(address)
  return new LvaError('relay-unreachable', `The relay ${host} cannot be reached.`, {
    advice: 'Check the address and the connection; everything else works without it.',
    params: { host },
    cause,
  })
}

export function signedOut(): LvaError {
  return new LvaError('signed-out', 'This device is not signed in to the relay any more.', {
    advice: 'Type the password in Settings, Devices.',
  })
}

export function deviceRevoked(): LvaError {
  return new LvaError('device-revoked', 'This device was taken out of the vault.', {
    advice: 'Add it anew from another device, or with the recovery phrase.',
  })
}
