import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Known } from '../../shared/domain/journeys/known.ts';
import { holds } from '../../shared/domain/journeys/steps/condition.ts';
import {
  couldBeBlank,
  hasBrokenVariable,
  renderText,
  valueOfTemplate,
  variablesOf,
} from '../../shared/domain/journeys/templates.ts';
import { ana } from '../support/journeys.ts';

const known: Known = {
  facts: { ...ana, traits: { goal: 'more {{coachee.name}} sleep', zero: 0, blank: ' ' }, tags: ['vip'] },
  answers: { mood: 4, 'first-choice': 'walk', ready: true },
  results: { lookup: { city: { name: 'Oslo' }, list: ['a', 2, null], none: null } },
  signals: { 'call-booked': { coach: 'Mia' } },
};

describe('renderText', () => {
  it.each([
    ['Hi {{coachee.name}}!', 'Hi Ana!'],
    ['{{ answers.mood }} of 5, {{answers.first-choice}}', '4 of 5, walk'],
    ['{{results.lookup.city.name}} {{results.lookup.list}}', 'Oslo a, 2'],
    ['{{signals.call-booked.coach}}', 'Mia'],
    ['ready: {{answers.ready}}', 'ready: yes'],
    ['{{traits.zero|none}}', '0'],
    ['{{traits.none|there}}, {{traits.blank| you }}', 'there, you'],
    ['[{{traits.none}}] [{{results.lookup.none}}] [{{results.lookup.city}}]', '[] [] []'],
    ['{{traits.constructor}}{{answers.toString}}{{traits.__proto__|safe}}', 'safe'],
    ['{{coachee.age}} {{nobody.knows}} {{coachee}}', '  '],
    ['{{ my name }} {{answers.mood', '{{ my name }} {{answers.mood'],
    // A value is data: it is not expanded again.
    ['{{traits.goal}}', 'more {{coachee.name}} sleep'],
  ])('%j reads %j', (template, text) => {
    expect(renderText(template, known, 4096)).toBe(text);
  });

  it('never gives more than it may, nor half of a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, max) => {
        const rendered = renderText('{{coachee.name}}', { ...known, facts: { ...known.facts, name: text } }, max);
        expect(rendered.length).toBeLessThanOrEqual(max);
        if (text.isWellFormed()) expect(rendered.isWellFormed()).toBe(true);
      }),
    );
  });

  it('shows any value as it is, whatever it looks like', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const mine = { ...known, facts: { ...known.facts, traits: { x: value } } };
        expect(renderText('<{{traits.x}}>', mine, 4096)).toBe(value.trim() === '' ? '<>' : `<${value}>`);
      }),
    );
  });
});

describe('valueOfTemplate', () => {
  it.each([
    ['{{answers.mood}}', 4],
    [' {{ answers.ready }} ', true],
    ['{{results.lookup.city}}', { name: 'Oslo' }],
    ['{{traits.none}}', null],
    ['{{traits.none|0}}', '0'],
    ['mood {{answers.mood}}', 'mood 4'],
    ['plain', 'plain'],
  ])('%j is %j', (template, value) => {
    expect(valueOfTemplate(template, known, 100)).toEqual(value);
  });
});

it('finds the variables of a template, its blanks and its broken braces', () => {
  expect(variablesOf('{{a.b}} {{ c|x }} {{d| }}')).toEqual([
    { path: ['a', 'b'], fallback: false },
    { path: ['c'], fallback: true },
    { path: ['d'], fallback: false },
  ]);
  expect(['{{a.b}}', ' {{a.b|}} ', '{{a.b|x}}', '{{a.b}}.'].map(couldBeBlank)).toEqual([true, true, false, false]);
  expect(['{{a.b}}', '{{a b}}', '{{a.b', 'a}}', '{a}'].map(hasBrokenVariable)).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
});

describe('conditions', () => {
  it.each([
    [{ answer: 'mood', eq: 4 }, true],
    [{ answer: 'mood', eq: '4' }, false],
    [{ answer: 'mood', ne: 5 }, true],
    [{ answer: 'none', ne: 5 }, true],
    [{ answer: 'none', lt: 5 }, false],
    [{ answer: 'mood', gt: 4 }, false],
    [{ answer: 'mood', lte: 4 }, true],
    [{ answer: 'mood', lt: 4.5 }, true],
    [{ answer: 'ready', gte: 0 }, false],
    [{ answer: 'first-choice', in: ['run', 'walk'] }, true],
    [{ answer: 'none', exists: false }, true],
    [{ result: 'lookup.none', exists: true }, false],
    [{ result: 'lookup.city.name', contains: 'ósl' }, true],
    [{ result: 'lookup.list', contains: 2 }, true],
    [{ result: 'lookup.list', contains: '2' }, false],
    [{ signal: 'call-booked.coach', eq: 'Mia' }, true],
    [{ trait: 'constructor', exists: true }, false],
    [{ tag: 'vip' }, true],
    [{ any: [{ tag: 'x' }, { not: { tag: 'y' } }] }, true],
    [{ all: [{ tag: 'vip' }, { tag: 'y' }] }, false],
  ])('%j is %s', (condition, truth) => {
    expect(holds(condition, known)).toBe(truth);
  });
});
