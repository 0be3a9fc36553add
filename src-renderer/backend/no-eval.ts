import { config } from 'zod'

/** The page's content security policy forbids compiling code from text, which zod would otherwise try. Imported before any schema. */
config({ jitless: true })
