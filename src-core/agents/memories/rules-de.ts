import type { LanguageRules } from './rules.ts'

const POINTING =
  '(?!(?:das|dies|diese|dieser|dieses|es|ihn|sie|dich|deine|deinen|dein|wie|was|wenn|die (?:idee|antwort)|den (?:gedanken|vorschlag))(?![\\p{L}]))'
const ROLE =
  '(?:\\p{L}+ )?\\p{L}*(?:lehrer|schüler|student|ingenieur|entwickler|programmierer|pfleger|arzt|ärztin|anwalt|anwältin|wissenschaftler|physiker|chemiker|biologe|biologin|musiker|pianist|sänger|tänzer|maler|designer|architekt|autor|journalist|übersetzer|berater|buchhalter|elektriker|tischler|mechaniker|koch|köchin|bäcker|landwirt|fahrer|forscher|therapeut|psychologe|psychologin|apotheker|azubi|auszubildende|anfänger|rentner|mutter|vater|frühaufsteher|nachteule|vegetarier|veganer|krankenschwester|lerntyp|linkshänder)(?:r|in)?(?![\\p{L}])'

export const german: LanguageRules = {
  openers:
    '(?:also|und|aber|ja|nein|ok|okay|hallo|hi|hey|übrigens|ehrlich gesagt|eigentlich|denn|weil|generell|meistens|normalerweise|zurzeit|momentan|gerade|merk dir|bitte merk dir|nur damit du es weißt|ich glaube|dass|bitte|heute|ach)',
  barriers:
    '(?<![\\p{L}])(?:wenn|falls|ob|stell dir vor|angenommen|würde|könnte|vielleicht|sagte|sagt|meinte|schrieb|fragte|satz|übersetze|beispielsatz|figur|roman|lied|früher|als ob)(?![\\p{L}])',
  ends: '(?:\\s+(?:weil|obwohl|aber|deshalb|darum|und (?:kannst|könntest|bitte|was|wie|warum|ich|mein|meine|jetzt|dann)|kannst du|könntest du|bitte)(?![\\p{L}]))',
  once: '(?<![\\p{L}])(?:jetzt gleich|diesmal|heute abend|im moment nicht)(?![\\p{L}])',
  rules: [
    {
      kind: 'preference',
      starts: 'ich (?:\\p{L}+ ){1,4}?(?:lieber|am liebsten|am besten|leichter|besser|schneller) (?:\\S+)',
    },
    {
      kind: 'preference',
      starts: `ich (?:bevorzuge|mag|liebe|hasse) (?:(?:sehr|besonders|wirklich|meist|meistens|immer) )?${POINTING}\\S`,
    },
    {
      kind: 'preference',
      starts: 'mir (?:fällt|fallen) (?:\\S+ ){1,6}?(?:leichter|schwerer|leicht|schwer)(?![\\p{L}])',
    },
    {
      kind: 'preference',
      starts: 'mein(?:e)? lieblings\\p{L}+ (?:ist|sind) ',
      slot: /^meine? (lieblings\p{L}+)/iu,
      name: 'favourite',
    },
    {
      kind: 'goal',
      starts:
        'mein(?:e)? (?:\\p{L}+ )?(?:ziel|traum|vorsatz|plan|absicht)(?: (?:für|in|dieses) (?:\\S+ ){1,3}?)? ?ist(?:,| es| die| der| das| ein| eine| \\p{L})',
    },
    { kind: 'goal', starts: 'ich bereite mich (?:\\S+ )?auf (?!das vor|dies)' },
    {
      kind: 'goal',
      starts:
        'ich (?:lerne|übe|trainiere|spare) (?:\\p{L}+ )?(?:für|auf) (?:die|den|das|mein|meine|meinen|eine|einen|ein) (?!moment)',
    },
    {
      kind: 'goal',
      starts:
        'ich (?:will|möchte|hoffe|plane)(?: (?!wissen|das|dies|diese|nur|jetzt|kurz|mal)\\S+){1,7}? (?:lernen|werden|bestehen|können|beherrschen|verbessern|sprechen|abschließen|spielen)(?![\\p{L}])(?! kannst)',
    },
    { kind: 'fact', starts: 'ich lerne (?:gerade |zurzeit |seit (?:\\S+ ){1,3}?)(?!das|dies|nicht)\\S' },
    {
      kind: 'fact',
      starts:
        'ich lerne (?:deutsch|englisch|spanisch|französisch|italienisch|russisch|chinesisch|japanisch|arabisch|latein|klavier|gitarre|geige|cello|programmieren)',
    },
    {
      kind: 'fact',
      starts:
        'ich habe (?:am|im|in|nächste|nächsten|bald) (?:\\S+ ){1,4}?(?:prüfung|klausur|test|vorstellungsgespräch|abitur|examen|vortrag)',
    },
    {
      kind: 'fact',
      starts:
        'ich habe (?:legasthenie|adhs|autismus|dyskalkulie|(?:ein kind|zwei|drei|vier|\\d) (?:kinder|söhne|töchter)|ein kind)',
    },
    { kind: 'fact', starts: 'ich (?:heiße|heisse) |mein name ist |nenn mich (?!nicht)', about: 'name' },
    {
      kind: 'fact',
      starts: 'ich (?:wohne|lebe) (?:\\p{L}+ )?(?:in|bei|auf|an) (?!einer (?:welt|zeit|simulation))',
      about: 'home',
    },
    { kind: 'fact', starts: 'ich bin (?:\\S+ )?nach \\S+ (?:gezogen|umgezogen)', about: 'home' },
    { kind: 'fact', starts: 'ich (?:komme|stamme) aus ', about: 'origin' },
    { kind: 'fact', starts: 'ich arbeite (?:\\p{L}+ )?(?:als|bei|für) (?!mich)', about: 'work' },
    { kind: 'fact', starts: 'ich bin (?:\\d+|\\p{L}+zehn|\\p{L}+zig) jahre alt', about: 'age' },
    { kind: 'fact', starts: `ich bin (?:(?:ein|eine|kein|keine) )?${ROLE}` },
    {
      kind: 'fact',
      starts: 'ich bin (?:allergisch gegen|im (?:\\S+ )(?:semester|lehrjahr|studienjahr)|vegetarisch|farbenblind)',
    },
    { kind: 'fact', starts: 'meine muttersprache ist ', about: 'mother tongue' },
    {
      kind: 'fact',
      starts:
        'ich (?:studiere|spreche|spiele) (?!es\\b|das\\b|dies|mit\\b|von\\b|über\\b|am\\b|gern\\b|lieber\\b|hier\\b)(?:\\p{L}+)',
    },
  ],
}
