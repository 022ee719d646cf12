import { describe, expect, it } from 'vitest';
import { advance, initialState } from '../../shared/domain/journeys/machine.ts';
import { type Arrival, landingOf, mappingErrors, type StepMapping } from '../../shared/domain/journeys/migrate.ts';
import { ana, type Journey, journeyOf } from '../support/journeys.ts';
import { askStep, programOf, type StepInput } from '../support/programs.ts';

const says = (key: string, more = {}): StepInput => ({ type: 'message', key, text: `Now ${key}`, ...more });
const waits = (key: string, days = 1, more = {}): StepInput => ({ type: 'wait', key, for: { days }, ...more });
const mood = (key = 'mood', more = {}) => askStep(key, { kind: 'text' }, more);

/** The journey as its next decision by `steps` leaves it. */
const moved = (journey: Journey, steps: StepInput[], mapping: StepMapping = {}, from = steps) => {
  const to = programOf(steps);
  const landing = landingOf(programOf(from), to, journey.state, mapping);
  const event = { type: 'migrate', id: 'm', migrationId: 'm', arrival: { version: 2, landing } as Arrival } as const;
  const decision = advance(to, journey.state, { event, facts: ana });
  const feed = (next: Parameters<Journey['feed']>[0]) => advance(to, decision.state, { event: next, facts: ana });
  return { ...decision, landing, feed, effect: decision.commands.at(-1) };
};

describe('where a journey lands', () => {
  const old = programOf([mood(), waits('rest'), says('bye')]);

  it('is the same step where there is one of that key and kind', () => {
    const to = programOf([says('new'), waits('rest', 9)]);
    expect(landingOf(old, to, { at: 'rest' })).toMatchObject({ lands: 'same', stepKey: 'rest', keeps: true });
    expect(landingOf(old, to, { at: null })).toMatchObject({ lands: 'same', stepKey: null });
  });

  it('is a conflict where the step is gone or of another kind, until a mapping says more', () => {
    const to = programOf([says('rest'), mood('feeling'), waits('other')]);
    expect(landingOf(old, to, { at: 'mood' })).toMatchObject({ lands: 'conflict', stepKey: 'mood' });
    expect(landingOf(old, to, { at: 'rest' }).why).toContain('kind wait and is now message');
    const mapping = { mood: { goTo: 'feeling' }, rest: { goTo: 'rest' } };
    expect(landingOf(old, to, { at: 'mood' }, mapping)).toMatchObject({
      lands: 'mapped',
      stepKey: 'feeling',
      keeps: true,
    });
    expect(landingOf(old, to, { at: 'rest' }, mapping)).toMatchObject({
      lands: 'mapped',
      stepKey: 'rest',
      keeps: false,
    });
    expect(landingOf(old, to, { at: 'rest' }, { rest: { restart: true } })).toMatchObject({
      lands: 'restart',
      stepKey: 'rest',
    });
    expect(landingOf(old, to, { at: 'rest' }, { rest: { finish: 'over' } })).toMatchObject({
      lands: 'finish',
      outcome: 'over',
    });
  });

  it('is wrong by the field where a mapping names a step that is not there', () => {
    const errors = mappingErrors(old, programOf([mood()]), { nope: { restart: true }, rest: { goTo: 'gone' } });
    expect(errors.map(({ path }) => path)).toEqual(['nope', 'rest.goTo']);
  });
});

