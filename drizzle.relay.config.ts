import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './cloud/relay/schema.ts',
  out: './migrations/relay',
})
