/** A microphone that the browser knows. Its name is empty until the learner has allowed one. */
export interface Input {
  id: string
  name: string
}

const REMEMBERED = 'lva-microphone'
/** Names under which Chromium lists a device that is there by its own name as well. */
const STANDS_FOR_ANOTHER = ['default', 'communications']

/** The microphone that was chosen on this device; null for the system's own choice. Ids mean nothing elsewhere, so it does not travel. */
export function chosenInput(): Input | null {
  const kept = localStorage.getItem(REMEMBERED)
  return kept === null ? null : (JSON.parse(kept) as Input)
}

export function chooseInput(input: Input | null): void {
  if (input === null) localStorage.removeItem(REMEMBERED)
  else localStorage.setItem(REMEMBERED, JSON.stringify(input))
}

/** The microphones that are there now; none where the browser does not tell. */
export async function listInputs(): Promise<Input[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? []
  return devices
    .filter(({ kind, deviceId }) => kind === 'audioinput' && !STANDS_FOR_ANOTHER.includes(deviceId))
    .map(({ deviceId, label }) => ({ id: deviceId, name: label }))
}

/** Told when a device comes or goes. @returns ends it */
export function onInputsChanged(listener: () => void): () => void {
  const { mediaDevices } = navigator
  mediaDevices?.addEventListener('devicechange', listener)
  return () => mediaDevices?.removeEventListener('devicechange', listener)
}

/**
 * The one of them that was chosen: by its id or, where the browser has given new ids, by its name.
 * @returns undefined when it is not there
 */
export function inputAmong(inputs: readonly Input[], chosen: Input): Input | undefined {
  return inputs.find(({ id }) => id === chosen.id) ?? inputs.find(({ name }) => name !== '' && name === chosen.name)
}
