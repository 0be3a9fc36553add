import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `npm run bench -- NAME [options]` runs the bench of that name; without a name it lists what there is. */
const files = new Map<string, string>()
for (const file of readdirSync(import.meta.dirname)) {
  if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
  const name = /^await bench\(\{\s*name: '([^']+)'/m.exec(readFileSync(join(import.meta.dirname, file), 'utf8'))?.[1]
  if (name !== undefined) files.set(name, file)
}

const [name] = process.argv.splice(2, 1)
const file = name === undefined ? undefined : files.get(name)
if (file !== undefined) {
  await import(`./${file}`)
} else {
  const list = `npm run bench -- NAME [--json] [--data DIR] [--check] [--help]\n\nNAME is one of: ${[...files.keys()].join(', ')}`
  if (name === undefined || name === '--help') console.log(list)
  else {
    console.error(`There is no bench ${name}.\n\n${list}`)
    process.exitCode = 2
  }
}
