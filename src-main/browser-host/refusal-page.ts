import { createHash } from 'node:crypto'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
main { max-width: 32rem; margin: 20vh auto 0; padding: 0 1.5rem }
`

/** The policy of that page: nothing but its own style. */
export const REFUSAL_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The page for whoever comes without the printed address. Plain HTML: nothing of the app is given away. */
export function refusalPage(sentence: string, advice: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Learning Voice Agent</title><meta name="viewport" content="width=device-width">
<style>${STYLE}</style></head>
<body><main><h1>${sentence}</h1><p>${advice}</p></main></body>
</html>
`
}
