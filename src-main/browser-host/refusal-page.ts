/** The page for whoever comes without the printed address. Plain HTML: nothing of the app is given away. */
export function refusalPage(sentence: string, advice: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Learning Voice Agent</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
main { max-width: 32rem; margin: 20vh auto 0; padding: 0 1.5rem }
</style></head>
<body><main><h1>${sentence}</h1><p>${advice}</p></main></body>
</html>
`
}
