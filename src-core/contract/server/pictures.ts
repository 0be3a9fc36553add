import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** Pictures that come with what is said. */
export function pictureProcedures({ pictures }: Services) {
  return {
    pictures: {
      add: procedures.pictures.add.handler(async ({ input, signal }) =>
        pictures.add(new Uint8Array(await input.picture.arrayBuffer()), signal),
      ),
      inspect: procedures.pictures.inspect.handler(async ({ input, signal }) => ({
        found: await pictures.inspect(new Uint8Array(await input.picture.arrayBuffer()), signal),
      })),
      file: procedures.pictures.file.handler(async ({ input }) => {
        const { bytes, mediaType } = await pictures.file(input.id, input.sha256)
        return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: mediaType })
      }),
      read: procedures.pictures.read.handler(({ input }) => pictures.read(input.id, input.sha256, input.language)),
    },
  }
}
