import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `npm run bench -- NAME [options]` runs `bench/NAME.ts`; without a name it lists what there is. */
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .filter((file) => /^await bench\(/m.test(readFileSync(join(import.meta.dirname, file), 'utf8')))
  .map((file) => file.slice(0, -3))

const [name] = process.argv.splice(2, 1)
if (name !== undefined && names.includes(name)) {
  await import(`./${name}.ts`)
} else {
  const list = `npm run bench -- NAME [--json] [--data DIR] [--check] [--help]\n\nNAME is one of: ${names.join(', ')}`
  if (name === undefined || name === '--help') console.log(list)
  else {
    console.error(`There is no bench ${name}.\n\n${list}`)
    process.exitCode = 2
  }
}
