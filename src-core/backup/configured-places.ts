import { isAbsolute, relative, sep } from 'node:path'
import { type Config, LvaError } from '../kernel/index.ts'
import { folderPlace } from './places/folder.ts'
import { s3Label } from './places/s3.ts'
import type { BackupPlace } from './places/types.ts'
import type { BackupSecrets } from './secrets.ts'
import { type BackupState, NO_PLACE_STATE, type S3Address } from './state.ts'

export interface ConfiguredPlacesOptions {
  /** The data folder, in which no backup may lie. */
  root: string
  config: Config['backup']
  /** Where backups go when neither the learner nor the configuration says. */
  usualFolder: string
  secrets: BackupSecrets
  openS3(address: S3Address, secret: string): BackupPlace
}

/** Where backups go: what the learner chose, else what the configuration says, else the usual folder. */
export class ConfiguredPlaces {
  readonly #options: ConfiguredPlacesOptions

  constructor(options: ConfiguredPlacesOptions) {
    this.#options = options
  }

  folder(state: BackupState): string {
    return state.folder ?? (this.#options.config.folder || this.#options.usualFolder)
  }

  s3(state: BackupState): S3Address | null {
    if (state.s3) return state.s3
    const { secretAccessKey: _, ...address } = this.#options.config.s3
    return address.endpoint === '' ? null : address
  }

  async s3Secret(): Promise<string | undefined> {
    return (await this.#options.secrets.get('s3Secret')) ?? (this.#options.config.s3.secretAccessKey || undefined)
  }

  labels(state: BackupState): { kind: 'folder' | 's3'; label: string }[] {
    const s3 = this.s3(state)
    return [{ kind: 'folder', label: this.folder(state) }, ...(s3 ? [{ kind: 's3' as const, label: s3Label(s3) }] : [])]
  }

  async open(state: BackupState): Promise<BackupPlace[]> {
    const places = [this.openFolder(this.folder(state), state)]
    const s3 = this.s3(state)
    // Without its secret the storage answers with a refusal, which is then shown.
    if (s3) places.push(this.#options.openS3(s3, (await this.s3Secret()) ?? ''))
    return places
  }

  /** A folder that has had a backup must be there: a disk that was taken out is missed, and not made anew elsewhere. */
  openFolder(folder: string, state: BackupState): BackupPlace {
    const { proven } = state.places[folder] ?? NO_PLACE_STATE
    return folderPlace(folder, { mustExist: Object.keys(proven).length > 0 })
  }

  /** @throws LvaError not-found */
  async find(state: BackupState, label: string): Promise<BackupPlace> {
    const place = (await this.open(state)).find((known) => known.label === label)
    if (place) return place
    // Backups may have been carried to any folder.
    if (isAbsolute(label)) return folderPlace(label)
    throw new LvaError('not-found', 'There is no such place for backups.', { params: { place: label } })
  }

  /** @throws LvaError bad-input for a path that is not absolute, or inside the data folder */
  checkFolder(folder: string): void {
    const way = relative(this.#options.root, folder)
    const isInside = way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
    if (isAbsolute(folder) && !isInside) return
    throw new LvaError('bad-input', 'Backups need the full path of a folder outside of the data folder.', {
      advice: 'A folder on another disk is best.',
      params: { fields: 'folder' },
    })
  }
}
