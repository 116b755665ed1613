/** Which sheet of a workbook holds the list, and why a workbook cannot be read. */
import type { Issue } from '../fhir/issue.ts';
import { doubt, fault } from './table.ts';
import type { Sheet, Workbook } from './workbook.ts';
import { XmlFault } from './xml.ts';
import { ZipFault } from './zip.ts';

/** `sheet`: which one; may be left out when only one is visible. `headerRow`: the row that names the columns, from 1. */
export type SheetChoice = { sheet?: string; headerRow?: number };

/** No sheet, and the faults, when the archive is no workbook or it is not clear which one is meant. */
export function chooseSheet(
  workbook: Workbook | undefined,
  file: string,
  wanted: string | undefined,
): { sheet?: Sheet; issues: Issue[] } {
  if (!workbook) return { issues: [whole(file, noWorkbook)] };
  const macros = workbook.macros ? [note(file, 'Les macros du classeur ne sont ni lues ni exécutées.')] : [];
  const { sheet, issues } = sheetOf(workbook.sheets, file, wanted);
  return sheet ? { sheet, issues: [...macros, ...issues] } : { issues };
}

const noWorkbook = 'Ce n’est pas un classeur .xlsx : enregistrez la liste en .xlsx ou en CSV.';

function sheetOf(
  sheets: readonly Sheet[],
  file: string,
  wanted: string | undefined,
): { sheet?: Sheet; issues: Issue[] } {
  const names = sheets.map(({ name }) => `« ${name} »`).join(', ');
  if (wanted !== undefined) {
    const sheet = sheets.find(({ name }) => name === wanted);
    if (!sheet)
      return {
        issues: [whole(file, `La feuille « ${wanted} » n’est pas dans le classeur. Feuilles : ${names}.`)],
      };
    const hidden = doubt(
      { file, line: 1, column: 1 },
      `La feuille « ${wanted} » est masquée : est-ce bien elle ?`,
      'hidden',
    );
    return { sheet, issues: sheet.hidden ? [hidden] : [] };
  }
  const visible = sheets.filter(({ hidden }) => !hidden);
  if (visible.length === 1) return { sheet: visible[0]!, issues: [] };
  const message = `Le classeur a ${visible.length} feuilles (${names}) : dites laquelle par « feuille: ».`;
  return { issues: [whole(file, message)] };
}

const damaged = 'Classeur abîmé : ouvrez-le dans un tableur et enregistrez-le de nouveau en .xlsx.';

/** What to tell who keeps a workbook that cannot be read. Throws what is not the workbook's fault. */
export function workbookFault(error: unknown, file: string): Issue {
  return whole(file, whyNot(error));
}

/** A sheet that the workbook names and has not. */
export function missingPart(file: string): Issue {
  return whole(file, damaged);
}

function whyNot(error: unknown): string {
  if (error instanceof XmlFault) return damaged;
  if (!(error instanceof ZipFault)) throw error;
  if (error.reason === 'encrypted')
    return 'Classeur protégé par un mot de passe : enregistrez-le sans mot de passe.';
  if (error.reason === 'damaged') return damaged;
  return 'Le classeur, une fois décompressé, est trop grand : copiez la liste seule dans un nouveau classeur.';
}

function whole(file: string, message: string): Issue {
  return fault({ file, line: 1, column: 1 }, 'structure', message);
}

function note(file: string, message: string): Issue {
  return { severity: 'information', code: 'informational', message, source: { file, line: 1, column: 1 } };
}
