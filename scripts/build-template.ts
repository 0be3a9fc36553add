import { readdirSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildTemplate, findTemplate, readMigrations, TEMPLATE_FOLDER } from '../src-core/store/index.ts'

/**
 * Makes `out/template/vault-….tar.gz`, the database folder that first opens begin with, unless it is there; older ones are removed.
 * `--force` makes it anew.
 */
const { values } = parseArgs({ options: { force: { type: 'boolean', default: false } } })
const present = values.force ? undefined : findTemplate([TEMPLATE_FOLDER], readMigrations())
const file = present ?? (await buildTemplate(TEMPLATE_FOLDER))
for (const name of readdirSync(TEMPLATE_FOLDER)) {
  if (name !== basename(file)) rmSync(join(TEMPLATE_FOLDER, name))
}
console.log(`${present ? 'kept' : 'made'} ${file} (${(statSync(file).size / 1e6).toFixed(1)} MB)`)
