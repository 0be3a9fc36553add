import { deviceMemory } from '../backend/device-memory.ts'

/** A microphone that the browser knows. Its name, and in most browsers its id, is empty until the learner has allowed one. */
export interface Input {
  id: string
  name: string
}

const REMEMBERED = 'lva-microphone'
/** Names under which Chromium lists a device that is there by its own name as well. */
const STANDS_FOR_ANOTHER = ['default', 'communications']

/**
 * The microphone that was chosen on this device; null for the system's own choice, also where what was kept cannot be read. Ids mean nothing
 * elsewhere, so it does not travel.
 */
export function chosenInput(): Input | null {
  try {
    const kept: unknown = JSON.parse(deviceMemory.read(REMEMBERED) ?? 'null')
    return isInput(kept) ? kept : null
  } catch {
    // Whatever wrote it, speaking works all the same.
    return null
  }
}

function isInput(value: unknown): value is Input {
  const { id, name } = (value ?? {}) as Partial<Record<keyof Input, unknown>>
  return typeof id === 'string' && typeof name === 'string'
}

export function chooseInput(input: Input | null): void {
  deviceMemory.write(REMEMBERED, input && JSON.stringify(input))
}

/** The microphones that are there now; none where the browser does not tell. */
export async function listInputs(): Promise<Input[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? []
  return devices
    .filter(({ kind, deviceId }) => kind === 'audioinput' && !STANDS_FOR_ANOTHER.includes(deviceId))
    .map(({ deviceId, label }) => ({ id: deviceId, name: label }))
}

/** Whether the browser tells which they are only once the learner has allowed one. */
export function areHidden(inputs: readonly Input[]): boolean {
  return inputs.some(({ name }) => name === '')
}

/** Told when a device comes or goes. @returns ends it */
export function onInputsChanged(listener: () => void): () => void {
  const { mediaDevices } = navigator
  mediaDevices?.addEventListener('devicechange', listener)
  return () => mediaDevices?.removeEventListener('devicechange', listener)
}

/**
 * The one of them that was chosen: by its id or, where the browser has given new ids, by its name.
 * @returns undefined when it is not there, or the browser hides which they are
 */
export function inputAmong(inputs: readonly Input[], chosen: Input): Input | undefined {
  return inputs.find(({ id }) => id === chosen.id) ?? inputs.find(({ name }) => name !== '' && name === chosen.name)
}
