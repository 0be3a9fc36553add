import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { LvaError } from '../../../kernel/index.ts'
import { WHISPER_FILES } from '../whisper.ts'

const file = z.strictObject({
  /** Inside the repository, with slashes. */
  path: z.enum(WHISPER_FILES),
  bytes: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

const entry = z.strictObject({
  /** Names its folder, and itself in transcripts. */
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,60}$/),
  name: z.string().min(1).max(100),
  /** Owner and name at the hub. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  /** The commit, which never changes. */
  revision: z.string().regex(/^[\w.-]+$/),
  licence: z.string().min(1).max(100),
  /** Languages that it understands, ISO 639-1. */
  languages: z.array(z.string().min(2).max(8)).min(1),
  files: z
    .array(file)
    .refine((files) => new Set(files.map(({ path }) => path)).size === Object.keys(WHISPER_FILES).length, {
      error: `each of these once: ${Object.values(WHISPER_FILES).join(', ')}`,
    }),
})

/** A recogniser that can be downloaded. */
export type Recogniser = z.output<typeof entry>

/** The languages of OpenAI's multilingual models, as `generation_config.json` names them. */
const LANGUAGES =
  'en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su'.split(
    ' ',
  )

const weights = (encoder: [number, string], decoder: [number, string]): Recogniser['files'] => [
  { path: WHISPER_FILES.encoder, bytes: encoder[0], sha256: encoder[1] },
  { path: WHISPER_FILES.decoder, bytes: decoder[0], sha256: decoder[1] },
]

const words = (config: [number, string], generation: [number, string]): Recogniser['files'] => [
  { path: WHISPER_FILES.config, bytes: config[0], sha256: config[1] },
  { path: WHISPER_FILES.generation, bytes: generation[0], sha256: generation[1] },
  {
    path: WHISPER_FILES.tokenizer,
    bytes: 2_480_466,
    sha256: '27fc476bfe7f17299480be2273fc0608e4d5a99aba2ab5dec5374b4482d1a566',
  },
]

const whisper = (size: string, revision: string, files: Recogniser['files']): Recogniser => ({
  id: `whisper-${size}`,
  name: `Whisper ${size}`,
  repository: `onnx-community/whisper-${size}`,
  revision,
  licence: 'Apache-2.0',
  languages: LANGUAGES,
  files,
})

/** OpenAI's Whisper in three sizes, as exported for ONNX with weights of 8 bits. */
export const RECOGNISERS: readonly Recogniser[] = [
  whisper('tiny', 'ff4177021cc41f7db950912b73ea4fdf7d01d8e7', [
    ...words(
      [2_243, '46aeea0a406afbeb563fc8e59ca10609203df4299af6a83f73752fef369efd2d'],
      [3_772, 'f5c67e5a4f7102f8cb4d058bc95da276bbc19eeec997267c3bb0f25ef68facd1'],
    ),
    ...weights(
      [10_124_990, '2af4a414ca47aa30f61246017e5fe82b0a8d229281d1255ba666a2a7f6b84d19'],
      [30_719_241, '25e807a962b6349356d0ea5d0dfe530b7e5bf0e2a484aeca0359d03143faddd3'],
    ),
  ]),
  whisper('base', '1846881b6b3a3024392c1eea3ad983695bc23925', [
    ...words(
      [2_243, 'f4d0608f7d918166da7edb3e188de5ef1bfe70d9802e785d271fd88111e9cf4b'],
      [3_832, '61070cf8de25b1e9256e8e102ded49d8d24a8369ed36ef84fdf21549e68125a0'],
    ),
    ...weights(
      [23_201_314, '5862993336bf33acd23736071aae2b32261d3b1b2f37780194460d4ef974dd46'],
      [53_693_315, 'fa3ef9902734ce5ae6f9ef2bdb2ba9a6c4b5785b09f4f420ce036573dc9d090b'],
    ),
  ]),
  whisper('small', '36050c46d777d46dc4b5f43f6d90574fc38f8732', [
    ...words(
      [2_227, '457854d452f17661e197d74aee12b8e74fb75ba30ebfaa7426d0d61ea1e08a18'],
      [3_893, 'f538b28220c6a6d6f1af1458d4141cacb4ef4963df3de98a19490440c412ddf0'],
    ),
    ...weights(
      [92_326_160, 'a43a83f3c5361cd591cfa7c36f14b43cf7cb22f47a415cc14a8d557be800fa92'],
      [156_750_845, 'ec07c3cbb64172c39791e26ee870a65ac22b458c36722bfe2776b3dbf741e0c9'],
    ),
  ]),
]

/**
 * The recognisers that can be downloaded: the program's own, or those of a file that is configured.
 * @param path of a JSON file `{ "recognisers": [...] }`; empty for the program's own
 * @throws LvaError config-invalid
 */
export async function readCatalogue(path: string): Promise<readonly Recogniser[]> {
  if (path === '') return RECOGNISERS
  try {
    const list = z.strictObject({ recognisers: z.array(entry) }).parse(JSON.parse(await readFile(path, 'utf8')))
    return list.recognisers
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new LvaError('config-invalid', `The list of recognisers ${path} cannot be used: ${reason}`, {
      advice: 'Correct the file, or take models.catalogue (LVA_MODELS_CATALOGUE) out of the configuration.',
      params: { path },
      cause: error,
    })
  }
}
