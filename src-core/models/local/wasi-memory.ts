/** Error numbers of WASI preview 1 that are used here. */
const SUCCESS = 0
const BAD_FILE = 8
const NO_ENTRY = 44
const NOT_SUPPORTED = 58

const FIRST_FOLDER = 3
const FIRST_FILE = 4
const FILETYPE_DIRECTORY = 3
const FILETYPE_REGULAR = 4
/** `path_open` flag: make the file when there is none. */
const CREATE = 1
/** Where `fd_seek` counts from; 2 is the end. */
const FROM_START = 0
const FROM_HERE = 1
const ALL_RIGHTS = 0xffff_ffff_ffff_ffffn

/** Thrown through the program's stack when it ends itself. */
class Exit extends Error {
  readonly code: number

  constructor(code: number) {
    super(`the program ended with ${code}`)
    this.code = code
  }
}

/** A file that grows as it is written. */
class MemoryFile {
  bytes = new Uint8Array(1 << 16)
  size = 0
  position = 0

  write(data: Uint8Array): void {
    const end = this.position + data.length
    if (end > this.bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.bytes.length * 2))
      larger.set(this.bytes.subarray(0, this.size))
      this.bytes = larger
    }
    this.bytes.set(data, this.position)
    this.position = end
    this.size = Math.max(this.size, end)
  }
}

/**
 * Runs a command-line program that was compiled to WASI preview 1, without giving it anything of the machine: its only folder is in
 * memory, and can be written to and not read; there is no input, and what it prints is dropped. (Node's own `node:wasi` would have to lend it a real folder, and
 * what the program writes there would be on disk for a moment.)
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md
 * @param program a module with `_start` and `memory`
 * @param args the command line, the program's name first
 * @returns the files that it wrote, by path
 * @throws Error when it ends with a code other than 0, and whatever it traps with
 */
export async function runInMemory(program: WebAssembly.Module, args: string[]): Promise<Map<string, Uint8Array>> {
  const commandLine = args.map((arg) => new TextEncoder().encode(`${arg}\0`))
  const files = new Map<string, MemoryFile>()
  const open = new Map<number, MemoryFile>()
  let nextFile = FIRST_FILE

  const memory = () => (instance.exports.memory as WebAssembly.Memory).buffer
  const view = () => new DataView(memory())
  /** The pieces of memory that a list of `count` (address, length) pairs names. */
  const pieces = (list: number, count: number) =>
    Array.from({ length: count }, (_, index) => {
      const at = list + index * 8
      return new Uint8Array(memory(), view().getUint32(at, true), view().getUint32(at + 4, true))
    })

  const system = {
    args_sizes_get(count: number, size: number) {
      view().setUint32(count, commandLine.length, true)
      view().setUint32(
        size,
        commandLine.reduce((sum, arg) => sum + arg.length, 0),
        true,
      )
      return SUCCESS
    },
    args_get(pointers: number, place: number) {
      for (const [index, arg] of commandLine.entries()) {
        view().setUint32(pointers + index * 4, place, true)
        new Uint8Array(memory()).set(arg, place)
        place += arg.length
      }
      return SUCCESS
    },
    // The only clock is one that stands still: nothing that is computed here may depend on the time.
    clock_time_get(_clock: number, _precision: bigint, result: number) {
      view().setBigUint64(result, 0n, true)
      return SUCCESS
    },
    fd_prestat_get(fd: number, result: number) {
      if (fd !== FIRST_FOLDER) return BAD_FILE
      view().setUint32(result, 0, true)
      view().setUint32(result + 4, 1, true)
      return SUCCESS
    },
    fd_prestat_dir_name(_fd: number, place: number) {
      view().setUint8(place, '/'.charCodeAt(0))
      return SUCCESS
    },
    fd_fdstat_get(fd: number, result: number) {
      view().setUint8(result, fd === FIRST_FOLDER ? FILETYPE_DIRECTORY : FILETYPE_REGULAR)
      view().setUint16(result + 2, 0, true)
      view().setBigUint64(result + 8, ALL_RIGHTS, true)
      view().setBigUint64(result + 16, ALL_RIGHTS, true)
      return SUCCESS
    },
    fd_fdstat_set_flags: () => SUCCESS,
    path_open(
      _folder: number,
      _lookup: number,
      path: number,
      length: number,
      flags: number,
      _rights: bigint,
      _inheriting: bigint,
      _fdflags: number,
      result: number,
    ) {
      const name = new TextDecoder().decode(new Uint8Array(memory(), path, length))
      if (!(flags & CREATE)) return NO_ENTRY
      const file = new MemoryFile()
      files.set(name, file)
      open.set(nextFile, file)
      view().setUint32(result, nextFile++, true)
      return SUCCESS
    },
    fd_close: (fd: number) => (open.delete(fd) ? SUCCESS : BAD_FILE),
    fd_write(fd: number, list: number, count: number, result: number) {
      let written = 0
      for (const piece of pieces(list, count)) {
        open.get(fd)?.write(piece)
        written += piece.length
      }
      view().setUint32(result, written, true)
      return SUCCESS
    },
    fd_read: () => NOT_SUPPORTED,
    fd_seek(fd: number, offset: bigint, from: number, result: number) {
      const file = open.get(fd)
      if (!file) return NOT_SUPPORTED
      const origin = from === FROM_START ? 0 : from === FROM_HERE ? file.position : file.size
      file.position = origin + Number(offset)
      view().setBigUint64(result, BigInt(file.position), true)
      return SUCCESS
    },
    proc_exit(code: number) {
      throw new Exit(code)
    },
  }

  const instance = await WebAssembly.instantiate(program, { wasi_snapshot_preview1: system })
  try {
    ;(instance.exports._start as () => void)()
  } catch (error) {
    if (!(error instanceof Exit) || error.code !== 0) throw error
  }
  return new Map([...files].map(([name, file]) => [name, file.bytes.slice(0, file.size)]))
}
