/** Names of HTML 4 for the characters U+00A0 to U+00FF, which XHTML of a Narrative may use (FHIR R4 §2.4.0). */
const names = [
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr',
  'deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest',
  'Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml',
  'ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig',
  'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml',
  'eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml',
].flatMap((line) => line.split(' '));

/** By name, with the few beyond Latin-1 that French texts use. */
export const latinEntities: Readonly<Record<string, string>> = {
  ...Object.fromEntries(names.map((name, index) => [name, String.fromCodePoint(0xa0 + index)])),
  ...{ OElig: 'Œ', oelig: 'œ', Yuml: 'Ÿ', euro: '€', hellip: '…', ndash: '–', mdash: '—' },
  ...{ lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bull: '•', thinsp: '\u2009', le: '≤', ge: '≥' },
};
