import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { type Config, LvaError, loadConfig } from '../src-core/kernel/index.ts'

/** The configuration of this machine and the folders that it leads to. */
export interface Surroundings {
  config: Config
  /** Absolute path of the learner's data. */
  dataDir: string
  /** Absolute path of what can be made again: converted models. */
  cacheDir: string
  /** Where `config.json` is looked for. */
  configFile: string
}

/**
 * Reads `config.json` from the data folder: the one that `LVA_DATA_DIR` names, else the system's usual place. A `dataDir` inside that
 * file moves the data elsewhere.
 * @throws LvaError config-invalid
 */
export function readSurroundings(environment: Record<string, string | undefined>): Surroundings {
  const usual = envPaths('learning-voice-agent', { suffix: '' })
  const configFile = join(resolve(environment.LVA_DATA_DIR || usual.data), 'config.json')
  const config = loadConfig(environment, readJson(configFile))
  return {
    config,
    dataDir: resolve(config.dataDir || usual.data),
    cacheDir: resolve(config.cacheDir || usual.cache),
    configFile,
  }
}

/** What child processes need to know of the surroundings to find the same. */
export function childEnvironment(surroundings: Surroundings): Record<string, string> {
  return { LVA_DATA_DIR: surroundings.dataDir, LVA_CACHE_DIR: surroundings.cacheDir }
}

function readJson(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // A path that leads through a file is told by whoever wants to write there.
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw unreadable(path, 'cannot be read', error)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw unreadable(path, 'is not JSON', error)
  }
}

function unreadable(path: string, what: string, cause: unknown): LvaError {
  return new LvaError('config-invalid', `The configuration file ${path} ${what}.`, {
    advice: 'Correct the file, or remove it to go back to the defaults.',
    params: { problems: `${path} ${what}` },
    cause,
  })
}
