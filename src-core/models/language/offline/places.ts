import { fold } from './words.ts'

/** Places by names that no time zone has, in English, German and Spanish, folded; the zone of the IANA database behind them. */
const NAMED: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    'Asia/Tokyo': 'tokio, japan, japon, osaka, kyoto',
    'Asia/Shanghai': 'china, peking, beijing, pekin, shanghai, schanghai',
    'Asia/Seoul': 'seul, korea, south korea, sudkorea, corea, corea del sur',
    'Asia/Hong_Kong': 'hongkong',
    'Asia/Singapore': 'singapur, singapore',
    'Asia/Bangkok': 'thailand, tailandia',
    'Asia/Kolkata':
      'india, indien, la india, delhi, new delhi, neu-delhi, nueva delhi, mumbai, bombay, kolkata, calcutta',
    'Asia/Dubai': 'dubai, vae, uae',
    'Asia/Jerusalem': 'israel',
    'Europe/Istanbul': 'turkey, turkei, turquia, estambul',
    'Europe/Moscow': 'moskau, moscu',
    'Europe/Kyiv': 'kiev, kiew, kyjiw, ukraine, ucrania',
    'Europe/Athens': 'athen, atenas, greece, griechenland, grecia',
    'Europe/Helsinki': 'finland, finnland, finlandia',
    'Europe/Warsaw': 'warschau, varsovia, poland, polen, polonia',
    'Europe/Prague': 'prag, praga',
    'Europe/Vienna': 'wien, viena, austria, osterreich',
    'Europe/Zurich': 'switzerland, schweiz, der schweiz, suiza, geneva, genf, ginebra, bern, basel',
    'Europe/Rome': 'rom, roma, italy, italien, italia, milan, mailand',
    'Europe/Paris': 'france, frankreich, francia',
    'Europe/Berlin': 'germany, deutschland, alemania, munich, munchen, hamburg, hamburgo, cologne, koln, frankfurt',
    'Europe/Brussels': 'brussel, bruselas, belgium, belgien, belgica',
    'Europe/Amsterdam': 'netherlands, the netherlands, niederlande, den niederlanden, paises bajos',
    'Europe/Copenhagen': 'kopenhagen, copenhague, denmark, danemark, dinamarca',
    'Europe/Stockholm': 'estocolmo, sweden, schweden, suecia',
    'Europe/Oslo': 'norway, norwegen, noruega',
    'Europe/Madrid': 'spain, spanien, espana, barcelona, sevilla, valencia',
    'Europe/Lisbon': 'lissabon, lisboa, portugal',
    'Europe/London':
      'londres, england, inglaterra, uk, the uk, great britain, grossbritannien, reino unido, scotland, schottland, escocia',
    'Europe/Dublin': 'ireland, irland, irlanda',
    'Atlantic/Reykjavik': 'iceland, island, islandia',
    'Africa/Cairo': 'kairo, el cairo, egypt, agypten, egipto',
    'Africa/Johannesburg': 'south africa, sudafrika, sudafrica, cape town, kapstadt, ciudad del cabo',
    'America/New_York': 'nueva york, washington, boston, miami, philadelphia',
    'America/Chicago': 'houston, dallas',
    'America/Los_Angeles': 'california, kalifornien, san francisco, seattle, san diego',
    'America/Mexico_City': 'mexico, ciudad de mexico, mexiko, mexiko-stadt',
    'America/Argentina/Buenos_Aires': 'argentina, argentinien',
    'America/Santiago': 'chile, santiago de chile',
    'America/Bogota': 'colombia, kolumbien',
    'America/Lima': 'peru',
    'America/Caracas': 'venezuela',
    'America/Sao_Paulo': 'rio, rio de janeiro',
    'Australia/Sydney': 'sidney',
    'Pacific/Auckland': 'new zealand, neuseeland, nueva zelanda, nueva zelandia',
    UTC: 'utc, gmt',
  }).flatMap(([zone, names]) => names.split(', ').map((name) => [name, zone])),
)

/** Cities that time zones are named after, folded. */
let cities: Map<string, string> | undefined

/** The time zone of a place, by its name or that of the zone itself; undefined where it is not known. */
export function zoneOf(place: string): string | undefined {
  const name = fold(place).replace(/\s+/g, ' ').trim()
  cities ??= new Map(
    Intl.supportedValuesOf('timeZone')
      .filter((zone) => zone.includes('/'))
      .flatMap((zone) => [
        [fold(zone), zone],
        [fold(zone.split('/').at(-1) ?? '').replaceAll('_', ' '), zone],
      ]),
  )
  return NAMED[name] ?? cities.get(name)
}
