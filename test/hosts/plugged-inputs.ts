import type { Page } from '@playwright/test'

/**
 * Microphones that a test plugs in and out, each with a tone of its own that never stops. They replace the devices alone: the browser's own
 * audio graph carries the sound from there. A page begins with those of `names`.
 * @param telling `after-use`: as in Safari, which they are is told only once this page has opened one
 */
export async function givePluggedInputs(
  page: Page,
  names: readonly string[],
  telling: 'at-once' | 'after-use' = 'at-once',
): Promise<void> {
  await page.addInitScript(
    ([first, when]) => {
      let isTold = when === 'at-once'
      const context = new AudioContext({ sampleRate: 48_000 })
      const loudness = context.createGain()
      const tone = context.createOscillator()
      loudness.gain.value = 0.2
      tone.connect(loudness)
      tone.start()
      const plugged = new Map<string, MediaStreamTrack[]>(first.map((name) => [name, []]))
      const { mediaDevices } = navigator
      const told = () => mediaDevices.dispatchEvent(new Event('devicechange'))
      mediaDevices.enumerateDevices = async () =>
        // One without id and name stands for them all: https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-enumeratedevices.
        (isTold ? [...plugged.keys()] : ['']).map((name) => ({
          deviceId: name,
          groupId: '',
          kind: 'audioinput' as const,
          label: name,
          toJSON: () => name,
        }))
      mediaDevices.getUserMedia = async ({ audio } = {}) => {
        await context.resume()
        const wanted =
          typeof audio === 'object' ? (audio.deviceId as ConstrainDOMStringParameters | undefined)?.exact : undefined
        const name = [...plugged.keys()].find((id) => id === wanted) ?? [...plugged.keys()][0]
        if (name === undefined) throw new DOMException('Nothing is plugged in.', 'NotFoundError')
        isTold = true
        const device = context.createMediaStreamDestination()
        loudness.connect(device)
        const track = device.stream.getAudioTracks()[0] as MediaStreamTrack
        Object.defineProperty(track, 'label', { value: name })
        track.getSettings = () => ({ deviceId: name })
        plugged.get(name)?.push(track)
        return device.stream
      }
      Object.assign(window, {
        pluggedInputs: {
          plug(name: string) {
            plugged.set(name, [])
            told()
          },
          unplug(name: string) {
            const tracks = plugged.get(name) ?? []
            plugged.delete(name)
            for (const track of tracks) {
              track.stop()
              // As the browser does for a device that has gone, and not for `stop`.
              track.dispatchEvent(new Event('ended'))
            }
            told()
          },
          setLoudness(value: number) {
            loudness.gain.value = value
          },
        },
      })
    },
    [names, telling] as const,
  )
}

interface PluggedInputs {
  plug(name: string): void
  unplug(name: string): void
  setLoudness(value: number): void
}

/** Of all of them; 1 is as loud as samples can be. */
export function setLoudness(page: Page, value: number): Promise<void> {
  return page.evaluate(
    (given) => (window as unknown as { pluggedInputs: PluggedInputs }).pluggedInputs.setLoudness(given),
    value,
  )
}

export function plug(page: Page, name: string): Promise<void> {
  return page.evaluate(
    (given) => (window as unknown as { pluggedInputs: PluggedInputs }).pluggedInputs.plug(given),
    name,
  )
}

export function unplug(page: Page, name: string): Promise<void> {
  return page.evaluate(
    (given) => (window as unknown as { pluggedInputs: PluggedInputs }).pluggedInputs.unplug(given),
    name,
  )
}
