import { expect, test, vi } from 'vitest'
import { sendFiles } from './send-files.ts'

/** Answers each file by its name: `known…` was there before, `bad…` cannot be taken. */
function core() {
  const addMany = vi.fn(async ({ files }: { files: { name: string }[] }) => ({
    results: files.map(({ name }) =>
      name.startsWith('bad')
        ? { error: { code: 'document-empty', params: {} } }
        : { document: { id: name, title: '' }, isNew: !name.startsWith('known') },
    ),
  }))
  return { addMany } as unknown as Parameters<typeof sendFiles>[0] & { addMany: typeof addMany }
}
const gone = Object.assign(new File(['x'], 'gone.txt'), {
  arrayBuffer: () => Promise.reject(new DOMException('The file could not be read.', 'NotReadableError')),
})
const { signal } = new AbortController()

test('a file that cannot be read any more, or taken, keeps none of the others out', async () => {
  const tellKnown = vi.fn()
  const files = [gone, new File(['a'], 'a.txt'), new File(['b'], 'bad.txt'), new File(['c'], 'known.txt')]
  expect(await sendFiles(core(), files, tellKnown, signal)).toMatchObject([
    { failure: { code: 'file-unreadable' } },
    { id: 'a.txt', isNew: true },
    { failure: { code: 'document-empty' } },
    { id: 'known.txt', isNew: false },
  ])
  expect(tellKnown).toHaveBeenCalledExactlyOnceWith(['known.txt'])
})

test('nothing is sent where nothing can be read', async () => {
  const documents = core()
  expect(await sendFiles(documents, [gone], vi.fn(), signal)).toMatchObject([{ failure: { code: 'file-unreadable' } }])
  expect(documents.addMany).not.toHaveBeenCalled()
})
