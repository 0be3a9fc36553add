/** A thing that a learner said, a question that it answers in other words, and one that nothing in the set answers. */
export interface ToldFact {
  language: 'en' | 'de' | 'es'
  said: string
  answered: string
  absent: string
}

const fact = (language: ToldFact['language'], said: string, answered: string, absent: string): ToldFact => ({
  language,
  said,
  answered,
  absent,
})

/**
 * Facts of many subjects, written for this project. Two of three absent questions are near misses: the same subject with another name, number
 * or property. The others are about subjects that nobody spoke of. Every second fact, from the first on, is for calibrating
 * (`src-core/memory/relevance.ts`); the others judge what came of it.
 */
export const TOLD_FACTS: readonly ToldFact[] = [
  fact(
    'en',
    'Water boils at 100 degrees Celsius at sea level, but on a mountain it boils sooner because the air presses less.',
    'why does cooking take longer high up?',
    'at what temperature does mercury freeze?',
  ),
  fact(
    'en',
    'The mitochondria make ATP, which is the energy currency of the cell.',
    'which part of a cell produces its energy?',
    'what does the Golgi apparatus do with proteins?',
  ),
  fact(
    'en',
    'Today I understood gradient descent: you walk downhill on the loss in small steps, and the learning rate is the size of the step.',
    'how does a neural network get its error smaller?',
    'what did I say about the Adam optimizer?',
  ),
  fact(
    'en',
    'My statistics exam with Professor Lindqvist is on the 12th of December at nine in the morning.',
    'when do I have to sit the stats test?',
    'when is my chemistry exam?',
  ),
  fact(
    'en',
    'The Treaty of Westphalia in 1648 ended the Thirty Years War and made states sovereign.',
    'how did the war of thirty years come to an end?',
    'what did the Treaty of Utrecht settle?',
  ),
  fact(
    'en',
    'A hash table finds a key in constant time on average, but collisions can make it linear.',
    'how quickly can I look something up by its key?',
    'how does a red-black tree stay balanced?',
  ),
  fact(
    'en',
    'Supply curves slope upwards because producers offer more when the price is higher.',
    'what happens to the offered quantity if something gets more expensive?',
    'what did Keynes say about saving in a recession?',
  ),
  fact(
    'en',
    'Ms Okafor lent me the book on Bayesian inference and wants it back before Easter.',
    'who did I borrow the book about Bayes from?',
    'who lent me the book on topology?',
  ),
  fact(
    'en',
    'Photosystem II splits water, and that is where the oxygen that plants give off comes from.',
    'where does the oxygen that leaves release come from?',
    'how do cacti keep their water during the day?',
  ),
  fact(
    'en',
    'The chain rule says you multiply the derivative of the outer function by that of the inner one.',
    'how do I differentiate a function inside another function?',
    'how do I integrate by parts?',
  ),
  fact(
    'en',
    'In the lecture on plate tectonics we heard that the Atlantic grows by about 2.5 centimetres a year.',
    'how fast are America and Europe drifting apart?',
    'how deep is the Mariana Trench?',
  ),
  fact(
    'en',
    'Shakespeare wrote sonnets in fourteen lines of iambic pentameter that end with a couplet.',
    'what is the form of a Shakespearean sonnet?',
    'how many syllables does a haiku have?',
  ),
  fact(
    'en',
    'TCP makes a connection with a three way handshake: SYN, SYN-ACK, ACK.',
    'how do two computers begin a TCP connection?',
    'how does DNS resolve a name to an address?',
  ),
  fact(
    'en',
    'I remember the order of the planets with the sentence My Very Eager Mother Just Served Us Noodles.',
    'what was my mnemonic for the solar system?',
    'what was my mnemonic for the cranial nerves?',
  ),
  fact(
    'en',
    'Penicillin was found by Alexander Fleming in 1928 when mould grew on a dish.',
    'who discovered the first antibiotic and how?',
    'who discovered insulin?',
  ),
  fact(
    'en',
    'The softmax turns scores into weights that are positive and always sum to one.',
    'which function makes the attention weights add up to 1?',
    'what does layer normalisation do in a transformer?',
  ),
  fact(
    'en',
    'For the piano piece by Satie I practise the left hand alone for ten minutes before I put both together.',
    'how do I rehearse the Satie piece?',
    'which Chopin nocturne am I practising?',
  ),
  fact(
    'en',
    'Inflation hurts savers, because the same money buys less, and helps those who owe money.',
    'who profits when money loses its value?',
    'what is the current interest rate of the European Central Bank?',
  ),
  fact(
    'en',
    'The French subjunctive comes after expressions of doubt and wishing, such as il faut que.',
    'when do I need the subjunctive in French?',
    'when do I use the passé simple in French?',
  ),
  fact(
    'en',
    'Our study group meets on Thursdays at six in room 204 of the library.',
    'where and when does the learning group get together?',
    'where does the chess club meet?',
  ),
  fact(
    'en',
    'Antibodies bind to antigens like a key to a lock, and memory cells keep the plan for the next infection.',
    'how does the body remember an illness it has had?',
    'how do vaccines against rabies get stored?',
  ),
  fact(
    'en',
    'A pendulum swings with a period that depends on its length and not on its mass.',
    'does a heavier bob swing more slowly?',
    'how does a gyroscope stay upright?',
  ),
  fact(
    'en',
    'The Meiji restoration of 1868 opened Japan to industry and ended the rule of the shogun.',
    'how did the power of the Japanese shoguns end?',
    'when did the Ming dynasty fall in China?',
  ),
  fact(
    'en',
    'I keep mixing up mitosis and meiosis: mitosis gives two equal cells, meiosis four different ones.',
    'what is the difference between the two kinds of cell division?',
    'what is the capital of Peru?',
  ),
  fact(
    'de',
    'Die Fotosynthese findet in den Chloroplasten statt und braucht Licht, Wasser und Kohlendioxid.',
    'Was benötigt eine Pflanze für die Fotosynthese?',
    'Welche Tiere halten Winterschlaf?',
  ),
  fact(
    'de',
    'Der Dativ steht nach den Präpositionen aus, bei, mit, nach, seit, von und zu.',
    'Nach welchen Präpositionen kommt der Dativ?',
    'Nach welchen Präpositionen kommt der Genitiv?',
  ),
  fact(
    'de',
    'Die Prüfung in Strafrecht ist am 4. Februar, und Frau Doktor Heinze prüft mündlich.',
    'Wer prüft mich im Strafrecht?',
    'Wann ist die Prüfung in Völkerrecht?',
  ),
  fact(
    'de',
    'Kirchhoffs erste Regel: Was in einen Knoten hineinfließt, fließt auch wieder heraus.',
    'Was besagt die Knotenregel von Kirchhoff?',
    'Was besagt das Gesetz von Faraday?',
  ),
  fact(
    'de',
    'Goethe arbeitete fast sechzig Jahre lang am Faust, bis kurz vor seinem Tod.',
    'Wie lange schrieb Goethe am Faust?',
    'Wann schrieb Kleist den zerbrochenen Krug?',
  ),
  fact(
    'de',
    'Ein Stack gibt zuletzt Abgelegtes zuerst zurück, eine Queue das zuerst Gekommene.',
    'Worin unterscheiden sich Stack und Queue?',
    'Wie funktioniert ein Heap in der Informatik?',
  ),
  fact(
    'de',
    'Der pH-Wert von reinem Wasser ist sieben, Zitronensaft liegt bei etwa zwei.',
    'Wie sauer ist Zitronensaft?',
    'Welchen pH-Wert hat Magensäure?',
  ),
  fact(
    'de',
    'Die Französische Revolution begann 1789, weil der Staat bankrott war und das Brot zu teuer wurde.',
    'Warum kam es zur Französischen Revolution?',
    'Warum scheiterte die Russische Revolution von 1905?',
  ),
  fact(
    'de',
    'Im Labor lernten wir, dass man Säure immer ins Wasser gießt und nie umgekehrt.',
    'In welcher Reihenfolge mischt man Säure und Wasser?',
    'Welche Schutzbrille brauche ich für den Laser?',
  ),
  fact(
    'de',
    'Kant sagt, man solle nur nach der Maxime handeln, die man als allgemeines Gesetz wollen kann.',
    'Was verlangt der kategorische Imperativ von Kant?',
    'Was hielt Nietzsche vom Mitleid?',
  ),
  fact(
    'de',
    'Vokabeln wiederhole ich morgens im Zug mit Karteikarten, zwanzig Stück am Tag.',
    'Wie viele Karteikarten wiederhole ich täglich?',
    'Wie viele Kilometer laufe ich in der Woche?',
  ),
  fact(
    'de',
    'Der Marshallplan half ab 1948 beim Wiederaufbau von Westeuropa mit Krediten aus den USA.',
    'Wer finanzierte den Wiederaufbau Westeuropas?',
    'Wer baute die Berliner Philharmonie?',
  ),
  fact(
    'de',
    'Der Median ist robuster als der Mittelwert, weil Ausreißer ihn kaum verschieben.',
    'Welches Lagemaß wird von Ausreißern wenig verschoben?',
    'Wie berechnet man eine Standardabweichung?',
  ),
  fact(
    'de',
    'Enzyme senken die Aktivierungsenergie einer Reaktion und werden dabei nicht verbraucht.',
    'Wie beschleunigen Enzyme eine Reaktion?',
    'Wie entsteht ein Regenbogen?',
  ),
  fact(
    'de',
    'Mit Yusuf lerne ich dienstags Lineare Algebra in der Mensa.',
    'Mit wem lerne ich Lineare Algebra?',
    'Mit wem lerne ich Analysis?',
  ),
  fact(
    'de',
    'Die Mehrwertsteuer beträgt in Deutschland 19 Prozent, für Bücher und Brot nur 7 Prozent.',
    'Wie hoch ist die Mehrwertsteuer auf Bücher?',
    'Wie hoch ist die Mehrwertsteuer in Dänemark?',
  ),
  fact(
    'de',
    'Das Bauhaus wurde 1919 in Weimar von Walter Gropius gegründet.',
    'Von wem stammt das Bauhaus?',
    'Wann wurde die Sagrada Familia begonnen?',
  ),
  fact(
    'de',
    'Rekursion braucht immer einen Abbruchfall, sonst läuft der Stapel über.',
    'Warum läuft bei einer Rekursion der Stapel über?',
    'Was ist der Unterschied zwischen Interface und abstrakter Klasse?',
  ),
  fact(
    'es',
    'La fotosíntesis convierte la luz en azúcar dentro de los cloroplastos.',
    '¿En qué convierte la luz una planta con la fotosíntesis?',
    '¿Cuántos huesos tiene el cuerpo humano?',
  ),
  fact(
    'es',
    'Ser se usa para lo permanente y estar para los estados y los lugares.',
    '¿Cuándo se usa estar y cuándo ser?',
    '¿Cuándo se usa el pretérito pluscuamperfecto?',
  ),
  fact(
    'es',
    'El examen de biología con la profesora Salcedo es el 15 de enero.',
    '¿Qué día tengo el examen con Salcedo?',
    '¿Qué día tengo el examen de física?',
  ),
  fact(
    'es',
    'Cervantes publicó la primera parte del Quijote en 1605 y la segunda en 1615.',
    '¿En qué año salió la segunda parte del Quijote?',
    '¿En qué año publicó Lorca el Romancero gitano?',
  ),
  fact(
    'es',
    'La ley de Ohm dice que el voltaje es la corriente por la resistencia.',
    '¿Cómo calculo el voltaje si sé la corriente y la resistencia?',
    '¿Qué dice la ley de Boyle?',
  ),
  fact(
    'es',
    'Los volcanes de Islandia están sobre una dorsal donde dos placas se separan.',
    '¿Por qué hay volcanes en Islandia?',
    '¿Por qué hay géiseres en Yellowstone?',
  ),
  fact(
    'es',
    'Repaso las derivadas los lunes con Marta en la cafetería de la facultad.',
    '¿Con quién repaso las derivadas?',
    '¿Con quién repaso las integrales?',
  ),
  fact(
    'es',
    'La Revolución mexicana empezó en 1910 contra Porfirio Díaz.',
    '¿Contra quién se levantaron los mexicanos en 1910?',
    '¿Quién fue el primer presidente de Chile?',
  ),
  fact(
    'es',
    'El hígado limpia la sangre y guarda glucosa en forma de glucógeno.',
    '¿Dónde guarda el cuerpo la glucosa?',
    '¿Para qué sirve el bazo?',
  ),
  fact(
    'es',
    'En una base de datos, un índice acelera las consultas pero hace más lentas las escrituras.',
    '¿Qué desventaja tiene un índice en una base de datos?',
    '¿Qué es una transacción distribuida?',
  ),
  fact(
    'es',
    'Los verbos que cambian la raíz como poder y dormir no cambian en la forma de nosotros.',
    '¿En qué forma no cambian la raíz los verbos como dormir?',
    '¿Cómo se forma el imperativo negativo?',
  ),
  fact(
    'es',
    'Frida Kahlo pintó muchos autorretratos después del accidente de autobús.',
    '¿Qué pintó Frida Kahlo tras su accidente?',
    '¿Qué pintó Diego Rivera en el Palacio Nacional?',
  ),
  fact(
    'es',
    'La mediana de un conjunto ordenado es el valor del centro.',
    '¿Qué valor es la mediana?',
    '¿Cómo se calcula la moda de un conjunto?',
  ),
  fact(
    'es',
    'El agua se dilata al congelarse, por eso el hielo flota.',
    '¿Por qué flota el hielo?',
    '¿Por qué es salado el mar?',
  ),
  fact(
    'es',
    'Tengo que entregar el ensayo sobre Borges antes del viernes a la profesora Quiroga.',
    '¿A quién entrego el ensayo de Borges?',
    '¿A quién entrego el informe de laboratorio?',
  ),
  fact(
    'es',
    'La inflación sube cuando hay mucho dinero para pocos bienes.',
    '¿Qué causa la inflación?',
    '¿Qué países forman el Mercosur?',
  ),
  fact(
    'es',
    'Un acorde mayor tiene la tercera mayor y la quinta justa.',
    '¿Qué notas tiene un acorde mayor?',
    '¿Cuántas cuerdas tiene un violonchelo?',
  ),
  fact(
    'es',
    'Aprendí que las abejas indican la distancia de las flores con una danza.',
    '¿Cómo se comunican las abejas dónde hay flores?',
    '¿Cómo construyen los castores una presa?',
  ),
]

/** Those that the threshold is chosen by, and those that it is judged by. */
export const CALIBRATING = TOLD_FACTS.filter((_, place) => place % 2 === 0)
export const JUDGING = TOLD_FACTS.filter((_, place) => place % 2 === 1)
