import { describe, expect, it } from '@jest/globals';
import { fullName } from '../../../src/directory/closure/full-name.ts';

const whole = 'Centre hospitalier intercommunal de Poissy – Saint-Germain-en-Laye, site de Poissy';

describe('the name of a structure’s copy', () => {
  it('is the directory’s', () => {
    expect(fullName('Hôpital du Vinatier', 'CENTRE HOSPITALIER LE VINATIER')).toBe(
      'CENTRE HOSPITALIER LE VINATIER',
    );
    expect(fullName('Clinique des Tilleuls, bâtiment B', 'CLINIQUE DES TILLEULS')).toBe(
      'CLINIQUE DES TILLEULS',
    );
  });

  it.each([38, 60])('is the network’s where FINESS has no room for it (%i characters)', (room) => {
    const upper = whole.normalize('NFD').replaceAll(/\p{M}/gu, '').toUpperCase();
    expect(fullName(whole, upper.slice(0, room))).toBe(whole);
    expect(fullName('Un autre établissement au nom tout aussi long que celui-ci', upper.slice(0, room))).toBe(
      upper.slice(0, room),
    );
  });

  it('is the network’s where the directory has none', () => {
    expect(fullName(whole, '')).toBe(whole);
  });
});
