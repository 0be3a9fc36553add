import { Command, Option } from 'commander'
import { appVersion } from '../version.ts'
import type { CommandContext } from './command.ts'
import { add } from './commands/add.ts'
import { ask } from './commands/ask.ts'
import { backupInit, backupList, backupRun, backupVerify } from './commands/backup.ts'
import { backupFolder, backupPlaces, backupStorage, backupWithoutStorage } from './commands/backup-places.ts'
import { cardsList } from './commands/cards.ts'
import { concepts } from './commands/concepts.ts'
import { config } from './commands/config.ts'
import { discardCopy, listCopies, restoreInPlace, swapCopy, undoRestore } from './commands/copies.ts'
import { deleteEverything } from './commands/delete-everything.ts'
import { deletedList, restoreDeleted } from './commands/deleted.ts'
import { doctor } from './commands/doctor.ts'
import { exportTo } from './commands/export.ts'
import { forget } from './commands/forget.ts'
import { importFile } from './commands/import/file.ts'
import { listImports } from './commands/import/list.ts'
import { undoImport } from './commands/import/undo.ts'
import { type ImportV1Options, importV1 } from './commands/import-v1.ts'
import { list } from './commands/list.ts'
import { addMcp, listMcp, removeMcp, testMcp } from './commands/mcp.ts'
import { memoryAccept, memoryAdd, memoryForget, memoryList } from './commands/memory.ts'
import { open } from './commands/open.ts'
import { rebuild } from './commands/rebuild.ts'
import { chooseRecogniser, downloadRecogniser, listRecognisers, removeRecogniser } from './commands/recognisers.ts'
import { restore } from './commands/restore.ts'
import { search } from './commands/search.ts'
import { show } from './commands/show.ts'
import { summary } from './commands/summary.ts'
import {
  syncBegin,
  syncConflicts,
  syncFetch,
  syncFiles,
  syncJoin,
  syncLeave,
  syncNow,
  syncPair,
  syncPause,
  syncRemove,
  syncRename,
  syncSignIn,
  syncSignOut,
  syncStatus,
} from './commands/sync.ts'
import { transcribe } from './commands/transcribe.ts'

