/** Narratives: XHTML that formats, says something and does nothing. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { narrativeIssue } from '../../src/validation/narrative.ts';
import { organization, verdictOn } from './resources.ts';

const ns = 'xmlns="http://www.w3.org/1999/xhtml"';
const verdict = (div: string) => verdictOn(organization({ text: { status: 'generated', div } }));

describe('a narrative is accepted', () => {
  it.each([
    ['of paragraphs and lists', `<div ${ns}><p>a</p><ul><li>b<br/></li></ul></div>`],
    ['with a table', `<div ${ns}><table border="1"><tr><td colspan="2" style="color:red">a</td></tr></table></div>`],
    ['with a link, a language and a comment', `<div ${ns} xml:lang="fr"><!-- x --><a href="https://a.example/?a=1&amp;b=2">a</a></div>`],
    ['of an image', `<div ${ns}><img src="https://a.example/a.png" alt="a"/></div>`],
    ['with entities of XML', `<div ${ns}>a &lt; b &amp;&#160;c &#xE9;</div>`],
  ])('%s', (_what, div) => expect(verdict(div)).toEqual([])); // prettier-ignore
});

describe('a narrative is refused', () => {
  it.each([
    ['with a script', `<div ${ns}><script>go()</script></div>`],
    ['with an element that shows another page', `<div ${ns}>a<iframe src="https://a.example"></iframe></div>`],
    ['with an attribute that acts', `<div ${ns}><p onclick="go()">a</p></div>`],
    ['with a link that acts', `<div ${ns}><a href=" JavaScript:go()">a</a></div>`],
    ['that is not well formed', `<div ${ns}><p>a</div>`],
    ['that goes on after its end', `<div ${ns}>a</div><div ${ns}>b</div>`],
    ['with an attribute without quotes', `<div ${ns}><p class=a>a</p></div>`],
    ['that is plain text', 'texte'],
    ['with an entity of HTML', `<div ${ns}>a&nbsp;b</div>`],
    ['without its namespace', '<div>a</div>'],
    ['that is no div', `<p ${ns}>a</p>`],
    ['with nothing to read', `<div ${ns}><p> </p></div>`],
  ])('%s', (_what, div) => expect(verdict(div)).toEqual(['Organization.text.div error'])); // prettier-ignore

  it('whatever it holds, with an answer that repeats none of it', () => {
    const parts = fc.constantFrom('<div', ns, '>', '</div>', '<p>', '</p>', '<!--', '-->', '&amp;', '&', '"', "'", '=', '/', 'ZZCANARYZZ', ' ');
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 30 }), (some) => {
        expect(JSON.stringify(narrativeIssue({ div: some.join('') })) ?? '').not.toContain('CANARY');
      }),
      { numRuns: 500 },
    );
  }); // prettier-ignore

  it('in time that its length decides', () => {
    for (const part of ['<', '<div ', '<p a="', '<!--', '&', "<p '", '<div>', ' a="b"', '<p/']) {
      const start = process.cpuUsage().user;
      narrativeIssue({ div: `<div ${ns}>${part.repeat(100_000)}` });
      expect(process.cpuUsage().user - start).toBeLessThan(2_000_000); // microseconds
    }
  });
});
