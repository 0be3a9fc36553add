import {
  ago,
  date,
  dayOf,
  dayOfMonth,
  daysFrom,
  daysOf,
  daysSinceDecember,
  hoursAgo,
  hoursFrom,
  hoursOfWeekday,
  lastDate,
  lastSeason,
  lastWeekday,
  lastWeekend,
  monthOf,
  monthsOf,
  ordinalQuarter,
  partOf,
  partOfMonth,
  presentSeason,
  quarterFrom,
  quarterOf,
  recent,
  relativeTo,
  seasonOf,
  slashedDate,
  someAgo,
  weekOfMonth,
  whole,
} from './calendar.ts'
import {
  anyMonth,
  countOf,
  DAY_PARTS,
  dayNumber,
  few,
  hour,
  month,
  number,
  ORDINALS,
  ofYear,
  ordinal,
  PARTS,
  relativeYear,
  season,
  unit,
  weekday,
  year,
} from './time-words.ts'

type Reading = [pattern: string, read: (found: string[], now: Date) => [Date, Date] | undefined]

/** Two days of one month: "from the 5th to the 9th of November", "del 3 al 10 de octubre". */
export const RANGES: readonly Reading[] = [
  [
    `(?:between|from|zwischen|vom|von|entre|del|desde)(?: the| dem| el)? ${dayNumber} (?:and|to|until|till|und|bis|y|al|a|hasta)(?: the| dem| zum| el)? ${dayNumber}(?: of| de)? ${anyMonth}${ofYear}`,
    ([first, last, m, y], now) => daysOf(first, last, m, y, now),
  ],
  [
    `(?:del |vom |on )?${dayNumber}\\s?[-–]\\s?${dayNumber}(?: of| de)? ${anyMonth}${ofYear}`,
    ([first, last, m, y], now) => daysOf(first, last, m, y, now),
  ],
  [
    `${anyMonth} ${dayNumber}\\s?[-–]\\s?${dayNumber}(?:,? ${year})?`,
    ([m, first, last, y], now) => daysOf(first, last, m, y, now),
  ],
]

