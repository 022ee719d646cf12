import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMANDS, commandIn, phrases } from '../../shared/domain/conversations/phrases.ts';

describe('a command', () => {
  it.each(COMMANDS)('is understood in any case, with blanks, a bot’s name and words behind it: /%s', (command) => {
    for (const text of [
      `/${command}`,
      ` /${command.toUpperCase()} `,
      `/${command}@our_bot`,
      `/${command} now please`,
    ]) {
      expect(commandIn(text)).toBe(command);
    }
    expect(commandIn(`/${command}\nplease`)).toBe(command);
  });

  it.each(['/unknown', '/pauses', '/Hilfe', '/stop@bot now'.replace('stop', 'halt')])(
    'of nobody is unknown: %s',
    (text) => {
      expect(commandIn(text)).toBe('unknown');
    },
  );

  it.each(['', ' ', 'pause', 'please /pause', '/', '/ pause', '//pause', '/pause!', '/2', 'and/or', '/päuse'])(
    'is not what only looks like one: %j',
    (text) => {
      expect(commandIn(text)).toBeNull();
    },
  );

  it('is found or not in every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect([null, 'unknown', ...COMMANDS]).toContain(commandIn(text));
      }),
    );
  });
});

describe('what Cairn says', () => {
  it('names the programs, and the way out of a pause', () => {
    expect(phrases.nothingAsked({ programs: ['Sleep', 'Run'], paused: false, habits: false, reminded: [] })).toContain(
      '“Sleep” and “Run”',
    );
    expect(phrases.nothingAsked({ programs: ['Sleep'], paused: true, habits: false, reminded: [] })).toContain(
      '/resume',
    );
    expect(phrases.nothingAsked({ programs: [], paused: false, habits: false, reminded: [] })).toContain(
      'not in a program',
    );
  });

  it('helps with every command that a coachee has', () => {
    const help = phrases.help({ programs: ['Sleep'], paused: true, habits: false, reminded: [] });
    expect(help).toContain('“Sleep”, paused');
    for (const command of ['/pause', '/resume', '/catchup', '/stop', '/help']) expect(help).toContain(command);
    expect(phrases.help({ programs: [], paused: false, habits: false, reminded: [] })).toContain('not in a program');
  });
});
