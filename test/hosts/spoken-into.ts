import type { Page } from '@playwright/test'

/**
 * A microphone that says what a test tells it, when it tells it; silence otherwise. It replaces the device alone: the browser's own audio
 * graph carries the sound from there. It also notes when a voice of the page falls silent.
 */
export async function giveMicrophone(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const context = new AudioContext({ sampleRate: 48_000 })
    const device = context.createMediaStreamDestination()
    // A source that always runs keeps the stream going.
    const hiss = context.createConstantSource()
    const quiet = context.createGain()
    quiet.gain.value = 1e-5
    hiss.connect(quiet).connect(device)
    hiss.start()
    navigator.mediaDevices.getUserMedia = async () => {
      await context.resume()
      return device.stream.clone()
    }
    const silenced: number[] = []
    const pause = HTMLMediaElement.prototype.pause
    HTMLMediaElement.prototype.pause = function (this: HTMLMediaElement) {
      if (!this.paused) silenced.push(performance.now())
      pause.call(this)
    }
    const begun: number[] = []
    const play = HTMLMediaElement.prototype.play
    HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
      this.addEventListener('playing', () => begun.push(performance.now()), { once: true })
      return play.call(this)
    }
    Object.assign(window, {
      spokenInto: {
        silenced,
        begun,
        async say(wav: string) {
          const bytes = Uint8Array.from(atob(wav), (letter) => letter.charCodeAt(0))
          const sound = await context.decodeAudioData(bytes.buffer)
          const source = context.createBufferSource()
          source.buffer = sound
          source.connect(device)
          source.start()
          const begins = performance.now()
          const samples = sound.getChannelData(0)
          const isLoud = (sample: number) => Math.abs(sample) > 0.02
          return {
            onset: begins + (samples.findIndex(isLoud) / sound.sampleRate) * 1_000,
            end: begins + (samples.findLastIndex(isLoud) / sound.sampleRate) * 1_000,
          }
        },
      },
    })
  })
}

interface SpokenInto {
  silenced: number[]
  begun: number[]
  say(wav: string): Promise<{ onset: number; end: number }>
}

/** Says a WAV file into the microphone. @returns when its first sound comes and its last ends, in milliseconds of the page's clock */
export function sayInto(page: Page, wav: Uint8Array): Promise<{ onset: number; end: number }> {
  return page.evaluate(
    (base64) => (window as unknown as { spokenInto: SpokenInto }).spokenInto.say(base64),
    Buffer.from(wav).toString('base64'),
  )
}

/** When voices of the page began and were silenced, in milliseconds of the page's clock. */
export function voicesOf(page: Page): Promise<{ begun: number[]; silenced: number[] }> {
  return page.evaluate(() => {
    const { begun, silenced } = (window as unknown as { spokenInto: SpokenInto }).spokenInto
    return { begun, silenced }
  })
}
