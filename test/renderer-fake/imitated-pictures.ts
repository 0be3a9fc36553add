import type { Capture, CapturePicture } from '../../src-core/contract/index.ts'

/** What is answered about them. */
export const OF_PICTURE =
  'It is a page about photosynthesis. It says that photosystem II splits water [1], and that this is where the oxygen comes from.'

const READ = 'Photosynthesis\n\nPhotosystem II splits water.\nThe oxygen comes from there.'

/** Pictures that a screen gave, kept in this page; read as if they were a screenshot of two paragraphs. */
export function imitatePictures() {
  const kept = new Map<string, { blob: Blob; picture: CapturePicture }>()
  return {
    async add(blob: Blob): Promise<CapturePicture> {
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()))
      const sha256 = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
      const bitmap = await createImageBitmap(blob)
      const mediaType = blob.type as CapturePicture['mediaType']
      const picture = { sha256, mediaType, width: bitmap.width, height: bitmap.height }
      kept.set(sha256, { blob, picture })
      return picture
    },
    /** Finds a password where its page shows one. */
    inspect: () => ({
      found: [{ kind: 'password' as const, box: [0.3, 0.4, 0.22, 0.05] as [number, number, number, number] }],
    }),
    file: (sha256: string) => kept.get(sha256)?.blob ?? new Blob(),
    /** What a capture that names these pictures holds of them. */
    named(hashes: readonly string[] | undefined): Pick<Capture, 'pictures'> {
      const pictures = (hashes ?? []).flatMap((sha256) => kept.get(sha256)?.picture ?? [])
      return pictures.length > 0
        ? { pictures: pictures.map((picture) => ({ ...picture, reading: reading('eng') })) }
        : {}
    },
    readAgain: (capture: Capture, sha256: string, language: string): Capture => ({
      ...capture,
      pictures: (capture.pictures ?? []).map((picture) =>
        picture.sha256 === sha256 ? { ...picture, reading: reading(language) } : picture,
      ),
    }),
  }
}

function reading(language: string): NonNullable<CapturePicture['reading']> {
  return {
    text: READ,
    blocks: [
      {
        ...{ kind: 'heading', level: 1, start: 0, end: 14, place: { page: 1, box: [0.06, 0.08, 0.4, 0.08] } },
        lines: [[0, 14, 1, 0.06, 0.08, 0.4, 0.08]],
      },
      {
        ...{ kind: 'paragraph', start: 16, end: 73, place: { page: 1, box: [0.06, 0.24, 0.5, 0.05] } },
        lines: [
          [16, 44, 1, 0.06, 0.24, 0.5, 0.05],
          [45, 73, 1, 0.06, 0.31, 0.48, 0.05],
        ],
      },
    ],
    language,
    at: new Date().toISOString(),
  }
}
