/** Most signs of a name that every provider takes. */
const LONGEST = 64
const BETWEEN = '__'

/**
 * Names under which a model asks for tools of servers: `server__tool`, letters, digits, `_` and `-`, each once.
 * @returns in the order of the tools
 */
export function toolNames(tools: readonly { server: string; tool: string }[], taken: Iterable<string> = []): string[] {
  const used = new Set(taken)
  return tools.map(({ server, tool }) => {
    const base = `${safe(server).slice(0, 24) || 'server'}${BETWEEN}${safe(tool) || 'tool'}`
    for (let count = 1; ; count++) {
      const ending = count === 1 ? '' : `_${count}`
      const name = base.slice(0, LONGEST - ending.length) + ending
      if (used.has(name)) continue
      used.add(name)
      return name
    }
  })
}

function safe(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9-]+/g, '_')
    .replace(/^_+|_+$/g, '')
}