describe('a journey that is moved', () => {
  it('keeps its open question, which answers under the new wording', () => {
    const journey = journeyOf(programOf([mood(), says('bye')])).delivered();
    const after = moved(journey, [mood('mood', { text: 'How do you feel now?' }), says('thanks')]);
    expect(after.state).toMatchObject({ at: 'mood', pending: { kind: 'reply', stepKey: 'mood', occurrence: 1 } });
    expect(after.commands.map(({ type }) => type)).toEqual(['Record', 'WaitUntil']);
    const answered = after.feed({ type: 'reply', id: 'r', text: 'fine' });
    expect(answered.state).toMatchObject({ at: 'thanks', answers: { mood: 'fine' } });
  });

  it('keeps an open question whose step has another key now, buttons included', () => {
    const journey = journeyOf(programOf([askStep('mood', { kind: 'yesNo' }), says('bye')])).delivered();
    const steps = [askStep('well', { kind: 'yesNo' }), says('thanks')];
    const after = moved(journey, steps, { mood: { goTo: 'well' } }, [askStep('mood', { kind: 'yesNo' })]);
    expect(after.state).toMatchObject({ at: 'well', pending: { kind: 'reply', stepKey: 'mood', occurrence: 1 } });
    const chosen = { stepKey: 'mood', occurrence: 1, value: 'yes' };
    expect(after.feed({ type: 'reply', id: 'r', text: 'Yes', chosen }).state).toMatchObject({
      at: 'thanks',
      answers: { well: true },
    });
  });

  it('goes on waiting by the rule of the new version', () => {
    const journey = journeyOf(programOf([waits('rest', 3), says('bye')]));
    const { effect } = moved(journey, [waits('rest', 5), says('bye')]);
    expect(effect).toMatchObject({ type: 'WaitUntil', rule: { days: 5 }, anew: true, since: 1 });
  });

  it('enters a step of another kind', () => {
    const journey = journeyOf(programOf([waits('rest'), says('bye')]));
    const after = moved(journey, [mood('rest')], { rest: { goTo: 'rest' } }, [waits('rest')]);
    expect(after.effect).toMatchObject({ type: 'Ask', stepKey: 'rest', occurrence: 2 });
  });

  it('enters a step of its kind that waits for something else now', () => {
    const timeout = { after: { days: 9 } };
    const old = programOf([{ type: 'waitFor', key: 'hold', reply: true, timeout }]);
    const steps: StepInput[] = [{ type: 'waitFor', key: 'hold', signal: 'paid', timeout }];
    const after = moved(journeyOf(old), steps);
    expect(after.state.pending).toMatchObject({ kind: 'hold', of: 'event', occurrence: 2 });
  });

  it('begins anew without saying again what it has said', () => {
    const steps = [says('hello'), says('rules'), mood(), says('thanks'), waits('rest')];
    const journey = journeyOf(programOf(steps)).delivered().delivered().delivered().reply('fine').delivered();
    expect(journey.state.at).toBe('rest');
    const after = moved(journey, steps, { rest: { restart: true } });
    expect(after.effect).toMatchObject({ type: 'Ask', stepKey: 'mood', occurrence: 2 });
    expect(after.state).toMatchObject({ answers: { mood: 'fine' } });
    expect(after.state.restarted).toBeUndefined();
  });

  it('that is paused stays so, and enters its new step on resume', () => {
    const journey = journeyOf(programOf([waits('rest'), says('bye')])).feed({ type: 'pause', id: 'p' });
    const after = moved(journey, [mood('rest')], { rest: { goTo: 'rest' } }, [waits('rest')]);
    expect(after.state).toMatchObject({ status: 'paused', at: 'rest', pending: { kind: 'time', enters: true } });
    const held = after.feed({ type: 'due', stepKey: 'rest', occurrence: 2 });
    const to = programOf([mood('rest')]);
    const resumed = advance(to, held.state, { event: { type: 'resume', id: 'r' }, facts: ana });
    expect(resumed.commands.at(-1)).toMatchObject({ type: 'Ask', stepKey: 'rest', occurrence: 3 });
  });

  it('that waits for its beginning begins with what is first now', () => {
    const event = { type: 'start', notBefore: { kind: 'date', date: '2030-01-01', time: '09:00' } } as const;
    const waiting = advance(programOf([says('hello')]), initialState(), { event, facts: ana });
    const journey = { ...journeyOf(programOf([says('hello')])), state: waiting.state };
    const after = moved(journey, [says('welcome'), says('hello')]);
    expect(after.state).toMatchObject({ at: 'welcome', pending: { kind: 'time', opens: true } });
    const begun = after.feed({ type: 'due', stepKey: 'hello', occurrence: 0 });
    expect(begun.commands.at(-1)).toMatchObject({ type: 'Deliver', stepKey: 'welcome', occurrence: 1 });
  });

  it('that is parked stays so, and may be retried', () => {
    const journey = journeyOf(programOf([says('hello'), says('bye')])).delivered('failed', 'blocked');
    const after = moved(journey, [says('hi'), says('bye')], { hello: { goTo: 'hi' } }, [says('hello')]);
    expect(after.state).toMatchObject({ status: 'parked', at: 'hi', pending: null });
    const retried = after.feed({ type: 'retry', id: 'r' });
    expect(retried.commands.at(-1)).toMatchObject({ type: 'Deliver', stepKey: 'hi', occurrence: 1 });
  });

  it('ends where the mapping says so', () => {
    const journey = journeyOf(programOf([waits('rest')]));
    const after = moved(journey, [says('bye')], { rest: { finish: 'retired' } }, [waits('rest')]);
    expect(after.state).toMatchObject({ status: 'finished', outcome: 'retired' });
  });

  it('is refused where it has no place, and early while a message is on its way', () => {
    expect(moved(journeyOf(programOf([waits('rest')])), [says('bye')]).verdict).toBe('refused');
    expect(moved(journeyOf(programOf([says('hello')])), [says('hello')]).verdict).toBe('early');
  });

  it('goes back to just where it was, and uses no key twice', () => {
    const steps = [mood(), waits('rest')];
    const journey = journeyOf(programOf(steps)).delivered();
    const after = moved(journey, [waits('mood')], { mood: { goTo: 'mood' } }, steps);
    const arrival: Arrival = { version: 1, landing: { lands: 'back', state: journey.state, why: '' } };
    const event = { type: 'migrate', id: 'u', migrationId: 'm', undo: true, arrival } as const;
    const { state } = advance(programOf(steps), after.state, { event, facts: ana });
    const { handled: _, occurrences, ...rest } = state;
    expect({ ...rest, handled: [], occurrences: {} }).toEqual({ ...journey.state, handled: [], occurrences: {} });
    expect(occurrences).toEqual({ mood: 2 });
  });
});
