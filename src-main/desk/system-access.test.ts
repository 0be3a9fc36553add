import { describe, expect, it, vi } from 'vitest'
import { isScreenDenied, mayHear, privacyAddress } from './system-access.ts'

type Status = 'not-determined' | 'granted' | 'denied' | 'restricted' | 'unknown'

function preferences(status: Status, answer = true) {
  return { getMediaAccessStatus: () => status, askForMediaAccess: vi.fn(async () => answer) }
}

describe('who may hear', () => {
  it.each([
    ['granted', true],
    ['denied', false],
    ['restricted', false],
    ['unknown', false],
  ] as const)('on macOS: %s', async (status, may) => {
    const given = preferences(status)
    expect(await mayHear('darwin', given)).toBe(may)
    expect(given.askForMediaAccess).not.toHaveBeenCalled()
  })

  it.each([true, false])('on macOS the learner is asked the first time, and answers %s', async (answer) => {
    const given = preferences('not-determined', answer)
    expect(await mayHear('darwin', given)).toBe(answer)
    expect(given.askForMediaAccess).toHaveBeenCalledWith('microphone')
  })

  it('elsewhere the device itself tells', async () => {
    expect(await mayHear('linux', preferences('denied'))).toBe(true)
    expect(await mayHear('win32', preferences('denied'))).toBe(true)
  })
})

it('the screen is denied where macOS says so; before it has asked, it asks', () => {
  expect(isScreenDenied('darwin', preferences('denied'))).toBe(true)
  expect(isScreenDenied('darwin', preferences('restricted'))).toBe(true)
  expect(isScreenDenied('darwin', preferences('not-determined'))).toBe(false)
  expect(isScreenDenied('darwin', preferences('granted'))).toBe(false)
  expect(isScreenDenied('linux', preferences('denied'))).toBe(false)
})

it('opens the right page of the settings of the system, where there is one', () => {
  expect(privacyAddress('darwin', 'screen')).toContain('Privacy_ScreenCapture')
  expect(privacyAddress('darwin', 'microphone')).toContain('Privacy_Microphone')
  expect(privacyAddress('win32', 'microphone')).toBe('ms-settings:privacy-microphone')
  expect(privacyAddress('linux', 'microphone')).toBeUndefined()
})
