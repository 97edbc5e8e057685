// The whole of it: a trust tells of a review that it does not show, the officer finds it and asks, the trust sends the review's
// record and replies, and the audit, woken by what came in, closes the finding. Nobody closes it by hand.
const on = (field, [day, month, year]) => ({ [`${field}-day`]: day, [`${field}-month`]: month, [`${field}-year`]: year })
const held_on = ['3', '11', '2026'], in_words = '3 November 2026'

/** Until the audit has judged what came in: seconds at most, beside others at work on the machine. */
async function until(visitor, path, shown) {
  for (const began = Date.now(); Date.now() - began < 60_000;) {
    await visitor.visit(path)
    if (await shown().count() > 0) return true
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return false
}

/** A form, read over before it is sent where it has no file; the number of its record. */
async function send(provider, kind, part, fields) {
  await provider.visit(`/forms/${kind}`)
  for (const summary of [part, /^Who did it/]) await provider.page.locator('main summary', { hasText: summary }).click()
  const record = await provider.page.locator('[name="@id"]').inputValue()
  const over = await provider.page.getByRole('button', { name: 'Continue' }).count() > 0
  await provider.send({ agreement: 'S75-DPT', ...fields }, over ? 'Continue' : 'Send')
  if (over) await provider.send({}, 'Send')
  return record
}

export async function walk({ as, look, expect, wanted }) {
  if (!wanted('contract-monitoring-officer') || !wanted('provider-manager')) return
  const provider = await as('provider-manager'), officer = await as('contract-monitoring-officer')
  await provider.visit('/forms/review')
  const person = { 'known:person': await provider.page.locator('select[name="known:person"] option').nth(1).getAttribute('value') }
  const review = await send(provider, 'review', 'Evidence', { ...person, type: 'plan', ...on('completed', held_on), outcome: 'No change.',
    'evidence.1/item': 'review-record', 'evidence.1/state': 'not-supplied' })
  // The officer finds it from the trust's own page.
  await officer.visit('/providers')
  await officer.page.locator('main a', { hasText: 'Demonstration Partnership NHS Trust' }).first().click()
  const findings = await officer.page.locator('main a[href^="/findings?"]').first().getAttribute('href')
  const rows = () => officer.page.locator('main tbody tr', { hasText: `the review of ${in_words}` })
  const listed = `${findings}&rule=deleg.guidance.evidence&sort=newest`
  expect(await until(officer, listed, rows), 'a review without evidence is not found')
  await look(officer, 'unevidenced review found')
  await rows().locator('a[href^="/findings/"]').first().click()
  const finding = new URL(officer.page.url()).pathname
  await look(officer, 'unevidenced review')
  await officer.page.locator('main a', { hasText: 'Ask for evidence' }).click()
  await officer.send({ text: 'The record of the review.', ...on('until', ['31', '12', '2099']) }, 'Ask')
  await provider.visit('/to-do?what=request')
  await provider.page.locator('main tbody tr', { hasText: 'The record of the review.' }).locator('a').last().click()
  const request = new URL(provider.page.url()).pathname
  await send(provider, 'document', 'Offered', { ...person, is: 'review-record', ...on('created', held_on), 'offered.1/record': review,
    'offered.1/as': 'review-record', 'offered.1/covers': 'needs' })
  const receipt = await provider.page.locator('main dd').first().innerText()
  await look(provider, 'the record of the review is sent')
  await provider.visit(request)
  const submission = await provider.page.locator('select[name=submission] option', { hasText: receipt }).getAttribute('value')
  await provider.send({ words: 'Here is the record of the review.', submission }, 'Reply')
  await look(provider, 'replied with evidence')
  const closed = () => officer.page.locator('main .moj-timeline__item', { hasText: 'Met' })
  expect(await until(officer, finding, closed), 'the finding does not close on the evidence')
  expect(await officer.page.getByText('nobody closes a finding by hand').count() === 1, 'a closed finding does not say that records closed it')
  await look(officer, 'finding closed by evidence')
  await officer.send({ purpose: 'monitoring' }, 'Open the record')
  const counts = officer.page.locator('main tbody tr', { hasText: 'review record' }).filter({ hasText: 'Yes' })
  expect(await counts.count() === 1, 'a closed finding does not show the evidence that closed it')
  await look(officer, 'what closed the finding')
  await officer.visit(listed)
  expect(await rows().count() === 0, 'a closed finding is still listed')
}
