/** Elements of SVG 1.1 as text. Everything that comes from a network passes through `escape`; nothing here can run. */
import { clean, type Font } from './text.ts';

export type Attributes = Readonly<Record<string, string | number | undefined>>;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for content and attributes alike. */
export function escape(text: string): string {
  return clean(text).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** A number with one decimal at most. */
export function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** An element with its content, which is already SVG; what people wrote comes in by `words`. */
export function element(name: string, attributes: Attributes, ...content: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? number(value) : escape(value!)}"`)
    .join('');
  const inside = content.join('');
  return inside ? `<${name}${written}>${inside}</${name}>` : `<${name}${written}/>`;
}

/** One line of text with its baseline at `y`. */
export function words(text: string, x: number, y: number, font: Font, more: Attributes = {}): string {
  const weight = font.bold ? 'bold' : undefined;
  return element('text', { x, y, 'font-size': font.size, 'font-weight': weight, ...more }, escape(text));
}

/** A line of straight pieces. */
export function line(points: readonly (readonly [number, number])[], more: Attributes): string {
  return element('polyline', {
    points: points.map(([x, y]) => `${number(x)},${number(y)}`).join(' '),
    fill: 'none',
    ...more,
  });
}
