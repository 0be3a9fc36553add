import { environmentNames, maskConfig } from '../../../src-core/kernel/index.ts'
import type { CommandContext } from '../command.ts'

/** Shows every setting with the variable that sets it; secrets are masked. */
export async function config({ surroundings, terminal, json }: CommandContext): Promise<void> {
  const { dataDir, cacheDir, configFile } = surroundings
  const shown = { ...maskConfig(surroundings.config), dataDir, cacheDir }
  if (json) return terminal.json({ configFile, ...shown })
  terminal.line(`# ${configFile}; variables of the environment win over it`)
  for (const [variable, path] of environmentNames()) {
    const value = path.reduce<unknown>((place, key) => (place as Record<string, unknown>)[key], shown)
    terminal.line(`${path.join('.')} = ${JSON.stringify(value)}  # ${variable}`)
  }
  terminal.line(`language.prices = ${JSON.stringify(shown.language.prices)}`)
}
