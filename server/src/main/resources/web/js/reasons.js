// The reasons for an item as numbers: what adds up to its score.
import { nameOf } from './covers.js';
import { h, number, percent, plain } from './dom.js';
import { card } from './state.js';

/** Whether there is anything to break down. */
export const hasNumbers = (explanation) => Boolean(explanation?.reasons?.length || explanation?.against?.length);

/** The score as a sum: a bar for each part with its share, and what speaks against it under a head of its own. Where the score is a predicted
 * rating, what of it lies beyond the scale is a part, too. */
export function breakdown(explanation, name, rating) {
  if (!explanation) {
    return [h('p', { class: 'muted' }, 'There is nothing to show.')];
  }
  const rowOf = (reason) => ({
    label: reason.title?.trim() || reason.item || (reason.column ? `${reason.column}: ${reason.feature}` : (reason.user ?? reason.label)),
    detail: detail(reason),
    part: reason.contribution,
    share: reason.share,
  });
  const rows = (explanation.reasons ?? []).map(rowOf);
  const against = (explanation.against ?? []).map(rowOf);
  const { score } = explanation;
  const rest = (explanation.rest ?? 0) - against.reduce((sum, row) => sum + row.part, 0);
  if (Math.abs(rest) > 0.0005 * Math.abs(score)) {
    const label = { users: 'All other similar people', features: 'All other shared features' }[explanation.kind] ?? 'Everything else';
    rows.push({ label, part: rest, share: score ? rest / score : undefined, quiet: true });
  }
  if (explanation.base) {
    rows.push({ label: 'Before looking at the history', part: explanation.base, share: explanation.baseShare, quiet: true });
  }
  const beyond = rating === undefined ? 0 : rating - explanation.score;
  if (Math.abs(beyond) >= 0.005) {
    rows.push({ label: 'Beyond the scale', part: beyond, share: explanation.score ? beyond / explanation.score : undefined, quiet: true });
  }
  const largest = Math.max(...[...rows, ...against].filter((row) => !row.quiet).map((row) => Math.abs(row.part)), 1e-12);
  const line = (row) =>
    h(
      'tr',
      { class: row.quiet ? 'quiet' : null },
      h('th', { scope: 'row' }, row.label, row.detail ? h('small', {}, row.detail) : null, row.quiet ? null : h('span', { class: row.part < 0 ? 'bar minus' : 'bar', '--part': `${(100 * Math.abs(row.part)) / largest}%` })),
      h('td', { class: 'share' }, percent(row.share)),
      h('td', {}, number(row.part)),
    );
  return [
    h(
      'table',
      { class: 'breakdown' },
      h('caption', {}, captionOf(name, rating), ` ${number(rating ?? explanation.score)}, the sum of`),
      h('thead', { class: 'hidden-text' }, h('tr', {}, ['Part', 'Share', 'Contribution'].map((text) => h('th', { scope: 'col' }, text)))),
      h('tbody', {}, rows.map(line)),
      against.length ? h('tbody', { class: 'against' }, h('tr', {}, h('th', { scope: 'rowgroup', colspan: 3 }, 'What speaks against it')), against.map(line)) : null,
    ),
  ];
}

function captionOf(name, rating) {
  const what = rating === undefined ? 'score' : 'predicted rating';
  return name ? `${name}: ${what}` : what[0].toUpperCase() + what.slice(1);
}

function detail(reason) {
  const parts = [];
  if (reason.item && card().data.ratings && reason.value !== undefined) {
    parts.push(`rated ${plain(reason.value)}`);
  }
  if (reason.label && card().data.ratings && reason.value !== undefined) {
    parts.push(`gave it ${plain(reason.value)}`);
  }
  if (reason.similarity !== undefined) {
    parts.push(`similarity ${number(reason.similarity)}`);
  }
  if (reason.shared?.length) {
    parts.push(`also did ${reason.shared.map(nameOf).join(', ')}`);
  }
  return parts.join(' · ');
}
