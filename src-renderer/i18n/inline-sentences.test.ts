import { parseSync } from '@swc/core'
import { expect, test } from 'vitest'

const components = import.meta.glob<string>('../**/*.tsx', { query: '?raw', import: 'default', eager: true })

/** Attributes whose text people read or hear. */
const READ =
  /^(aria-label|aria-description|aria-valuetext|label|title|placeholder|alt|text|help|detail|name|description)$/
/** Attributes of those names that are not for people: the name of a form field. */
const NOT_READ = new Set(['name=title'])
/** Words that are the same in every language: names, units, signs of keys. */
const UNIVERSAL = /^(MIT|\/|·|×|ms|s|…| )+$/

interface Node {
  type?: string
  value?: unknown
  [member: string]: unknown
}

const isSentence = (text: unknown) => typeof text === 'string' && /\p{L}{2}/u.test(text) && !UNIVERSAL.test(text.trim())

/** Text that is written into a component instead of into the catalogues. */
function inlineSentences(source: string): string[] {
  const found: string[] = []
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const one of node) visit(one)
      return
    }
    if (typeof node !== 'object' || node === null) return
    const { type, value, ...members } = node as Node
    if (type === 'JSXText' && isSentence(value)) found.push(String(value).trim())
    if (type === 'JSXElement' || type === 'JSXFragment') {
      for (const child of (members.children as { expression?: Node }[]) ?? [])
        if (child.expression?.type === 'StringLiteral' && isSentence(child.expression.value))
          found.push(String(child.expression.value))
    }
    if (type === 'JSXAttribute') {
      const name = (members.name as { value?: string }).value ?? ''
      const text = (value as Node | null)?.type === 'StringLiteral' ? (value as Node).value : undefined
      if (READ.test(name) && isSentence(text) && !NOT_READ.has(`${name}=${text}`)) found.push(`${name}=${text}`)
    }
    visit(value)
    for (const member of Object.values(members)) visit(member)
  }
  visit(parseSync(source, { syntax: 'typescript', tsx: true }))
  return found
}

test('this check finds what it looks for', () => {
  expect(inlineSentences('const a = <p title="Read me">Hello {"there"} · {x}</p>')).toEqual(
    expect.arrayContaining(['title=Read me', 'Hello', 'there']),
  )
})

test('no component holds a sentence of its own', () => {
  expect(Object.keys(components).length).toBeGreaterThan(30)
  const offences = Object.entries(components).flatMap(([path, source]) =>
    inlineSentences(source).map((sentence) => `${path}: ${sentence}`),
  )
  expect(offences).toEqual([])
})
