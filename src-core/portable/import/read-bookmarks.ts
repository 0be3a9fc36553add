import { Parser } from 'htmlparser2'
import type { SourceFile } from '../sources/types.ts'
import { contentId, fitTitle, instantOf, noteItems } from './items.ts'
import type { ImportItem, ReadContext } from './types.ts'

interface Bookmark {
  address: string
  added: string | undefined
  tags: string[]
  folder: string[]
  title: string
  description: string
}

/** Bookmarks as every browser exports them (`NETSCAPE-Bookmark-file-1`): a note for each. */
export async function* readBookmarks({ source, now, longestText, signal }: ReadContext): AsyncGenerator<ImportItem> {
  const file = source.files[0] as SourceFile
  for await (const { address, added, tags, folder, title, description } of bookmarksIn(source.read(file))) {
    signal.throwIfAborted()
    const createdAt = added ?? now
    const lines = [`<${address}>`, ...(description === '' ? [] : ['', description])]
    yield* noteItems(
      {
        id: contentId('bookmark', address, ...folder),
        title: fitTitle(title) || fitTitle(address),
        body: lines.join('\n'),
        createdAt,
        updatedAt: createdAt,
        metadata: {
          from: 'bookmarks',
          address,
          ...(folder.length > 0 && { folder }),
          ...(tags.length > 0 && { tags }),
        },
      },
      [],
      file.path,
      longestText,
    )
  }
}

async function* bookmarksIn(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Bookmark> {
  const done: Bookmark[] = []
  const folders: string[] = []
  let heading = ''
  let open: Bookmark | undefined
  let within: 'heading' | 'title' | 'description' | undefined
  const end = () => {
    if (open && /^(https?|ftp|file|mailto):/i.test(open.address)) {
      done.push({ ...open, description: open.description.trim() })
    }
    open = undefined
  }
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (name === 'dd') within = 'description'
        else if (['dt', 'dl', 'h3', 'a'].includes(name)) {
          end()
          within = undefined
        }
        if (name === 'h3') {
          heading = ''
          within = 'heading'
        } else if (name === 'dl') folders.push(heading.trim())
        else if (name === 'a') {
          within = 'title'
          open = {
            address: attributes.href ?? '',
            added: instantOf(Number(attributes.add_date ?? Number.NaN)),
            tags: (attributes.tags ?? '')
              .split(',')
              .map((tag) => tag.trim())
              .filter((tag) => tag !== ''),
            folder: folders.filter((folder) => folder !== ''),
            title: '',
            description: '',
          }
        }
      },
      ontext(text) {
        if (within === 'heading') heading += text
        else if (open && within === 'title') open.title += text
        else if (open && within === 'description') open.description += text
      },
      onclosetag(name) {
        if (name === 'h3' || name === 'a') within = undefined
        if (name === 'dl') {
          end()
          folders.pop()
          heading = ''
        }
      },
    },
    { decodeEntities: true },
  )
  const decoder = new TextDecoder()
  for await (const piece of pieces) {
    parser.write(decoder.decode(piece, { stream: true }))
    yield* done.splice(0)
  }
  parser.end()
  end()
  yield* done.splice(0)
}
