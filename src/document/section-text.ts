/** What a person wrote in a section, as narrative: lines as a list, a text as its paragraphs; never as markup. */
import type { SectionContent } from './content.ts';

/** XHTML of a section; one without content says so. */
export function narrativeOf(content: SectionContent): string {
  return `<div xmlns="http://www.w3.org/1999/xhtml">${bodyOf(content)}</div>`;
}

function bodyOf(content: SectionContent): string {
  if (content.length === 0) return '<p>Rien de connu.</p>';
  if (typeof content !== 'string')
    return `<ul>${content.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;
  const paragraphs = content.trim().split(/\n\s*\n/);
  return paragraphs.map((paragraph) => `<p>${escaped(paragraph.replace(/\s*\n\s*/g, ' '))}</p>`).join('');
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
