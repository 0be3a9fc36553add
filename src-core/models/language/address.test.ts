import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { isLvaError } from '../../kernel/index.ts'
import { readAddress } from './address.ts'

it.each([
  ['http://127.0.0.1:11434', 'http://127.0.0.1:11434/v1'],
  ['http://127.0.0.1:11434/v1/', 'http://127.0.0.1:11434/v1'],
  ['localhost:1234', 'http://localhost:1234/v1'],
  ['  https://hub.example/api/v1?key=abc#x ', 'https://hub.example/api/v1'],
  ['http://[::1]:8080', 'http://[::1]:8080/v1'],
])('reads %s', (text, baseUrl) => {
  expect(readAddress(text)).toMatchObject({ baseUrl, shown: baseUrl, authorization: '' })
})

it('takes user and password out of the address', () => {
  const address = readAddress('http://ann:s%40crét@box.local:8080/v1')
  expect(address.baseUrl).toBe('http://box.local:8080/v1')
  expect(Buffer.from(address.authorization.slice(6), 'base64').toString()).toBe('ann:s@crét')
  expect(address.secrets).toContain('s@crét')
  expect(readAddress('http://100%:100%@box/').authorization).not.toBe('')
})

it.each(['', 'not an address', 'ftp://host/', 'http://', 'http://user:hunter2@:99999'])('refuses %j', (text) => {
  let failure: unknown
  try {
    readAddress(text)
  } catch (error) {
    failure = error
  }
  expect(isLvaError(failure, 'config-invalid')).toBe(true)
  expect(inspect(failure)).not.toContain('hunter2')
})

it.each([
  ['http://localhost:1', true],
  ['http://127.0.0.1:1', true],
  ['http://192.168.1.20:1', true],
  ['http://172.20.0.3:1', true],
  ['http://[fd00::1]:1', true],
  ['http://ollama:11434', true],
  ['http://gpu.local:1', true],
  ['https://openrouter.ai/api/v1', false],
  ['http://172.32.0.1', false],
  ['http://11.0.0.1', false],
])('tells whether a machine is the learner’s own: %s %s', (text, isOwn) => {
  expect(readAddress(text).isOwnMachine).toBe(isOwn)
})
