import { describe, expect, it } from 'vitest'
import { asksOfThemselves } from './cues.ts'
import { touchedGoal } from './goal-words.ts'

const touched = (goal: string, said: string) => touchedGoal([{ text: goal }], said) !== undefined

describe('a goal is touched', () => {
  it.each([
    ['I want to learn Spanish', 'How is "house" said in Spanish?'],
    ['I want to understand how volcanoes work', 'Why does a volcano erupt?'],
    ['I want to improve my French pronunciation', 'How is "eau" said in French?'],
    ['I want to understand fractions so that I can help my son', 'What is a fraction?'],
    ['I want to prepare for the biology exam', 'What comes in a biology exam?'],
    ['Ich möchte Gitarre spielen lernen', 'Wie stimmt man eine Gitarre?'],
    ['Quiero entender el álgebra', '¿Qué es el algebra lineal?'],
  ])('by "%s": %s', (goal, said) => {
    expect(touched(goal, said)).toBe(true)
  })

  it.each([
    ['I want to learn Spanish', 'Why is the sky blue?'],
    ['I want to run the marathon in Berlin', 'How many people live in Berlin?'],
    ['I want to understand contract law', 'What is contrast?'],
    ['I want to understand washing machines', 'What is a machine?'],
    ['I want to learn', 'What do you want to learn?'],
    ['Ich will besser werden', 'Wie werden Wolken besser sichtbar?'],
  ])('not by "%s": %s', (goal, said) => {
    expect(touched(goal, said)).toBe(false)
  })

  it('takes the goal that shares most', () => {
    const goals = [{ text: 'I want to learn Spanish' }, { text: 'I want to know the Spanish subjunctive' }]
    expect(touchedGoal(goals, 'When does the Spanish subjunctive follow?')).toBe(goals[1])
  })
})

it.each([
  'When is my Spanish exam?',
  'What did I say of Spanish?',
  'Wann ist meine Prüfung?',
  '¿Qué dije del español?',
])('nothing is to be worked out in "%s"', (said) => expect(asksOfThemselves(said)).toBe(true))

it('asks of the matter, not of the learner', () => {
  expect(asksOfThemselves('How do I say house in Spanish?')).toBe(false)
  expect(asksOfThemselves('Why is the sky blue?')).toBe(false)
})
