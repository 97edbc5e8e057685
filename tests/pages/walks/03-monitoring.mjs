// A monitoring officer asks for evidence, draws a sample and drafts a plan; the provider is told and replies.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The sample again, by the words on its page: the command there, beside the file of the population. */
async function redrawn(officer) {
  const folder = mkdtempSync(join(tmpdir(), 'answerable-sample-'))
  const population = await officer.page.request.get(await officer.page.getByRole('link', { name: 'The population as CSV' }).getAttribute('href'))
  writeFileSync(join(folder, 'population.csv'), await population.text())
  const drawn = execFileSync('sh', ['-c', await officer.page.locator('pre').innerText()], { cwd: folder, encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  return drawn.trim().split('\n').map((line) => line.split(' ')[1])
}

export async function walk({ as, look, expect, wanted }) {
  if (!wanted('contract-monitoring-officer')) return
  const officer = await as('contract-monitoring-officer')
  const act = async (words) => {
    await officer.visit('/findings')
    const trust = await officer.page.locator('select[name=provider] option', { hasText: 'Trust' }).first().getAttribute('value')
    await officer.visit(`/findings?provider=${encodeURIComponent(trust)}`)
    await officer.page.locator('input[type=checkbox][name=finding]').first().check()
    await officer.page.getByRole('button', { name: words }).first().click()
  }
  await act('Ask for evidence')
  await look(officer, 'ask for evidence')
  await officer.page.locator('main form button').first().click()
  expect(await officer.page.locator('.govuk-error-summary').count() === 1, 'asking without words is not refused')
  await look(officer, 'ask for evidence refused')
  await officer.page.fill('[name=text]', 'The record of the review.')
  for (const [part, value] of [['day', '31'], ['month', '12'], ['year', '2099']]) await officer.page.fill(`[name=until-${part}]`, value)
  await officer.page.locator('main form button').first().click()
  await look(officer, 'evidence asked for')
  await act('Draft an action plan')
  await officer.page.fill('[name=text]', 'Reviews on time')
  await officer.page.locator('main form button').first().click()
  await look(officer, 'plan drafted')
  expect(await officer.page.getByRole('button', { name: 'Send the plan' }).count() === 0, 'a plan can be sent before its issue has an action')
  await officer.page.fill('[name=what]', 'Send the reports of the last year')
  for (const [part, value] of [['day', '31'], ['month', '12'], ['year', '2099']]) await officer.page.fill(`main form [name$="-${part}"]`, value)
  await officer.send({}, 'Add the action')
  await officer.send({}, 'Send the plan')
  await look(officer, 'plan sent')
  await officer.visit('/samples')
  const agreement = await officer.page.locator('select[name=agreement] option').nth(1).getAttribute('value')
  await officer.send({ agreement, size: '3', seed: "it's made up" }, 'Draw')
  await look(officer, 'sample drawn')
  const cases = await officer.page.locator('main table tbody th').allInnerTexts()
  expect(cases.length === 3 && String(await redrawn(officer)) === String(cases), 'the sample is not the one that its seed draws')
  // Set aside by two people, and opened again by one of them.
  await act('Ask to set aside')
  await officer.page.fill('[name=text]', 'Entered twice')
  await officer.page.locator('main form button').first().click()
  const aside = new URL(officer.page.url()).pathname
  await look(officer, 'set aside asked for')
  if (wanted('guardian')) {
    const guardian = await as('guardian')
    await guardian.visit('/approvals')
    await look(guardian, 'approval to decide')
    await guardian.page.getByRole('button', { name: /^Approve/ }).first().click()
    await officer.visit(aside)
    await look(officer, 'finding set aside')
    await officer.page.getByRole('button', { name: 'Open again' }).click()
    await officer.send({ text: 'It was not entered twice.' }, 'Open again')
    expect(await officer.page.getByText('It was not entered twice.').count() > 0, 'a finding opened again does not say why')
  }
  if (!wanted('provider-manager')) return
  const provider = await as('provider-manager')
  await provider.visit('/to-do')
  await look(provider, 'to do')
  await provider.send({ what: 'request' }, 'Show these')
  await provider.page.locator('main a[href^="/to-do/"]').first().click()
  await provider.send({ words: 'It is in the file sent today.' }, 'Reply')
  await look(provider, 'replied')
  await officer.visit('/requests')
  await look(officer, 'requests with a reply')
}
