import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openMicrophone } from './microphone.ts'

const chosen = { id: 'desk', name: 'Desk' }
const HIDDEN = [{ kind: 'audioinput', deviceId: '', label: '' }]
const unheard = { onHeard: () => {}, onLost: () => {} }

beforeEach(() => vi.stubGlobal('localStorage', { getItem: () => JSON.stringify(chosen) }))
afterEach(() => vi.unstubAllGlobals())

it('lets go what it opened where the browser fails to tell which microphones there are', async () => {
  const stop = vi.fn()
  const getUserMedia = vi.fn(async () => ({ getTracks: () => [{ stop }] }))
  const enumerateDevices = vi
    .fn()
    .mockResolvedValueOnce(HIDDEN)
    .mockRejectedValueOnce(new DOMException('It does not tell.', 'NotAllowedError'))
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia, enumerateDevices } })
  await expect(openMicrophone(unheard)).rejects.toMatchObject({ code: 'microphone-denied' })
  expect(getUserMedia).toHaveBeenCalledOnce()
  expect(stop).toHaveBeenCalledOnce()
})
