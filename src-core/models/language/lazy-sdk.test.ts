import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'

const PROGRAM = `
import { registerHooks } from 'node:module'
const loaded = []
registerHooks({ resolve(specifier, context, next) { loaded.push(specifier); return next(specifier, context) } })
const { anthropicModel, compatibleModel, openaiModel } = await import(process.argv[1])
const options = {
  apiKey: 'k', baseUrl: 'http://127.0.0.1:9', model: 'm', limits: { firstTokenMs: 1000, idleMs: 1000 },
  clock: { now: () => 0, monotonic: () => 0, sleep: () => new Promise(() => {}) },
}
const models = [anthropicModel(options), openaiModel(options), compatibleModel(options)]
const sdks = () => loaded.filter((name) => name === 'openai' || name === '@anthropic-ai/sdk').sort()
const before = sdks()
for (const model of models) await model.check().catch(() => {})
console.log(JSON.stringify({ before, after: sdks() }))
process.exit(0)
`

it('loads an SDK with the first call and not before', () => {
  const index = new URL('./index.ts', import.meta.url).href
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', PROGRAM, index], {
    encoding: 'utf8',
  })
  const { before, after } = JSON.parse(printed)
  expect(before).toEqual([])
  expect(new Set(after)).toEqual(new Set(['@anthropic-ai/sdk', 'openai']))
})
