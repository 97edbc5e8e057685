// The council's name and colour.
export async function walk({ as, look, expect, wanted }) {
  if (!wanted('administrator')) return
  const administrator = await as('administrator')
  await administrator.visit('/look')
  await administrator.send({ colour: 'ffdd00' }, 'Save')
  expect(await administrator.page.locator('#colour-error').count() === 1, 'a pale colour is not refused beside its field')
  await look(administrator, 'name and colour refused')
  await administrator.send({ name: 'Demonstration Council', colour: '003078' }, 'Save')
  await look(administrator, 'name and colour changed')
}
