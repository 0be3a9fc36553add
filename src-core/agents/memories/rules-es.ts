import type { LanguageRules } from './rules.ts'

const POINTING =
  '(?!(?:eso|esto|esa|ese|esta|este|estas|estos|esas|esos|tu|tus|cómo|como|lo que|la idea|la respuesta|la forma|que me)(?![\\p{L}]))'
const ROLE =
  '(?:\\p{L}+ )?(?:profesora?|maestr[oa]|alumn[oa]|estudiante|ingenier[oa]|desarrolladora?|programadora?|enfermer[oa]|médic[oa]|abogad[oa]|científic[oa]|físic[oa]|químic[oa]|biólog[oa]|músic[oa]|pianista|violinista|guitarrista|cantante|bailar[íi]na?|pintora?|diseñadora?|arquitect[oa]|escritora?|periodista|traductora?|consultora?|contable|electricista|carpinter[oa]|mecánic[oa]|cociner[oa]|panader[oa]|agricultora?|conductora?|investigadora?|terapeuta|psicólog[oa]|farmacéutic[oa]|aprendiz|principiante|jubilad[oa]|madre|padre|vegetarian[oa]|vegan[oa]|zurd[oa]|daltónic[oa]|disléxic[oa])(?![\\p{L}])'

export const spanish: LanguageRules = {
  openers:
    '(?:bueno|pues|y|pero|también|sí|no|vale|ok|hola|oye|por cierto|la verdad|en realidad|porque|en general|normalmente|ahora mismo|actualmente|recuerda que|que sepas que|creo que|que|a mí|yo|ah)',
  barriers:
    '(?<![\\p{L}])(?:si|supón|supongamos|imagina|quizás?|tal vez|dijo|dice|preguntó|escribió|frase|traduce|ejemplo|personaje|novela|canción|antes|ojalá)(?![\\p{L}])',
  ends: '(?:\\s+(?:porque|aunque|pero|así que|por eso|y (?:puedes|podrías|por favor|qué|cómo|quiero|mi|ahora|luego)|puedes|podrías|por favor|¿)(?![\\p{L}]))',
  once: '(?<![\\p{L}])(?:ahora no|esta vez|esta noche|por ahora)(?![\\p{L}])',
  rules: [
    { kind: 'preference', starts: `(?:yo )?prefiero ${POINTING}\\S` },
    {
      kind: 'preference',
      starts: `(?:a mí )?(?:no )?me (?:gusta|gustan|encanta|encantan) (?:más |mucho |mucho más )?${POINTING}\\S`,
    },
    { kind: 'preference', starts: `(?:yo )?(?:odio|detesto) ${POINTING}\\S` },
    {
      kind: 'preference',
      starts:
        '(?:yo )?(?:aprendo|estudio|entiendo|trabajo|me concentro|memorizo|recuerdo|leo) (?:\\S+ ){0,2}?(?:mejor|más rápido|más fácilmente) \\S',
    },
    {
      kind: 'preference',
      starts:
        'me (?:cuesta|resulta (?:más )?(?:fácil|difícil)) (?:más |mucho )?(?!esto|eso|creer|entender (?:esto|eso|lo))\\S',
    },
    {
      kind: 'preference',
      starts: 'mi \\p{L}+ (?:favorit[oa]|preferid[oa]) es ',
      slot: /^mi (\p{L}+) (?:favorit|preferid)/iu,
      name: 'favourite',
    },
    {
      kind: 'goal',
      starts:
        'mi (?:\\p{L}+ )?(?:objetivo|meta|sueño|propósito|plan)(?: (?:principal|personal|para|de|este) ?(?:\\S+ ){0,3}?)? ?es (?!que me)',
    },
    {
      kind: 'goal',
      starts:
        '(?:me estoy preparando|me preparo|estoy estudiando|estudio|estoy entrenando|estoy ahorrando) para (?!esto|eso)',
    },
    { kind: 'goal', starts: 'estoy preparando (?:el|la|los|las|mi|mis|un|una|unas) ' },
    {
      kind: 'goal',
      starts:
        '(?:yo )?(?:quiero|espero|pienso|me gustaría) (?:aprender a|aprender (?!más|sobre|esto|eso|por)|ser |llegar a|aprobar|dominar|mejorar mi|poder|hablar (?!de|con|sobre)|terminar (?:mi|la|el)|tocar)',
    },
    { kind: 'fact', starts: 'estoy (?:aprendiendo|estudiando) (?!esto|eso|sobre|para|que|cómo|mucho|más)\\S' },
    {
      kind: 'fact',
      starts: 'tengo (?:un|una|mi|dos|tres) (?:\\S+ )?(?:examen|exámenes|entrevista|prueba|audición|oposición) ',
    },
    { kind: 'fact', starts: 'tengo (?:dislexia|tdah|autismo|(?:un|una|dos|tres|cuatro|\\d) (?:hij[oa]s?|niñ[oa]s))' },
    { kind: 'fact', starts: 'me llamo |mi nombre es |llámame (?!cuando|luego|mañana)', about: 'name' },
    { kind: 'fact', starts: '(?:yo )?vivo (?:en|cerca de) (?!un mundo)', about: 'home' },
    { kind: 'fact', starts: 'me (?:mudé|he mudado) a ', about: 'home' },
    { kind: 'fact', starts: '(?:yo )?(?:soy de|vengo de|nací en) (?!los que|las que)', about: 'origin' },
    { kind: 'fact', starts: '(?:yo )?trabajo (?:como|de|en|para) (?!eso|esto|grupo|equipo|casa)', about: 'work' },
    { kind: 'fact', starts: 'tengo \\S+ años(?! de)', about: 'age' },
    { kind: 'fact', starts: `(?:yo )?soy (?:una? )?${ROLE}` },
    { kind: 'fact', starts: 'soy alérgic[oa] a ' },
    { kind: 'fact', starts: 'estoy en (?:mi |el )?(?:primer|segundo|tercer|cuarto|último) (?:año|curso|semestre)' },
    { kind: 'fact', starts: 'mi lengua materna es ', about: 'mother tongue' },
    { kind: 'fact', starts: '(?:yo )?(?:hablo|toco) (?!de|con|sobre|esto|eso|mucho)(?:\\p{L}+)' },
    {
      kind: 'fact',
      starts:
        '(?:yo )?estudio (?!mejor|para|mucho|más|esto|eso|con|cuando|por|en (?:casa|la noche|silencio)|de noche)\\p{L}+',
    },
  ],
}
