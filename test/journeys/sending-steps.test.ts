/** Steps that send more than a text: coach, lesson, checkin, email; and programs in several languages. */
import { describe, expect, it } from 'vitest';
import { localized } from '../../shared/domain/journeys/localize.ts';
import { ana, journeyOf } from '../support/journeys.ts';
import { askStep, programOf, type StepInput } from '../support/programs.ts';

const end: StepInput = { type: 'finish', key: 'end' };

describe('coach', () => {
  const coach: StepInput = { type: 'coach', key: 'cheer', prompt: 'Cheer {{coachee.name}} up', fallback: 'Well done!' };
  const ref = { stepKey: 'cheer', occurrence: 1 };
  const begun = () => journeyOf(programOf([coach, end]));

  it('asks the model with the variables filled in, and sends what it wrote', () => {
    expect(begun().effect).toMatchObject({ type: 'AskCoach', prompt: 'Cheer Ana up', language: 'en' });
    const written = begun().feed({ type: 'coachAnswered', ok: true, text: ' Great, Ana! ', ...ref });
    expect(written.effect).toMatchObject({ type: 'Deliver', message: { text: 'Great, Ana!' }, occurrence: 2 });
    expect(written.delivered().state.status).toBe('finished');
  });

  it.each([
    ['is down', { ok: false, reason: 'connection refused' }],
    ['has nothing to say', { ok: true, text: '  ' }],
  ])('sends the fallback when the model %s', (_, answer) => {
    const written = begun().feed({ type: 'coachAnswered', ...answer, ...ref });
    expect(written.effect).toMatchObject({ type: 'Deliver', message: { text: 'Well done!' } });
    expect(written.recorded).toContain('coachFailed');
  });

  it('only keeps the text where nothing is to be sent', () => {
    const program = programOf([
      { ...coach, send: false },
      { type: 'message', key: 'm', text: '{{results.cheer.text}}' },
    ]);
    const written = journeyOf(program).feed({ type: 'coachAnswered', ok: true, text: 'Up!', ...ref });
    expect(written.effect).toMatchObject({ type: 'Deliver', stepKey: 'm', message: { text: 'Up!' } });
  });
});

describe('lesson', () => {
  const lesson: StepInput = {
    ...{ type: 'lesson', key: 'breath', title: 'Breathing', text: 'In and out.', doneLabel: 'Read it' },
    media: [{ kind: 'video', url: 'https://example.org/breath.mp4', title: 'How it looks' }],
    timeout: { after: { days: 3 } },
  };
  const shown = () => journeyOf(programOf([lesson, end])).delivered();

  it('shows the text with its media and a button', () => {
    expect(journeyOf(programOf([lesson, end])).effect).toMatchObject({
      message: {
        text: 'Breathing\n\nIn and out.',
        buttons: [{ label: 'Read it', value: 'done' }],
        media: [{ kind: 'video' }],
      },
    });
  });

  it.each(['done', 'Read it!', 'yes'])('is done when the coachee says %s', (text) => {
    expect(shown().reply(text).state).toMatchObject({ status: 'finished', answers: { breath: true } });
  });

  it('leaves other words to others, and goes on when its time is over', () => {
    expect(shown().reply('What about my knee?').verdict).toBe('notAwaited');
    expect(shown().due().state.status).toBe('finished');
  });
});

describe('checkin', () => {
  const timeout = { after: { hours: 12 } };
  const yesNo: StepInput = { type: 'checkin', key: 'walk', habit: 'walk', text: 'Walked?', timeout };
  const glasses: StepInput = {
    ...{
      type: 'checkin',
      key: 'water',
      habit: 'water',
      text: 'Glasses?',
      timeout,
      target: { amount: 3, unit: 'glasses' },
    },
  };
  const logged = (step: StepInput, text: string) =>
    journeyOf(programOf([step, end]))
      .delivered()
      .reply(text)
      .commands.find(({ type }) => type === 'LogCheckIn');

  it('keeps yes and no, and amounts against their target', () => {
    expect(logged(yesNo, 'yes')).toMatchObject({ habit: 'walk', done: true, amount: null });
    expect(logged(yesNo, 'no')).toMatchObject({ done: false });
    expect(logged(glasses, '2,5')).toMatchObject({ habit: 'water', done: false, amount: 2.5 });
    expect(logged(glasses, '3')).toMatchObject({ done: true, amount: 3 });
  });

  it('asks again what does not fit, and counts what is never answered as missed', () => {
    const asked = journeyOf(programOf([glasses, end])).delivered();
    expect(asked.reply('a lot').verdict).toBe('reasked');
    expect(asked.due().commands).toContainEqual({
      ...{ type: 'LogCheckIn', habit: 'water', done: false, amount: null, stepKey: 'water', occurrence: 1 },
    });
  });

  it('counts nothing as missed that may never have reached the coachee', () => {
    const perhaps = journeyOf(programOf([glasses, end])).delivered('ambiguous');
    expect(perhaps.due().commands.filter(({ type }) => type === 'LogCheckIn')).toEqual([]);
    expect(perhaps.due().recorded).toContain('timedOut');
    // A reply that does not fit proves that it did.
    const reached = perhaps.reply('a lot').delivered('ambiguous');
    expect(reached.due().commands).toContainEqual(expect.objectContaining({ type: 'LogCheckIn', done: false }));
  });
});

describe('email', () => {
  it('goes by email alone, on one line of subject, and a coachee without an address is no obstacle', () => {
    const email: StepInput = { type: 'email', key: 'letter', subject: 'For\n{{coachee.name}}', text: 'Dear you' };
    const sent = journeyOf(programOf([email, end]));
    expect(sent.effect).toMatchObject({ message: { text: 'Dear you', email: { subject: 'For Ana' } } });
    expect(sent.delivered('dropped', 'No address.').state.status).toBe('finished');
  });
});

describe('a program in several languages', () => {
  const answer = {
    kind: 'choice' as const,
    options: [
      { value: 'a', label: 'Walk' },
      { value: 'b', label: 'Rest' },
    ],
  };
  const program = programOf([askStep('today', answer, { text: 'What today, {{coachee.name}}?' }), end], {
    translations: {
      de: {
        'today.text': 'Was heute, {{coachee.name}}?',
        'today.answer.options.0.label': 'Gehen',
        'today.nowhere': 'x',
      },
      'pt-BR': { 'today.text': 'O que hoje?' },
    },
  });
  const textIn = (language: string | null) => {
    const { effect } = journeyOf(localized(program, language), ana);
    return effect.type === 'Ask' ? [effect.message.text, ...effect.message.buttons.map(({ label }) => label)] : [];
  };

  it.each([
    ['de', ['Was heute, Ana?', 'Gehen', 'Rest']],
    ['de-AT', ['Was heute, Ana?', 'Gehen', 'Rest']],
    ['pt', ['O que hoje?', 'Walk', 'Rest']],
    ['fr', ['What today, Ana?', 'Walk', 'Rest']],
    ['en-GB', ['What today, Ana?', 'Walk', 'Rest']],
    [null, ['What today, Ana?', 'Walk', 'Rest']],
  ])('is read in %s as far as it is translated', (language, texts) => {
    expect(textIn(language)).toEqual(texts);
  });

  it('understands yes and no in the language it is read in', () => {
    const yesNo = programOf([askStep('ready', { kind: 'yesNo' }), end], {
      translations: { de: { 'ready.text': 'Bereit?' } },
    });
    expect(journeyOf(localized(yesNo, 'de')).delivered().reply('gerne').state.answers).toEqual({ ready: true });
  });
});
