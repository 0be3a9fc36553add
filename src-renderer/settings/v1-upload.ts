import type { Client } from '../../src-core/contract/index.ts'

/** Bytes that go in one frame. */
const PIECE = 2 ** 20

/** Sends a file whose path a page does not know. @returns what stands for its path */
export async function sendFile(client: Client, file: File, onShare: (share: number) => void): Promise<string> {
  const { id } = await client.legacy.beginUpload({ name: file.name, bytes: file.size })
  try {
    for (let from = 0; from < file.size; from += PIECE) {
      await client.legacy.push({ id, bytes: file.slice(from, from + PIECE) })
      onShare(Math.min(1, (from + PIECE) / file.size))
    }
  } catch (error) {
    await client.legacy.dropUpload({ id }).catch(() => undefined) // the line may be gone; the core removes it when it ends
    throw error
  }
  return `upload:${id}`
}

export async function dropFile(client: Client, path: string): Promise<void> {
  if (path.startsWith('upload:')) await client.legacy.dropUpload({ id: path.slice('upload:'.length) })
}
