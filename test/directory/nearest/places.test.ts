import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distanceKm } from '../../../src/directory/nearest/distance.ts';
import { placesOf } from '../../../src/directory/nearest/places.ts';

const paris = { lat: 48.8566, lon: 2.3522 };
const marseille = { lat: 43.2965, lon: 5.3698 };

describe('distances', () => {
  it('are those of great circles, in kilometres', () => {
    expect(distanceKm(paris, marseille)).toBeCloseTo(660.5, 0);
    expect(distanceKm(paris, paris)).toBe(0);
    expect(distanceKm({ lat: 0, lon: 179.9 }, { lat: 0, lon: -179.9 })).toBeCloseTo(22.2, 1);
  });
});

describe('communes around a commune', () => {
  const point = fc.record({
    lat: fc.oneof(
      fc.double({ min: 41, max: 51, noNaN: true }),
      fc.double({ min: -25, max: -12, noNaN: true }),
      fc.double({ min: -89, max: 89, noNaN: true }),
    ),
    lon: fc.oneof(
      fc.double({ min: -5, max: 9, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
    ),
  });

  it('are what looking at every commune finds, nearest first, overseas and across 180° as well', () => {
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 1500 }),
        (points, within) => {
          const all = points.map((one, index) => ({ ...one, commune: String(index).padStart(5, '0') }));
          const places = placesOf(all);
          const naive = all
            .map((one) => ({ commune: one.commune, km: distanceKm(all[0]!, one) }))
            .filter(({ km }) => km <= within)
            .sort((a, b) => a.km - b.km || (a.commune < b.commune ? -1 : 1));
          expect(places.around(all[0]!, within)).toEqual(naive);
          expect([
            ...places.around(all[0]!, within / 3),
            ...places.around(all[0]!, within, within / 3),
          ]).toEqual(naive);
        },
      ),
    );
  });

  it('knows no point of a commune without establishments', () => {
    expect(placesOf([]).at('83009')).toBeUndefined();
  });
});