/** Runs one command with its context. A number that it answers is the exit code */
export type RunCommand = (work: (context: CommandContext) => Promise<unknown>) => Promise<void>

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong use, 3 not found, 4 the data folder is in use, 5 the model's provider, 130 stopped by Ctrl-C.
Results go to standard output, everything else to standard error.`

/** Of an option that may be given again. */
function oneMore(value: string, before: string[] = []): string[] {
  return [...before, value]
}

/** The commands, their options and their help. */
export function createProgram(run: RunCommand): Command {
  const program = new Command('lva')
    .description('Learning Voice Agent on the command line: it remembers, finds and answers.')
    .version(appVersion())
    .option('--json', 'print the result as one JSON document')
    .option('--data-dir <folder>', 'folder with the data (LVA_DATA_DIR)')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXIT_CODES)
    .exitOverride()

  const command = (usage: string, description: string) => {
    const made = program.command(usage).description(description).exitOverride()
    return made.addHelpText('after', EXIT_CODES)
  }

  command('ask [question...]', 'ask, and print the answer as it comes; - reads standard input')
    .option('--session <id>', 'continue this session')
    .option('--yes', 'let research send its words, where Settings say to ask first')
    .option('--picture <file>', 'about this picture (PNG, JPEG, WebP or GIF); may be given again', oneMore)
    .option(
      '--mode <mode>',
      'answer, ask-first (you try, then hints, then the answer) or socratic; left out, as in Settings',
    )
    .action((words, options) => run((context) => ask(context, words, options)))
  command('add [text...]', 'keep a text, - for standard input, a file, a folder of files, or a web address')
    .option('--session <id>', 'add to this session')
    .option('--text', 'take the words as text, also where they name a file')
    .option('--password <password>', 'of a protected PDF file')
    .option('--collection <which>', 'put documents into this collection, which is made if there is none of this name')
    .option('--tag <tag>', 'give documents this tag; may be given again', oneMore)
    .action((words, options) => run((context) => add(context, words, options)))
  command('search <query...>', 'find by words and by meaning')
    .option('--limit <number>', 'most hits', '10')
    .option('--from <date>', 'not before')
    .option('--to <date>', 'before')
    .option('--session <which>', 'in this session: its id or title')
    .option('--source <kind...>', 'text, voice, note, document, import, cli, screen')
    .option('--document <which>', 'in this document: its id or title')
    .option('--collection <which>', 'in documents of this collection')
    .option('--tag <tag>', 'in documents with this tag')
    .option('--concept <which>', 'only what mentions this concept, in any spelling')
    .option('--language <code...>', 'only texts in these languages: en, de, ...')
    .option('--mode <mode>', 'hybrid, lexical (words alone) or semantic (meaning alone)', 'hybrid')
    .option('--as-typed', 'read no words as times, and correct none')
    .option('--explain', 'show how the result came about')
    .action((words, options) => run((context) => search(context, words, options)))
  command('list', 'list what was captured, the newest first')
    .option('--limit <number>', 'most entries', '20')
    .option('--session <id>', 'of this session')
    .option('--sessions', 'list sessions instead')
    .option('--documents', 'list documents instead')
    .option('--from <date>', 'not before')
    .option('--to <date>', 'before')
    .option('--oldest', 'the oldest first')
    .action((options) => run((context) => list(context, options)))
  command('show <id>', 'show one capture with its answer, one note, or one document').action((id) =>
    run((context) => show(context, id)),
  )
  command(
    'open <link>',
    'show what a link (lva://capture/ID, session, note, document, search?q=) names, in the window or here',
  ).action((link) => run((context) => open(context, link)))
  command('summary', 'sum up one session or one day; it is printed and not kept')
    .option('--session <id>', 'this session')
    .option('--day <date>', 'this day, such as 2026-11-26')
    .action((options) => run((context) => summary(context, options)))
  command('export', 'write everything, or what a filter leaves, to a folder, an archive or a file')
    .requiredOption('--format <format>', 'md, jsonl or csv')
    .requiredOption('--to <path>', 'a folder, a name that ends in .zip, or one that ends in .jsonl or .csv')
    .option('--from <date>', 'not before')
    .option('--until <date>', 'before')
    .option('--session <id>', 'this session')
    .option('--source <kind>', 'text, voice, import or cli')
    .option('--only <what>', 'captures, notes or documents')
    .option('--tag <tag>', 'notes and documents with this tag')
    .option('--collection <name>', 'documents of this collection')
    .action((options) => run((context) => exportTo(context, options)))
  const imports = command('import', 'bring in what other programs hold; see each command')
  const importing = (usage: string, description: string, settings = {}) =>
    imports.command(usage, settings).description(description).exitOverride().addHelpText('after', EXIT_CODES)
  importing('file <path>', 'report what a file or folder would bring; import it with --execute', { isDefault: true })
    .option('--kind <kind>', 'what it is; by its content when left out', 'auto')
    .option('--dry-run', 'only report, which is the default')
    .option('--execute', 'import')
    .action((path, options) => run((context) => importFile(context, path, options)))
  importing('list', 'list the imports').action(() => run(listImports))
  importing('undo <id>', 'take an import back').action((id) => run((context) => undoImport(context, id)))
  command(
    'concepts [words...]',
    'list, show, around, timeline, evidence, path, gaps, trending, merge, split, link, unlink, rename, hide, unhide: what the memory is about',
  )
    .option('--limit <number>', 'most entries', '50')
    .action((words, options) => run((context) => concepts(context, words, options)))
  const memory = command('memory', 'what is known of you: list, accept, forget, add')
  const ofMemory = (usage: string, description: string) =>
    memory.command(usage).description(description).exitOverride().addHelpText('after', EXIT_CODES)
  ofMemory('list', 'list what waits for your word, and what you accepted')
    .option('--state <state>', 'proposed or accepted')
    .option('--query <words>', 'that have these words')
    .option('--limit <number>', 'most entries', '100')
    .action((options) => run((context) => memoryList(context, options)))
  ofMemory('accept [id...]', 'accept what was proposed')
    .option('--all', 'everything that waits')
    .action((ids, options) => run((context) => memoryAccept(context, ids, options)))
  ofMemory('forget <id...>', 'forget for good, with the cards that rest on it').action((ids) =>
    run((context) => memoryForget(context, ids)),
  )
  ofMemory('add <text...>', 'keep something about yourself')
    .option('--kind <kind>', 'fact, preference or goal', 'fact')
    .action((words, options) => run((context) => memoryAdd(context, words, options)))
  const cards = command('cards', 'questions with answers that were made for you')
  cards
    .command('list')
    .description('list cards, the newest first')
    .exitOverride()
    .addHelpText('after', EXIT_CODES)
    .option('--state <state>', 'candidate or kept')
    .option('--limit <number>', 'most entries', '100')
    .action((options) => run((context) => cardsList(context, options)))
  command('deleted', 'list what was deleted and can be restored').action(() => run(deletedList))
  command('restore-deleted [id...]', 'restore what was deleted')
    .option('--all', 'everything that can be restored')
    .action((ids, options) => run((context) => restoreDeleted(context, ids, options)))
  command('forget [id...]', 'forget for good what was deleted; by itself that happens after a day')
    .option('--yes', 'without a question')
    .action((ids, options) => run((context) => forget(context, ids, options)))
  command('rebuild', 'make every table from the documents anew, then the index').action(() => run(rebuild))
  const backup = command('backup', 'make a backup in every place, and prove that it comes back')
    .option('--to <folder>', 'into this folder instead')
    .option('--phrase-file <file>', 'file with the recovery phrase')
    .action((options) => run((context) => backupRun(context, options)))
  const ofBackup = (usage: string, description: string) =>
    backup.command(usage).description(description).exitOverride().addHelpText('after', EXIT_CODES)
  ofBackup('init', 'make a recovery phrase: it is shown once, and three of its words are asked for')
    .option('--replace', 'although there is one: begins a new chain of backups')
    .action((options) => run((context) => backupInit(context, options)))
  ofBackup('list', 'list the backups in every place').action(() => run(backupList))
  ofBackup(
    'verify [name]',
    'read a backup from end to end and restore it into a scratch vault; without a name, all',
  ).action((name, _options, { parent }) => run((context) => backupVerify(context, name, parent.opts())))
  const place = ofBackup('place', 'show where backups go').action(() => run(backupPlaces))
  const ofPlace = (usage: string, description: string) =>
    place.command(usage).description(description).exitOverride().addHelpText('after', EXIT_CODES)
  ofPlace('folder <path>', 'into this folder, best on another disk').action((path) =>
    run((context) => backupFolder(context, path)),
  )
  ofPlace('s3', 'into S3-compatible storage as well; the secret key is asked for')
    .requiredOption('--endpoint <address>', 'https://host, without the bucket')
    .requiredOption('--bucket <name>', 'the bucket, which must exist')
    .requiredOption('--access-key <name>', 'the name of the access key')
    .option('--region <name>', 'its region', 'us-east-1')
    .option('--prefix <folder>', 'a folder in the bucket', '')
    .option('--secret-file <file>', 'file with the secret key, instead of being asked for it')
    .action((options) => run((context) => backupStorage(context, options)))
  ofPlace('remove-s3', 'no longer into the storage; what is there stays').action(() => run(backupWithoutStorage))
  const restoring = command(
    'restore <file>',
    'bring a backup back: into a new data folder, or into the place of the present data',
  )
    .option('--to <folder>', 'into a new or empty folder; the present data is not touched')
    .option(
      '--swap',
      'beside the present data, compared with it, and exchanged for it; "lva restore undo" takes it back',
    )
    .option('--yes', 'with --swap: exchange without being asked')
    .option('--phrase-file <file>', 'file with the recovery phrase')
    .option('--from-s3', 'take the file from the configured storage')
    .action((file, options) =>
      run((context) => (options.swap ? restoreInPlace(context, file, options) : restore(context, file, options))),
    )
  const ofRestore = (usage: string, description: string) =>
    restoring.command(usage).description(description).exitOverride().addHelpText('after', EXIT_CODES)
  ofRestore('list', 'list the copies beside the present data, and what each holds').action(() => run(listCopies))
  ofRestore('swap <copy>', 'exchange a copy for the present data, which is put aside').action((copy) =>
    run((context) => swapCopy(context, copy)),
  )
  ofRestore('undo', 'take the last exchange back').action(() => run(undoRestore))
  ofRestore('discard <copy>', 'delete a copy for good').action((copy) => run((context) => discardCopy(context, copy)))
  command('delete-everything', 'delete all data of this device: there is no way back')
    .option('--confirm <word>', 'the word DELETE, instead of being asked for it')
    .option('--backups', 'the backups of this phrase as well')
    .action((options) => run((context) => deleteEverything(context, options)))
  const recognisers = command('recognisers', 'what understands speech: here, to download, or at OpenAI')
  recognisers.action(() => run((context) => listRecognisers(context)))
  const recogniser = (usage: string, description: string) =>
    recognisers.command(usage).description(description).exitOverride().addHelpText('after', EXIT_CODES)
  recogniser('download <id>', 'download one, or go on with it; Ctrl-C pauses').action((id) =>
    run((context) => downloadRecogniser(context, id)),
  )
  recogniser('remove <id>', 'take one off the disk').action((id) => run((context) => removeRecogniser(context, id)))
  recogniser('use <id>', 'let this one hear from now on').action((id) =>
    run((context) => chooseRecogniser(context, id)),
  )
  command('transcribe <id>', 'hear a recording of the library once more, by another recogniser perhaps')
    .option('--model <recogniser>', 'one of "lva recognisers"; left out, the one of Settings')
    .option('--undo', 'put the transcript back that was there before; once more, takes that back')
    .action((id, options) => run((context) => transcribe(context, id, options)))
  const mcp = command('mcp', 'programs and addresses that research may ask (MCP servers); see each command')
  const ofMcp = (usage: string, description: string) =>
    mcp.command(usage).description(description).exitOverride().addHelpText('after', EXIT_CODES)
  ofMcp('list', 'list the servers, how they stand, and their tools').action(() => run(listMcp))
  ofMcp('add <name> [command...]', 'add a server: its command after --, or its --url; values of keys are asked for')
    .option('--url <address>', 'Streamable HTTP')
    .option('--variable <name...>', 'names of environment variables that the command is given')
    .option('--header <name...>', 'names of headers that the address is given')
    .action((name, words, options) => run((context) => addMcp(context, name, words, options)))
  ofMcp('test <which>', 'start a server, by its name, and show its tools')
    .option('--accept [tool...]', 'let research use these tools, all when none is named, as they are now')
    .action((which, options) => run((context) => testMcp(context, which, options)))
  ofMcp('remove <which>', 'remove a server with its keys').action((which) =>
    run((context) => removeMcp(context, which)),
  )
  const sync = command('sync', 'one vault on all your devices; see each command')
  const ofSync = (usage: string, description: string, settings = {}) =>
    sync.command(usage, settings).description(description).exitOverride().addHelpText('after', EXIT_CODES)
  ofSync('status', 'how sync stands, and the devices', { isDefault: true }).action(() => run(syncStatus))
  ofSync('now', 'send and fetch all there is; exit code 1 where something is left').action(() => run(syncNow))
  ofSync('sign-in', 'sign in to an account at a relay; the password is asked for')
    .option('--relay <address>', 'such as https://relay.example.org')
    .option('--email <address>', 'of the account')
    .option('--create', 'make the account first')
    .action((options) => run((context) => syncSignIn(context, options)))
  ofSync('sign-out', 'end the session at the relay; a device of the vault goes on at the next sign-in').action(() =>
    run(syncSignOut),
  )
  ofSync('leave', 'stop syncing on this device: its keys are forgotten, its data stays')
    .option('--yes', 'without a question')
    .action((options) => run((context) => syncLeave(context, options)))
  ofSync('begin', 'this is the first device: makes the recovery phrase, or takes that of the backups')
    .option('--phrase-file <file>', 'file with the phrase of the backups')
    .action((options) => run((context) => syncBegin(context, options)))
  ofSync('join', 'join with a code that is typed on another device, or with the recovery phrase')
    .option('--phrase', 'ask for the recovery phrase instead of showing a code')
    .option('--phrase-file <file>', 'file with the recovery phrase')
    .action((options) => run((context) => syncJoin(context, options)))
  ofSync('pair <code>', 'add the device that shows this code').action((code) =>
    run((context) => syncPair(context, code)),
  )
  ofSync('remove <device>', 'take a device out for good, by its name or the beginning of its id').action((which) =>
    run((context) => syncRemove(context, which)),
  )
  ofSync('rename <device> <name>', 'name a device, found by its name or the beginning of its id').action(
    (which, name) => run((context) => syncRename(context, which, name)),
  )
  ofSync('fetch <id>', 'fetch the files of a capture or document, or one file by its SHA-256').action((id) =>
    run((context) => syncFetch(context, id)),
  )
  const policy = (flag: string, what: string) =>
    new Option(`--${flag} <when>`, what).choices(['always', 'on-demand', 'never'])
  ofSync('files', 'which files travel between devices, from and to this one')
    .addOption(policy('recordings', 'recordings of what was said'))
    .addOption(policy('pictures', 'pictures of entries'))
    .addOption(policy('documents', 'files of the library'))
    .addOption(policy('frames', 'frames of the study timeline'))
    .addOption(
      new Option('--only-unmetered <what>', 'what waits while the network costs').choices([
        'nothing',
        'attachments',
        'everything',
      ]),
    )
    .action((options) => run((context) => syncFiles(context, options)))
  ofSync('conflicts', 'what one device overwrote or deleted that had not seen what another wrote')
    .option('--restore <id>', 'put the other value in the place of what stands')
    .option('--keep <id>', 'let it be as it is')
    .action((options) => run((context) => syncConflicts(context, options)))
  ofSync('pause', 'neither send nor fetch until "lva sync resume"').action(() =>
    run((context) => syncPause(context, true)),
  )
  ofSync('resume', 'go on').action(() => run((context) => syncPause(context, false)))
  command('config', 'show every setting; secrets are masked').action(() => run(config))
  command('doctor', 'check the installation').action(() => run(doctor))
  importing('v1 <file>', 'what v1 kept: learning_captures.db, a folder that holds it, or a zip')
    .option('--dry-run', 'read everything, write nothing, and report (the default)')
    .option('--execute', 'import; stopped anywhere, it goes on when it is run again')
    .option('--verify', 'compare every row both ways; exit code 1 when anything differs')
    .option('--rollback', 'take back what the import of this file brought')
    .option('--redis <address>', 'session contexts too: redis://..., an RDB file or a JSON file')
    .option('--report <path>', 'with --verify: write the report there, as JSON')
    .action((file: string, options: ImportV1Options) => run((context) => importV1(context, file, options)))
  return program
}
