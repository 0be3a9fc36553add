import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

/**
 * The quality gates: benches whose figures do not depend on how fast the machine is, each held against its target (`--check`).
 * Most need the public data sets of `../shared/data`; what is missing is not measured, and the run says so.
 */
const root = path.resolve(import.meta.dirname, '..')
const data = path.resolve(root, '../shared/data')
const GATES: [bench: string, set: string | null][] = [
  ['retrieval', 'limit-small'],
  ['retrieval', 'cranfield'],
  ['absent', null],
  ['concepts', 'ner'],
  ['sts', 'stsb'],
  ['speech', 'speech'],
  ['ocr', 'ocr'],
  ['documents', 'docs'],
]

let failed = 0
let passed = 0
let skipped = 0
for (const [bench, set] of GATES) {
  const folder = set === null ? null : path.join(data, set)
  if (folder !== null && !existsSync(folder)) {
    console.log(`${bench} on ${set}: skipped, no such data beside this checkout`)
    skipped += 1
    continue
  }
  console.log(`\n${bench}${set === null ? '' : ` on ${set}`}`)
  const args = [path.join(root, 'bench/run.ts'), bench, '--check', ...(folder === null ? [] : ['--data', folder])]
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', cwd: root })
  if (status === 0) passed += 1
  else failed += 1
}
console.log(`gates: ${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed === 0 ? 0 : 1
