import { expect, it } from 'vitest'
import { readRetryAfter } from './retry-after.ts'

const NOW = Date.UTC(2026, 0, 1)

const read = (headers: Record<string, string>) => readRetryAfter((name) => headers[name] ?? null, NOW)

it.each([
  [{ 'retry-after': '2' }, 2_000],
  [{ 'retry-after': ' 1.5 ' }, 1_500],
  [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:10 GMT' }, 10_000],
  [{ 'retry-after': 'Thu, 01 Jan 2015 00:00:10 GMT' }, 0],
  [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
  [{ 'retry-after': '99999999999999' }, 24 * 3_600_000],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-5' }, undefined],
  [{}, undefined],
])('reads %j', (headers, expected) => {
  expect(read(headers as Record<string, string>)).toBe(expected)
})
