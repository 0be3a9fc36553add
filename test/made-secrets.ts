import { entropyToMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { hasLuhnSum } from '../src-core/capture/secrets/numbers.ts'

/** A secret as it stands on a screen. */
export interface PlantedSecret {
  /** Kind and format, such as `GitHub personal token`. */
  name: string
  lines: string[]
  /** What of the lines nobody may find again. */
  secrets: string[]
}

const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const BASE64 = `${BASE62}+/`
const HEX = '0123456789abcdef'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789'
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'

/** Secrets of many kinds and formats, made anew from `random`; none of them was ever anybody's. */
export function plantedSecrets(random: () => number): PlantedSecret[] {
  const pick = <T>(from: ArrayLike<T>) => from[Math.floor(random() * from.length)] as T
  const some = (length: number, alphabet = BASE62) => Array.from({ length }, () => pick(alphabet)).join('')
  const digits = (length: number) => some(length, '0123456789')
  const chunks = (text: string, size: number, between = ' ') =>
    (text.match(new RegExp(`.{1,${size}}`, 'g')) ?? []).join(between)
  const password = () => `${pick(['Blue', 'Fern', 'Otter', 'Maple'])}${pick('!#$%&')}${digits(4)}${some(3)}`
  const made: PlantedSecret[] = []
  /** A line around one secret; `{}` is its place. */
  const plant = (name: string, line: string, secret: string, shown = secret) =>
    made.push({ name, lines: line.replace('{}', shown).split('\n'), secrets: [secret] })

  const keys: [name: string, line: string, secret: string][] = [
    ['OpenAI key', 'OPENAI_API_KEY={}', `sk-proj-${some(40)}`],
    ['Anthropic key', 'key {} copied', `sk-ant-api03-${some(44)}`],
    ['GitHub personal token', 'git push https://{}@github.com/a/b', `ghp_${some(36)}`],
    ['GitHub fine-grained token', 'Your token {}', `github_pat_${some(22)}_${some(40)}`],
    ['GitHub server token', 'token: {}', `ghs_${some(36)}`],
    ['GitLab token', 'PRIVATE-TOKEN: {}', `glpat-${some(20)}`],
    ['AWS access key', 'aws_access_key_id = {}', `AKIA${some(16, UPPER)}`],
    ['AWS secret key', 'aws_secret_access_key = {}', some(40, BASE64)],
    ['Google API key', 'maps/api/js?key={}', `AIza${some(35)}`],
    ['Google OAuth secret', '"client_secret": "{}"', `GOCSPX-${some(28)}`],
    ['Stripe live key', 'stripe.apiKey = "{}"', `sk_live_${some(24)}`],
    ['Stripe webhook secret', 'STRIPE_WEBHOOK_SECRET={}', `whsec_${some(32)}`],
    ['Slack bot token', 'SLACK_BOT_TOKEN={}', `xoxb-${digits(12)}-${digits(12)}-${some(24)}`],
    ['Slack webhook', 'https://hooks.slack.com/services/T0AB12CD3/B0EF45GH6/{}', some(24)],
    ['Discord webhook', `https://discord.com/api/webhooks/${digits(18)}/{}`, some(60)],
    ['Twilio auth token', 'Auth Token {}', some(32, HEX)],
    ['SendGrid key', 'SENDGRID_API_KEY={}', `SG.${some(22)}.${some(43)}`],
    ['Mailgun key', 'api:{}', `key-${some(32, HEX)}`],
    ['npm token', '//registry.npmjs.org/:_authToken={}', `npm_${some(36)}`],
    ['PyPI token', 'password = {}', `pypi-AgEIcHlwaS5vcmc${some(50)}`],
    ['Docker token', 'docker login -p {}', `dckr_pat_${some(27)}`],
    ['Hugging Face token', 'HF_TOKEN={}', `hf_${some(34)}`],
    ['Shopify token', 'X-Shopify-Access-Token: {}', `shpat_${some(32, HEX)}`],
    ['DigitalOcean token', 'doctl auth init -t {}', `dop_v1_${some(64, HEX)}`],
    ['Heroku key', 'HEROKU_API_KEY={}', [8, 4, 4, 4, 12].map((n) => some(n, HEX)).join('-')],
    ['Linear key', 'Linear API key: {}', `lin_api_${some(40)}`],
    ['Notion secret', 'Notion {}', `ntn_${some(46)}`],
    ['HashiCorp Vault token', 'VAULT_TOKEN={}', `hvs.${some(60)}`],
    ['Atlassian token', 'ATLASSIAN_TOKEN={}', `ATATT3xFfGF0${some(60)}`],
    ['Azure account key', 'AccountName=demo;AccountKey={};EndpointSuffix=core', `${some(60, BASE64)}==`],
    ['Azure signature', '?sv=2026-02-06&sig={}', some(43)],
    ['Facebook token', 'access_token={}', `EAA${some(60)}`],
    ['Telegram bot token', 'bot token {}', `${digits(10)}:AA${some(33)}`],
    ['Cloudflare token', 'CF_API_TOKEN={}', some(40)],
    ['Groq key', 'GROQ_API_KEY={}', `gsk_${some(52)}`],
    ['JSON web token', 'Authorization: Bearer {}', `eyJ${some(33)}.eyJ${some(40)}.${some(43)}`],
    ['basic authorization', 'Authorization: Basic {}', some(28, BASE64)],
    ['session cookie', 'Set-Cookie: session={}', some(40)],
    ['password hash', 'alice:{}', `$2b$12$${some(53)}`],
    ['licence key', 'Product key: {}', chunks(some(25, UPPER), 5, '-')],
    ['password beside a label', 'Password: {}', password()],
    ['password in German', 'Passwort: {}', password()],
    ['password in Spanish', 'Contraseña: {}', password()],
    ['password of a network', 'WiFi key: {}', password()],
    ['password in code', "const dbPassword = '{}'", password()],
    ['password in JSON', '"password": "{}",', password()],
    ['password in the environment', 'export PGPASSWORD={}', password()],
    ['password of a connection string', 'Server=db;User Id=sa;Password={};Encrypt=true', password()],
    ['PIN', 'PIN: {}', digits(6)],
    ['Postgres address', 'DATABASE_URL=postgres://app:{}@db.internal:5432/app', password().replace(/[#%&]/g, '!')],
    ['MongoDB address', 'mongodb+srv://reader:{}@cluster0.mongodb.net', some(18)],
    ['Redis address', 'redis://default:{}@cache.internal:6379', some(18)],
    ['second factor address', 'otpauth://totp/Demo?secret={}&issuer=Demo', some(32, UPPER)],
    ['one-time code', 'Your verification code is {}', digits(6)],
    ['one-time code in German', 'Ihr Bestätigungscode lautet {}', digits(6)],
    ['one-time code in Spanish', 'Tu código de verificación es {}', digits(6)],
    ['code of a security app', 'Google: G-{} is your verification code', digits(6)],
    ['card check number', 'CVV: {}', digits(3)],
    [
      'social security number',
      'SSN {}',
      `${1 + Math.floor(random() * 8)}${digits(2).replace('66', '67')}-1${digits(1)}-${digits(4)}`,
    ],
    ['age key', 'age identity {}', `AGE-SECRET-KEY-1${some(58, BECH32).toUpperCase()}`],
    ['Nostr key', 'nsec {}', `nsec1${some(58, BECH32)}`],
    ['Bitcoin key', 'WIF {}', `K${some(51)}`],
  ]
  for (const [name, line, secret] of keys) plant(name, line, secret)

  const card = (start: string, length: number) => {
    const body = start + digits(length - start.length - 1)
    return Array.from('0123456789', (check) => body + check).find(hasLuhnSum) ?? ''
  }
  const [visa, master, amex] = [card('4', 16), card('53', 16), card('37', 15)]
  plant('Visa card', 'Card {} valid 09/29', visa, chunks(visa, 4))
  plant('Mastercard', 'Kartennummer {}', master, chunks(master, 4, '-'))
  plant('American Express card', 'Paid with {}', amex, `${amex.slice(0, 4)} ${amex.slice(4, 10)} ${amex.slice(10)}`)
  plant('card without spaces', 'number={}', visa)
  const german = ibanOf('DE', digits(18))
  const spanish = ibanOf('ES', digits(20))
  plant('German IBAN', 'IBAN {}', german, chunks(german, 4))
  plant('Spanish IBAN', 'Ingresar en {}', spanish)
  const phrase = entropyToMnemonic(
    Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256)),
    wordlist,
  )
  const words = phrase.split(' ')
  made.push({
    name: 'recovery phrase',
    lines: [words.slice(0, 6).join(' '), words.slice(6).join(' ')],
    secrets: [phrase],
  })
  made.push({
    name: 'numbered recovery phrase',
    lines: [0, 4, 8].map((row) =>
      words
        .slice(row, row + 4)
        .map((word, at) => `${row + at + 1}. ${word}`)
        .join('   '),
    ),
    secrets: [phrase],
  })
  for (const [name, begin] of [
    ['RSA private key', 'RSA PRIVATE KEY'],
    ['OpenSSH private key', 'OPENSSH PRIVATE KEY'],
    ['EC private key', 'EC PRIVATE KEY'],
    ['PGP private key', 'PGP PRIVATE KEY BLOCK'],
  ] as const) {
    const body = Array.from({ length: 4 }, () => some(52, BASE64))
    made.push({ name, lines: [`-----BEGIN ${begin}-----`, ...body, `-----END ${begin}-----`], secrets: body })
  }
  const codes = Array.from({ length: 4 }, () => `${some(4, LOWER)}${digits(1)}-${some(4, LOWER)}${digits(1)}`)
  made.push({ name: 'recovery codes', lines: ['Your recovery codes', ...codes], secrets: codes })
  const below = password()
  made.push({ name: 'password below its label', lines: ['Password', below], secrets: [below] })
  return made
}

function ibanOf(country: string, account: string): string {
  const number = Array.from(`${account}${country}00`, (sign) => Number.parseInt(sign, 36)).join('')
  let rest = 0
  for (const digit of number) rest = (rest * 10 + Number(digit)) % 97
  return `${country}${String(98 - rest).padStart(2, '0')}${account}`
}

const PLAIN = /[^a-z0-9]/g
/** So many signs in a row of a secret are a piece of it; of a shorter one, all of it. */
const PIECE = 8

/** Whether a piece of the secret stands in the text, whatever spaces and signs were read into it. */
export function isFoundIn(text: string, secret: string): boolean {
  const plain = (given: string) => given.toLowerCase().replace(PLAIN, '')
  const where = plain(text)
  const what = plain(secret)
  if (what.length <= PIECE) return where.includes(what)
  for (let at = 0; at + PIECE <= what.length; at++) if (where.includes(what.slice(at, at + PIECE))) return true
  return false
}
