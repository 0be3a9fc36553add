import { PGlite } from '@electric-sql/pglite'
import { pg_textsearch } from '@electric-sql/pglite-pg_textsearch'
import { vector } from '@electric-sql/pglite-pgvector'

/** The yardstick of `startup` and `memory`: a Node process that opens a folder with PGlite and the extensions that it needs, and nothing else. */
const [folder] = process.argv.slice(2)
const database = new PGlite(folder, { extensions: { vector, pg_textsearch } })
await database.query('select 1')
process.send?.('ready')
process.on('message', async () => {
  await database.close()
  process.exit()
})