/** What the words say, tried in this order. Weeks begin on Monday; days, weeks, months and years are whole, by the clock of the reader. */
export const READINGS: readonly Reading[] = [
  ...PARTS.map(
    ([names, first, last]): Reading => [
      `(?:(?:in|at|a|since|im) )?(?:${names})[\\s-]+${month}${ofYear}`,
      ([m, y], now) => partOfMonth(first, last, m, y, now),
    ],
  ),
  ...PARTS.flatMap(([names], part): Reading[] => [
    [
      `(?:(?:in|at|a) )?(?:${names})[\\s-]+(last|this|letzte[nrs]|diese[rs]) ${unit}s?`,
      ([which, what], now) => partOf(0.3 * part, 0.3 * part + 0.4, what, /^l/.test(which ?? '') ? -1 : 0, now),
    ],
    [
      `(?:(?:a|en) )?(?:${names})l? ?(?:la |el )?${unit} pasad[oa]`,
      ([what], now) => partOf(0.3 * part, 0.3 * part + 0.4, what, -1, now),
    ],
  ]),
  [
    `(?:(?:in|during|en) )?(?:the |der |la )?${ordinal} (?:week|woche|semana) (?:of|in|im|de|des) ${month}${ofYear}`,
    ([which, m, y], now) => weekOfMonth(ORDINALS[which ?? ''] ?? 0, m, y, now),
  ],
  [
    `(?:in der )?${ordinal} ${month}woche${ofYear}`,
    ([which, m, y], now) => weekOfMonth(ORDINALS[which ?? ''] ?? 0, m, y, now),
  ],
  [
    `(?:(?:in|im|en|during) )?(?:the |el )?${ordinal} (?:quarter|quartal|trimestre)${ofYear}`,
    ([which, y], now) => ordinalQuarter(ORDINALS[which ?? ''] ?? 5, y, now),
  ],
  ['(?:last|letztes) (?:quarter|quartal)|(?:el )?trimestre pasado', (_, now) => quarterFrom(now, -1)],
  ['(?:this|dieses|in diesem|este) (?:quarter|quartal|trimestre)', (_, now) => quarterFrom(now, 0)],
  [`(?:this|diese[nrsm]?|est[ae]) ${season}`, ([name], now) => presentSeason(name, now)],
  ['(?:over|at|during|an|über|en) (?:christmas|weihnachten|navidad)', (_, now) => daysSinceDecember(24, 3, now)],
  [
    `(?:(?:in|im|en|during) )?${month} (?:of |del |de )?${relativeYear}`,
    ([m, which], now) => monthOf(m, relativeTo(which, now), now),
  ],
  [`${relativeYear},? (?:in|im|en) ${month}`, ([which, m], now) => monthOf(m, relativeTo(which, now), now)],
  [
    `(?:(?:in|during|over|im|en|el) )?(?:the |el )?${season},? (?:of |de(?:l)? )?${year}`,
    ([name, y]) => seasonOf(name, Number(y)),
  ],
  [
    `(?:(?:in|during|over|im) )?(?:last|this past|letzten|letzter|letztem|letztes|vergangenen|vorigen) ${season}`,
    ([name], now) => lastSeason(name, now),
  ],
  [`(?:el|la|en el|en la) ${season} pasad[oa]`, ([name], now) => lastSeason(name, now)],
  [
    `(?:in |during )?(?:the )?(first|second) half of ${year}`,
    ([which, y]) => monthsOf(Number(y), which === 'first' ? 0 : 6, 6),
  ],
  [
    `(?:in der )?(erste|zweite)n? (?:jahreshälfte|hälfte)(?: des jahres| von)? ${year}`,
    ([which, y]) => monthsOf(Number(y), which === 'erste' ? 0 : 6, 6),
  ],
  [
    `(?:en )?la (primera|segunda) mitad de(?:l)? ${year}`,
    ([which, y]) => monthsOf(Number(y), which === 'primera' ? 0 : 6, 6),
  ],
  [`(?:in |during |im |en )?q([1-4]) (?:of |de )?${year}`, ([q, y], now) => quarterOf(Number(q), y, now)],
  ['(?:in|during|im|en) q([1-4])', ([q], now) => quarterOf(Number(q), undefined, now)],
  [
    `(?:the )?(?:${few}) ${unit} (?:ago|back)|vor (?:${few}) ${unit}|hace (?:${few}) ${unit}`,
    (found, now) =>
      someAgo(
        found.find((what) => what !== ''),
        now,
      ),
  ],
  ['(?:the )?other day', (_, now) => recent('7', 'days', now)],
  ['(?:the )?other week', (_, now) => recent('4', 'weeks', now)],
  [
    `(?:the )?${unit} before last|(?:in der |im |in dem )?vorletzte[nrsm]? ${unit}|(?:la|el) ${unit} antepasad[oa]`,
    (found, now) =>
      whole(
        found.find((what) => what !== ''),
        -2,
        now,
      ),
  ],
  ['(?:in |within |over |during )?(?:the )?(?:last|past) fortnight', (_, now) => recent('2', 'weeks', now)],
  ['a fortnight ago', (_, now) => ago('2', 'weeks', now)],
  [
    `(?:(?:in|within|over|during|for) )?(?:the |den |der |las |los )?(?:last|past|letzten|vergangenen|últim[oa]s) ${number} (?:${hour})`,
    ([count], now) => hoursAgo(countOf(count), 0, now),
  ],
  [
    '(?:(?:in|within|over|during) )?the (?:last|past) hour|in der letzten stunde|(?:en )?la última hora|half an hour ago|vor einer halben stunde|hace media hora',
    (_, now) => hoursAgo(1, 0, now),
  ],
  [
    'an hour and a half (?:ago|back)|vor (?:anderthalb|eineinhalb) stunden|hace (?:una )?hora y media',
    (_, now) => hoursAgo(2.5, 0.5, now),
  ],
  [
    `${number} (?:${hour}) (?:ago|back)|(?:vor|hace) ${number} (?:${hour})`,
    (found, now) => {
      const count = countOf(found.find((what) => what !== ''))
      return hoursAgo(count + 1, Math.max(0, count - 1), now)
    },
  ],
  ...DAY_PARTS.flatMap(([names, from, to]): Reading[] => [
    [`(?:yesterday|gestern|ayer)\\s(?:${names})`, (_, now) => hoursFrom(now, -1, from, to)],
    [`(?:this|today|heute|hoy)\\s(?:${names})`, (_, now) => hoursFrom(now, 0, from === 4 ? 0 : from, to)],
    [
      `(?:(?:on|last|this|this past|am|letzten|letzte|diesen|el|este) )*${weekday}\\s?(?:${names})`,
      ([name], now) => hoursOfWeekday(name, from, to, now),
    ],
  ]),
  ['esta tarde', (_, now) => hoursFrom(now, 0, 12, 20)],
  ['tonight|esta noche', (_, now) => hoursFrom(now, 0, 17, 28)],
  [`(?:on |am |vom |el )?(\\d{1,2})\\.(\\d{1,2})\\.${year}`, ([d, m, y]) => date(Number(y), Number(m) - 1, Number(d))],
  [`(?:am|vom|el) (\\d{1,2})/(\\d{1,2})/${year}`, ([d, m, y]) => date(Number(y), Number(m) - 1, Number(d))],
  [
    `(?:on )?(\\d{1,2})/(\\d{1,2})/${year}`,
    ([first, second, y]) => slashedDate(Number(first), Number(second), Number(y)),
  ],
  ['(?:am|vom) (\\d{1,2})\\.(\\d{1,2})\\.', ([d, m], now) => lastDate(Number(d), Number(m), now)],
  ['el (\\d{1,2})/(\\d{1,2})', ([d, m], now) => lastDate(Number(d), Number(m), now)],
  [`(?:(?:en|durante) )?(?:los|las) ${number} últim[oa]s ${unit}`, ([count, what], now) => recent(count, what, now)],
  ['day before yesterday|vorgestern|anteayer|antes de ayer', (_, now) => daysFrom(now, -2, 1)],
  ['last night|gestern abend|gestern nacht|anoche', (_, now) => hoursFrom(now, -1, 18, 28)],
  ['yesterday|gestern|ayer', (_, now) => daysFrom(now, -1, 1)],
  ['this morning|heute morgen|heute früh|heute vormittag|esta mañana', (_, now) => hoursFrom(now, 0, 0, 12)],
  [
    '(?:last|this past|letztes|vergangenes|am) (?:weekend|wochenende)|over the weekend|el fin de semana(?: pasado)?',
    (_, now) => lastWeekend(now),
  ],
  ['today|heute|hoy', (_, now) => daysFrom(now, 0, 1)],
  [`seit ${number} ${unit}`, ([count, what], now) => recent(count, what, now)],
  [`desde hace ${number} ${unit}`, ([count, what], now) => recent(count, what, now)],
  [
    `(?:(?:in|within|over|during|for) the )?(?:last|past|previous) ${number} ${unit}`,
    ([count, what], now) => recent(count, what, now),
  ],
  [
    `(?:in den |während der )?(?:letzten|vergangenen) ${number} ${unit}`,
    ([count, what], now) => recent(count, what, now),
  ],
  [`(?:en )?(?:los|las) últim[oa]s ${number} ${unit}`, ([count, what], now) => recent(count, what, now)],
  [`${number} ${unit} (?:ago|back)`, ([count, what], now) => ago(count, what, now)],
  [`vor ${number} ${unit}`, ([count, what], now) => ago(count, what, now)],
  [`hace ${number} ${unit}`, ([count, what], now) => ago(count, what, now)],
  [`(?:last|previous|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?) ${unit}`, ([what], now) => whole(what, -1, now)],
  [`(?:la|el) ${unit} pasad[oa]`, ([what], now) => whole(what, -1, now)],
  [`(?:la|el) pasad[oa] ${unit}`, ([what], now) => whole(what, -1, now)],
  [`(?:this|diese[nrsm]?|est[ae]) ${unit}`, ([what], now) => whole(what, 0, now)],
  [`(?:on |am |el )?${year}-(\\d{2})-(\\d{2})`, ([y, m, d]) => date(Number(y), Number(m) - 1, Number(d))],
  [`(?:on )?${anyMonth} (\\d{1,2})(?:st|nd|rd|th)?(?:,? ${year})?`, ([m, d, y], now) => dayOf(m, d, y, now)],
  [
    `(?:(?:on )?the |on |am |el )?(\\d{1,2})(?:st|nd|rd|th|\\.)?(?: of| de)? ${anyMonth}(?:(?:,| of| de|) ${year})?`,
    ([d, m, y], now) => dayOf(m, d, y, now),
  ],
  [
    `(?:in|since last|im|en|during|en el mes de) ${month}(?:(?: of| de|) ${year})?`,
    ([m, y], now) => monthOf(m, y, now),
  ],
  [`(?:(?:in|im|en|during) )?${anyMonth} (?:of |de )?${year}`, ([m, y], now) => monthOf(m, y, now)],
  [
    `(?:on|last|(?:on )?th(?:is|e) past|this|am|(?:am )?letzte[nm]|(?:am )?vergangenen|diesen|el|este) ${weekday}(?: pasado)?`,
    ([name], now) => lastWeekday(name, now),
  ],
  [
    `(?:in|im jahr|im jahre|en|en el año|during) ${year}`,
    ([y]) => [new Date(Number(y), 0, 1), new Date(Number(y) + 1, 0, 1)],
  ],
  [
    'on the (\\d{1,2})(?:st|nd|rd|th)|am (\\d{1,2})\\.|el día (\\d{1,2})',
    (found, now) => dayOfMonth(Number(found.find((d) => d !== '')), now),
  ],
]

/** Days that need a word before them to be one: "since Monday", "vor März". A bare year further back is history. */
export const POINTS: readonly Reading[] = [
  ...READINGS,
  [`${month}(?:(?: of| de|) ${year})?`, ([m, y], now) => monthOf(m, y, now)],
  [weekday, ([name], now) => lastWeekday(name, now)],
  ['christmas|weihnachten|(?:la )?navidad', (_, now) => daysSinceDecember(24, 3, now)],
  ["new year(?:'s)?(?: day)?|neujahr|año nuevo", (_, now) => daysSinceDecember(32, 1, now)],
  ['(20\\d{2})', ([y]) => [new Date(Number(y), 0, 1), new Date(Number(y) + 1, 0, 1)]],
]
