import type { LanguageRules } from './rules.ts'

const LEARN = 'learn|study|work|concentrate|focus|understand|remember|memori[sz]e|read|think|practi[sc]e|revise|write'
const ROLE =
  '(?:\\w+ ){0,2}(?:\\w*(?:teacher|student|engineer|developer|programmer|nurse|doctor|physician|lawyer|scientist|physicist|chemist|biologist|historian|musician|pianist|violinist|guitarist|singer|dancer|painter|designer|architect|writer|journalist|translator|manager|consultant|accountant|electrician|carpenter|plumber|mechanic|cook|chef|baker|farmer|driver|pilot|researcher|librarian|therapist|psychologist|pharmacist|dentist|vet|apprentice|trainee|beginner|freelancer|pensioner|retiree|parent|mother|father|learner|owl|person|vegetarian|vegan))\\b'
/** What is spoken of just now, and not the learner: "I like that idea". */
const POINTING =
  '(?!(?:it|this|that|these|those|your|you|him|her|them|how|what|where|when|the (?:way|idea|sound|answer|first|second|last|one|other))\\b)'
const OFTEN = '(?:(?:really|much|usually|generally|always|often|mostly|actually|just|definitely|strongly|still|also) )*'

export const english: LanguageRules = {
  openers:
    '(?:well|so|and|but|also|yes|yeah|no|ok|okay|hi|hello|hey|please note|note|actually|honestly|personally|generally|usually|by the way|btw|because|since|as|remember|you should know|you know|just so you know|for your information|fyi|i think|i guess|in general|right now|currently|at the moment|these days|to be honest|please|that|today|oh|ah|hm+|um+)',
  barriers:
    '\\b(?:if|unless|suppose|supposing|imagine|pretend|whether|would|wish|might|maybe|perhaps|said|says|told|tells|wrote|writes|asked|quote|sentence|phrase|translate|example|character|story|novel|song|lyrics|used to|as if|like when)\\b',
  ends: "(?:\\s+(?:because|although|though|but|so (?:can|could|please|what|how|let|give|that)|and (?:can|could|please|what|how|why|would|i|my|now|today|want|then|have)|can you|could you|would you|please|which is why|that is why|that's why|what|how do|how does)\\b)",
  once: '\\b(?:right now|for now|this time|tonight|just now|in a minute|again please)\\b',
  rules: [
    {
      kind: 'preference',
      starts: `i ${OFTEN}(?:prefer|like|love|enjoy|hate|dislike|can't stand|cannot stand|don't like|do not like|don't enjoy|do not enjoy) ${POINTING}\\S`,
    },
    {
      kind: 'preference',
      starts: `i ${OFTEN}(?:${LEARN}) (?:\\S+ ){0,2}?(?:best|better|more easily|faster|most easily)\\b(?: \\S+)`,
    },
    { kind: 'preference', starts: `i find (?:it )?(?:\\S+ ){0,4}?(?:easier|harder|easiest|hardest) (?:to|when|if)\\b` },
    {
      kind: 'preference',
      starts: `i(?:'m| am) (?:more )?(?:of )?an? (?:(?:visual|auditory|hands-on|slow|fast|quick|kinaesthetic|kinesthetic) learner|night owl|morning person|early bird)`,
    },
    {
      kind: 'preference',
      starts: `my favou?rite \\w+(?: \\w+)? (?:is|are) ${POINTING}`,
      slot: /^my favou?rite (\w+(?: \w+)?) (?:is|are)/i,
      name: 'favourite',
    },
    {
      kind: 'goal',
      starts: `my (?:\\S+ ){0,2}?(?:goal|aim|dream|ambition|target|resolution|plan)(?: (?:for|this) (?:\\S+ ){1,3}?)? ?is (?:to|that) `,
    },
    {
      kind: 'goal',
      starts: `my (?:\\S+ ){0,2}?(?:goal|aim|dream|ambition)(?: (?:for|this) (?:\\S+ ){1,3}?)? ?is (?:an? |the |\\w+ing )`,
    },
    {
      kind: 'goal',
      starts: `i ${OFTEN}(?:want|hope|plan|intend|aim|would love) to (?:become|be able to|master|pass|get into|get better at|improve my|speak|graduate|finish my|learn (?!about|more|why|what|when|from|this|that|it)|play (?:the|in)|work as|run a|write a|move to|read (?:all|\\d+|ten|the whole))`,
    },
    {
      kind: 'goal',
      starts: `i(?:'m| am) (?:currently |now |still )?(?:preparing|studying|training|practi[sc]ing|revising|getting ready|saving up) (?:myself )?for (?!this\\b|it\\b|that\\b)`,
    },
    {
      kind: 'goal',
      starts: `i(?:'m| am) (?:currently |now |still )?(?:working towards?|aiming for|trying to (?:learn|get better at|improve my|become|master)) `,
    },
    {
      kind: 'fact',
      starts: `i(?:'m| am) (?:currently |now |still )?(?:learning|studying|teaching myself|taking (?:lessons|classes|a course) in) (?!about|that|this|it|how|from|for|more|a lot|so|what|why|to)\\S`,
    },
    {
      kind: 'fact',
      starts: `i(?:'ve| have) been (?:learning|studying|playing|practi[sc]ing|teaching) (?!about|this|it|that)`,
    },
    {
      kind: 'fact',
      starts: `i have (?:an?|my|two|three|several) (?:\\S+ ){0,3}?(?:exams?|tests?|finals|interviews?|auditions?|recitals?|presentations?) `,
    },
    {
      kind: 'fact',
      starts: `i have (?:dyslexia|adhd|autism|dyscalculia|(?:one|two|three|four|five|\\d) (?:children|kids|sons|daughters|child|son|daughter))`,
    },
    { kind: 'fact', starts: 'my (?:first |full )?name is ', about: 'name' },
    {
      kind: 'fact',
      starts: "(?:i(?:'m| am) called|call me) (?!when|back|later|if|a\\b|an\\b|tomorrow|crazy)",
      about: 'name',
    },
    {
      kind: 'fact',
      starts: 'i (?:now |currently )?live (?:in|near|on|at) (?!a (?:world|time|simulation))',
      about: 'home',
    },
    { kind: 'fact', starts: "i(?:'ve| have)? (?:just |recently )?moved to ", about: 'home' },
    { kind: 'fact', starts: "i(?:'m| am) (?:originally )?from |i come from |i was born in ", about: 'origin' },
    { kind: 'fact', starts: 'i (?:now |currently )?work (?:as|at|for) ', about: 'work' },
    { kind: 'fact', starts: "i(?:'m| am) (?:\\d+|\\w+teen|\\w+ty(?:-\\w+)?) years old", about: 'age' },
    { kind: 'fact', starts: `i(?:'m| am) (?:currently |now |also )?an? ${ROLE}` },
    {
      kind: 'fact',
      starts: `i(?:'m| am) (?:currently |now )?in (?:my|the) (?:first|second|third|fourth|fifth|final|last|\\d+(?:st|nd|rd|th)) (?:year|semester|grade|term)`,
    },
    {
      kind: 'fact',
      starts:
        "i(?:'m| am) (?:allergic to|left-handed|colou?r-?blind|dyslexic|vegetarian|vegan|deaf|retired|self-taught)",
    },
    { kind: 'fact', starts: 'my (?:native language|mother tongue|first language) is ', about: 'mother tongue' },
    {
      kind: 'fact',
      starts: `i (?:also |already )?(?:speak|play) (?!it\\b|this\\b|that\\b|with\\b|to\\b|too\\b|about\\b|at\\b)(?:(?:the|a little|some|fluent|basic|a bit of) )?(?:\\p{L}+)`,
    },
    {
      kind: 'fact',
      starts: 'i study (?!best|better|with|when|this|it|that|for|at night|in the|every|more|less|hard|alone)\\S',
    },
  ],
}
