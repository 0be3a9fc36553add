import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** The checkout. */
export const REPOSITORY = resolve(import.meta.dirname, '..')

/** What one benchmark is. A bench file ends with `await bench({ ... })`, so that it also runs alone: `node bench/sts.ts --json`. */
export interface Bench {
  /** Name under which `npm run bench -- NAME` finds it. */
  name: string
  /** What it measures, one sentence. */
  about: string
  /** Folder under `../shared/data` that it reads unless `--data DIR` names another. Leave out when it needs no data. */
  data?: string
  /** Its own options, each with a sentence for `--help`; all take a value. */
  options?: Record<string, string>
  run(given: Given): Promise<Outcome>
}

/** What the command line gave. */
export interface Given {
  /** The data folder, which exists; empty for a bench without data. */
  data: string
  /** The bench's own options that were named. */
  options: Record<string, string | undefined>
}

export interface Outcome {
  /** What `--json` prints: the figures alone, by name; those of a part under the part's name. */
  figures: Record<string, number | string | Record<string, number>>
  /** The table: one record for each row, all with the same keys, which are the headings. */
  table: Record<string, number | string>[]
  /** What the figures are measured against. */
  targets?: Target[]
}

/** A bound for a figure. */
export type Target = { figure: string } & ({ atMost: number } | { atLeast: number })

/**
 * Runs a bench as the command line asks: `--json` prints nothing but the figures on standard output, `--data DIR` names another
 * folder of the same layout, `--check` makes a missed target exit code 1. A wrong command line or a missing folder is exit code 2.
 */
export async function bench(spec: Bench): Promise<void> {
  const given = readCommandLine(spec)
  if (!given) return
  const { figures, table, targets = [] } = await spec.run(given)
  const missed = targets.filter((target) => !isMet(target, figures))
  if (given.json) console.log(JSON.stringify(figures))
  else {
    console.log(formatTable(table))
    for (const target of targets) {
      console.log(`${bound(target)}: ${missed.includes(target) ? 'MISSED' : 'met'} (${figures[target.figure]})`)
    }
  }
  if (given.check && missed.length > 0) process.exitCode = 1
}

/** What `parseArgs` gives, which its types cannot say for options that are known only when it runs. */
type Flags = { json: boolean; check: boolean; help: boolean }

function readCommandLine(spec: Bench): (Given & { json: boolean; check: boolean }) | undefined {
  const text = { type: 'string' as const }
  const own = Object.fromEntries(Object.keys(spec.options ?? {}).map((name) => [name, text]))
  const flag = { type: 'boolean' as const, default: false }
  try {
    const { values } = parseArgs({
      options: { ...own, json: flag, check: flag, help: flag, ...(spec.data ? { data: text } : {}) },
    })
    const { json, check, help, ...options } = values as Flags & Record<string, string | undefined>
    if (help) {
      console.log(usage(spec))
      return undefined
    }
    // Of a bench that can do without data, `--data` may be an option of its own.
    const data = spec.data ? resolve(options.data ?? join(REPOSITORY, '../shared/data', spec.data)) : ''
    if (spec.data && !existsSync(data)) throw new Error(`there is no folder ${data}; name one with --data DIR`)
    return { json, check, data, options }
  } catch (error) {
    console.error(`bench ${spec.name}: ${(error as Error).message}`)
    process.exitCode = 2
    return undefined
  }
}

function usage(spec: Bench): string {
  const lines = [
    ...(spec.data ? [['--data DIR', `folder to read instead of ../shared/data/${spec.data}`]] : []),
    ...Object.entries(spec.options ?? {}).map(([name, about]) => [`--${name} VALUE`, about]),
    ['--json', 'print only the figures, as JSON'],
    ['--check', 'exit with 1 when a target is missed'],
  ].map(([option = '', about = '']) => `  ${option.padEnd(20)}${about}`)
  return `npm run bench -- ${spec.name} [options]\n\n${spec.about}\n\n${lines.join('\n')}`
}

function isMet(target: Target, figures: Outcome['figures']): boolean {
  const value = Number(figures[target.figure])
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast
}

function bound(target: Target): string {
  return 'atMost' in target ? `${target.figure} <= ${target.atMost}` : `${target.figure} >= ${target.atLeast}`
}

/** Columns as wide as their widest cell; numbers to the right. */
function formatTable(rows: Record<string, number | string>[]): string {
  const headings = Object.keys(rows[0] ?? {})
  const widths = headings.map((key) => Math.max(key.length, ...rows.map((row) => String(row[key]).length)))
  const line = (cells: (string | number)[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return [
    line(headings),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map((row) => line(headings.map((key) => row[key] ?? ''))),
  ].join('\n')
}

/** `value` with at most `digits` digits after the point. */
export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

/** The value below which the share `q` of the values lies: 0.5 is the median. The nearest value, without interpolation. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}
