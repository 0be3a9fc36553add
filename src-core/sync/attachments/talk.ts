import * as Y from 'yjs'
import type { VaultDocuments } from '../../vault/index.ts'
import type { VaultKeys } from '../vault-keys.ts'
import type { AttachmentTable } from './attachment-table.ts'
import { type Answer, attachmentDocument, isAttachmentDocument, readSaid, type Said, type Sent } from './said.ts'

export interface TalkParts {
  documents: VaultDocuments
  table: AttachmentTable
  keys(): VaultKeys
  /** Id of this device. */
  device: string
  /** Whether another device is one of the vault's. */
  isMember(device: string): boolean
  /** Something was said. */
  onSaid(): void
}

/** What of a document matters to the table, by SHA-256. */
type Told = Map<string, { bytes: number | null; isAsked: boolean }>

/** Follows what devices say of blobs, and brings it into the table. */
export class Talk {
  readonly #parts: TalkParts
  /** As the table has it, by document. */
  readonly #told = new Map<string, Told>()
  /** What this device asks for, by document. */
  readonly #asking = new Map<string, ReadonlySet<string>>()
  readonly #new = new Set<string>()
  readonly #stop: () => void
  #isBegun = false

  constructor(parts: TalkParts) {
    this.#parts = parts
    this.#stop = parts.documents.onUpdate((name) => {
      if (!isAttachmentDocument(name)) return
      this.#new.add(name)
      parts.onSaid()
    })
  }

  close(): void {
    this.#stop()
  }

  /** Brings the table to what is said by now. */
  async catchUp(): Promise<void> {
    if (!this.#isBegun) await this.#begin()
    for (const name of [...this.#new]) {
      this.#new.delete(name)
      try {
        await this.#take(name)
      } catch (error) {
        this.#new.add(name)
        throw error
      }
    }
  }

  /** Devices came or went, or keys: everything is read anew. */
  async readAgain(): Promise<void> {
    for (const name of await this.#parts.documents.names()) if (isAttachmentDocument(name)) this.#new.add(name)
  }

  async answersTo(sha256: string): Promise<ReadonlyMap<string, Answer>> {
    const said = await this.#read(this.#documentOf(sha256))
    return said.answers.get(sha256) ?? new Map()
  }

  /** Whether this device asks the others for it. */
  isAsking(sha256: string): boolean {
    return this.#asking.get(this.#documentOf(sha256))?.has(sha256) ?? false
  }

  async sentOf(sha256: string): Promise<Sent | undefined> {
    return (await this.#read(this.#documentOf(sha256))).sent.get(sha256)
  }

  /** In groups, of each of which is said in one document. */
  byDocument<T extends { sha256: string }>(all: readonly T[]): Iterable<T[]> {
    return Map.groupBy(all, ({ sha256 }) => this.#documentOf(sha256)).values()
  }

  /** Says something of blobs, in one change for each document. */
  async say(all: readonly string[], write: (doc: Y.Doc, sha256: string) => void): Promise<void> {
    for (const [name, hashes] of Map.groupBy(all, (sha256) => this.#documentOf(sha256))) {
      await this.#parts.documents.change(name, (doc) => {
        for (const sha256 of hashes) write(doc, sha256)
      })
    }
  }

  async #begin(): Promise<void> {
    for (const { sha256, atRelay, isAsked } of await this.#parts.table.saidOf()) {
      // The size stands in the table already; here it matters only whether there is one.
      this.#toldIn(this.#documentOf(sha256)).set(sha256, { bytes: atRelay ? 0 : null, isAsked })
    }
    for (const name of this.#told.keys()) this.#new.add(name)
    await this.readAgain()
    this.#isBegun = true
  }

  async #take(name: string): Promise<void> {
    const { table, device, isMember } = this.#parts
    const said = await this.#read(name)
    const now: Told = new Map()
    for (const [sha256, { bytes }] of said.sent) now.set(sha256, { bytes, isAsked: false })
    for (const [sha256, devices] of said.asked) {
      const isOpen = [...devices].some((one) => one !== device && isMember(one))
      if (!isOpen || said.answers.get(sha256)?.has(device)) continue
      now.set(sha256, { bytes: now.get(sha256)?.bytes ?? null, isAsked: true })
    }
    const own = [...said.asked].flatMap(([sha256, devices]) => (devices.has(device) ? [sha256] : []))
    this.#asking.set(name, new Set(own))
    const before = this.#toldIn(name)
    const changed = [...new Set([...before.keys(), ...now.keys()])].flatMap((sha256) => {
      const was = before.get(sha256) ?? { bytes: null, isAsked: false }
      const is = now.get(sha256) ?? { bytes: null, isAsked: false }
      return (was.bytes === null) === (is.bytes === null) && was.isAsked === is.isAsked ? [] : [{ sha256, ...is }]
    })
    if (changed.length > 0) await table.takeSaid(changed)
    this.#told.set(name, now)
  }

  #toldIn(name: string): Told {
    const told = this.#told.get(name) ?? new Map()
    this.#told.set(name, told)
    return told
  }

  async #read(name: string): Promise<Said> {
    const doc = new Y.Doc()
    try {
      Y.applyUpdate(doc, await this.#parts.documents.updateSince(name))
      return readSaid(doc, this.#parts.keys())
    } finally {
      doc.destroy()
    }
  }

  #documentOf(sha256: string): string {
    return attachmentDocument(this.#parts.keys(), sha256)
  }
}
