/**
 * The voices of this machine that speak without a network. A browser also lists voices that send each sentence to a server; those are
 * left out, because nothing said here may leave the machine by the way.
 */
export function localVoices(): SpeechSynthesisVoice[] {
  if (!('speechSynthesis' in globalThis)) return []
  return speechSynthesis.getVoices().filter((voice) => voice.localService)
}

/** Longest wait for a browser to list its voices; it answers an empty list at first. */
const LISTING_MS = 600

/** The same, once the browser has had time to list them. */
export async function listLocalVoices(): Promise<SpeechSynthesisVoice[]> {
  const present = localVoices()
  if (present.length > 0 || !('speechSynthesis' in globalThis)) return present
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LISTING_MS)
    speechSynthesis.addEventListener(
      'voiceschanged',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
  return localVoices()
}
