/** Colours that people who do not tell red from green still tell apart (Okabe and Ito, 2008), and that print in grey. */
import type { SectionStyle } from './types.ts';

export const ink = '#1b1b1b';
export const grey = '#55606b';
export const rule = '#8a949e';
export const paper = '#ffffff';
export const blue = '#0072b2';
export const paleBlue = '#e4eef6';
export const land = '#f0f0ee';

/** Fonts whose widths are at most those of `widths.json`. */
export const fonts = "Verdana, 'DejaVu Sans', Geneva, Arial, sans-serif";

/** Colour of what belongs to a section. */
export const accents: Readonly<Record<SectionStyle, string>> = {
  affiliated: blue,
  steps: '#00795a',
  stages: '#b34e00',
  team: '#a3487f',
  list: '#996900',
  text: '#55606b',
};
