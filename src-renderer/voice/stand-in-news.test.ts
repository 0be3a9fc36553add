import { expect, it } from 'vitest'
import type { Transcript } from '../../src-core/contract/index.ts'
import { standInNews } from './stand-in-news.ts'

const instead = (chosen: string, code: 'model-not-there' | 'timeout'): Pick<Transcript, 'instead'> => ({
  instead: { chosen, error: { code, message: '', advice: '', params: {} } },
})

it('a recogniser that is not on this device is said once, another one anew, and one that came and went again', () => {
  const isNews = standInNews()
  const small = instead('whisper-small', 'model-not-there')
  expect([small, small, instead('whisper-tiny', 'model-not-there'), small, small, {}, small].map(isNews)).toEqual([
    true,
    false,
    true,
    true,
    false,
    false,
    true,
  ])
})

it('what failed this time is said each time', () => {
  const isNews = standInNews()
  const failed = instead('openai', 'timeout')
  expect([failed, failed].map(isNews)).toEqual([true, true])
})
