import { createHash } from 'node:crypto'
import type { ToolFacts } from './types.ts'

/** Tools of one server that are looked at. */
export const MOST_TOOLS = 64
const LONGEST_NAME = 128
const LONGEST_DESCRIPTION = 1_000
const LONGEST_PARAMETER_DESCRIPTION = 200
const LONGEST_SCHEMA = 16_384
const DEEPEST_SCHEMA = 8

/** A tool as it comes over the wire. */
export interface ToldTool {
  name: string
  description?: string | undefined
  inputSchema: unknown
  [more: string]: unknown
}

/**
 * What the model and the learner are shown of a tool. Undefined for one that cannot be offered: its name is no name of a tool, or its
 * schema is too large or nested too deeply.
 */
export function factsOf(told: ToldTool): ToolFacts | undefined {
  const { name, description = '', inputSchema } = told
  if (!/^[\w./:-]+$/.test(name) || name.length > LONGEST_NAME) return undefined
  const parameters = schemaOf(inputSchema)
  if (!parameters) return undefined
  return { name, description: plain(description, LONGEST_DESCRIPTION), parameters, sha256: hashOf(told) }
}

/** Of everything that a server says about a tool, whatever the order of its keys. */
function hashOf(told: ToldTool): string {
  return createHash('sha256').update(JSON.stringify(told, sortKeys)).digest('hex')
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** One line, without signs that steer a terminal, hide text or open a mark. */
export function plain(text: string, longest: number): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    // Formatting signs turn and hide words: what the learner accepts would not be what the model reads.
    .replace(/\p{Cf}|[\u{e0000}-\u{e0fff}]/gu, '')
    .replaceAll('<', '\u2039')
    .trim()
  return line.length <= longest ? line : `${line.slice(0, longest - 1).trimEnd()}\u2026`
}

/** Keywords that hold one schema, a list of them, and schemas by name. What is in none of these lists is left out. */
const HOLDS_ONE = new Set(['items', 'additionalProperties', 'not'])
const HOLDS_LIST = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems'])
const HOLDS_NAMED = new Set(['properties', '$defs', 'definitions'])
const HOLDS_VALUE = new Set([
  ...['type', 'enum', 'const', 'required', 'format', 'default', '$ref'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties'],
])

/** The schema of an input: an object, only what providers know, no words but cut descriptions. */
function schemaOf(told: unknown): Record<string, unknown> | undefined {
  if (JSON.stringify(told ?? {}).length > LONGEST_SCHEMA) return undefined
  const schema = partOf(told, 0)
  if (typeof schema !== 'object') return undefined
  // Providers refuse choices at the top of an input.
  const { anyOf, oneOf, allOf, not, ...rest } = schema
  return { ...rest, type: 'object', properties: rest.properties ?? {} }
}

/** Undefined where it is nested too deeply or is no schema. */
function partOf(told: unknown, depth: number): Record<string, unknown> | boolean | undefined {
  if (typeof told === 'boolean') return told
  if (!isRecord(told) || depth > DEEPEST_SCHEMA) return undefined
  const part: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(told)) {
    let kept: unknown
    if (key === 'description' && typeof value === 'string') kept = plain(value, LONGEST_PARAMETER_DESCRIPTION)
    else if (HOLDS_VALUE.has(key)) kept = values(value)
    else if (HOLDS_ONE.has(key)) kept = partOf(value, depth + 1)
    else if (HOLDS_LIST.has(key))
      kept = Array.isArray(value) ? all(value.map((one) => partOf(one, depth + 1))) : undefined
    else if (HOLDS_NAMED.has(key)) kept = named(value, depth)
    else continue
    if (kept === undefined) return undefined
    part[key] = kept
  }
  return part
}

function named(told: unknown, depth: number): Record<string, unknown> | undefined {
  if (!isRecord(told)) return undefined
  const parts = Object.entries(told).map(([name, value]) => [name, partOf(value, depth + 1)] as const)
  // A name of a property is shown to the model like a word of ours.
  const isWhole = parts.every(([name, part]) => part !== undefined && /^[\w$.:-]{1,64}$/.test(name))
  return isWhole ? Object.fromEntries(parts) : undefined
}

function all<T>(parts: (T | undefined)[]): T[] | undefined {
  return parts.every((part) => part !== undefined) ? (parts as T[]) : undefined
}

function values(value: unknown): unknown {
  if (typeof value === 'string') return plain(value, LONGEST_PARAMETER_DESCRIPTION)
  if (Array.isArray(value)) return value.map(values)
  return isRecord(value) ? {} : value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
