// A complaint is worked on and put on record, a part of it asked of the trust; a reader of the case asks for evidence.
const today = new Date()
const day = (id, date) => ({ [`${id}-day`]: String(date.getDate()), [`${id}-month`]: String(date.getMonth() + 1), [`${id}-year`]: String(date.getFullYear()) })
const complaint = 'C-00001'

export async function walk({ as, look, expect, wanted }) {
  if (!wanted('complaints-officer')) return
  const officer = await as('complaints-officer')
  await officer.visit('/complaints-register')
  await officer.send({}, 'Put on the register')
  expect(await officer.page.locator('.govuk-error-summary').count() === 1, 'an empty complaint is not refused')
  await look(officer, 'register refused')
  await officer.send({ reference: 'WALK-1', person: '999 000 0018', from: 'carer', concerns: 'council-function', head: 'Nobody came.', ...day('on', today) },
    'Put on the register')
  await look(officer, 'registered')
  await officer.visit(`/complaints/${complaint}`)
  const opening = officer.page.getByRole('button', { name: /^Open the record/ })
  if (await opening.count()) {
    await look(officer, 'complaint not open')
    await opening.click()
  }
  await officer.send({ words: 'The help stopped and nobody said why.' }, 'Add head')
  await officer.page.getByText('Change head 1').click()
  await look(officer, 'complaint with a head')
  await officer.page.getByText('Ask another body').click()
  // A body that the person's records name; of this complaint there may be none but the council.
  if (await officer.page.locator('select[name=body] option').count() > 1) {
    await officer.page.locator('select[name=body]').selectOption({ index: 1 })
    for (const [name, value] of Object.entries({ 'due-day': '31', 'due-month': '12', 'due-year': '2099' })) await officer.page.fill(`[name=${name}]`, value)
    await officer.page.fill('#part-words', 'Why did it stop?')
    await officer.page.getByRole('button', { name: 'Ask', exact: true }).click()
    await look(officer, 'complaint with a part')
  }
  await officer.visit(`/complaints/${complaint}/record?what=acknowledged`)
  await officer.send({}, 'Put on record')
  await look(officer, 'record refused')
  await officer.visit(`/complaints/${complaint}/bundle`)
  await officer.send({ why: 'For the ombudsman' }, 'Ask for a bundle')
  await look(officer, 'bundle asked for')
  await officer.visit('/search')
  await officer.send({ words: 'a' }, 'Search')
  await look(officer, 'search refused')
  await officer.send({ words: complaint }, 'Search')
  await look(officer, 'search found')
  if (wanted('outside-reader')) {
    const reader = await as('outside-reader')
    await reader.visit('/evidence')
    await reader.send({ words: 'The notes of the review.' }, 'Ask')
    await look(reader, 'evidence asked for')
    await officer.visit(`/complaints/${complaint}`)
    await look(officer, 'complaint with evidence asked for')
  }
  if (wanted('guardian')) {
    const guardian = await as('guardian')
    await guardian.visit('/assignments')
    await guardian.send({}, 'Assign complaint')
    expect(await guardian.page.locator('.govuk-error-summary').count() === 1, 'assigning nothing is not refused')
    await look(guardian, 'assignments refused')
  }
}
